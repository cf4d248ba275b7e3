import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyRawSignature, verifySignature } from '../../src/crypto/x509/algorithms.ts';
import { parseX509Certificate } from '../../src/crypto/x509/certificate.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { openCertificateFile } from '../../src/web/assets/certificate-file/open.ts';
import type { CertificateFileError, OpenedCertificateFile } from '../../src/web/assets/certificate-file/opened.ts';
import { identityOf, openPersons, type Persons } from './support/persons.ts';

const text = new TextEncoder().encode('electronic-locker/login/v1\n…');

describe('the browser’s reading of a .p12', () => {
  let persons: Persons;

  beforeAll(async () => {
    persons = await openPersons();
  });
  afterAll(() => persons.close());

  async function file(id: string): Promise<Uint8Array> {
    return new Uint8Array(await readFile(join(persons.authorities.p12Directory, `${id}.p12`)));
  }

  async function reasonFrom(opening: Promise<unknown>): Promise<string> {
    return opening.then(
      () => 'opened',
      (error: unknown) => (error as CertificateFileError).reason,
    );
  }

  async function isSigned(opened: OpenedCertificateFile): Promise<boolean> {
    const leaf = parseX509Certificate(opened.certificates[0] ?? new Uint8Array());
    if (!leaf.ok) throw new Error('the leaf cannot be read');
    const { kind, spki } = leaf.value.publicKey;
    const signature = await opened.sign(text);
    if (kind === 'rsa') return verifySignature({ algorithm: 'rsa-pkcs1-sha256', spki, data: text, signature });
    const algorithm = kind === 'p384' ? 'ecdsa-p384-sha384' : 'ecdsa-p256-sha256';
    return verifyRawSignature({ algorithm, spki, data: text, signature });
  }

  it.each(['sakura', 'fumi', 'ren'])(
    'opens the file of %s, RSA, P-256 or P-384, and signs with its key',
    async (id) => {
      const opened = await openCertificateFile(await file(id), demoPassword);
      expect(opened.certificates[0]).toEqual(new Uint8Array(identityOf(persons, id).chain[0] ?? []));
      expect(await isSigned(opened)).toBe(true);
    },
  );

  it('tells a wrong password from a file that is none', async () => {
    for (const id of ['sakura', 'fumi']) {
      expect(await reasonFrom(openCertificateFile(await file(id), 'wrong'))).toBe('password');
      const whole = await file(id);
      expect(await reasonFrom(openCertificateFile(whole.slice(0, 700), demoPassword))).toBe('file');
    }
    const garbage = new TextEncoder().encode('no certificate at all');
    expect(await reasonFrom(openCertificateFile(garbage, demoPassword))).toBe('file');
  });
});
