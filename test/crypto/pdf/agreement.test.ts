import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { derToPem } from '../../../src/crypto/x509/pem.ts';
import { stream } from '../../records/pdf-maker.ts';
import { hasTool, runTool } from '../support/tools.ts';
import { createTestWorld, type TestWorld } from '../support/trust.ts';
import { changed, makeContract, replaced, signAs } from './support/contract.ts';
import { hasJava, runJava } from './support/other-programs.ts';
import { makeDocument } from './support/signed-pdf.ts';
import { linesOf, looksGood, trustOf, verified } from './support/verified.ts';

/** Our verdict beside those of other people's programs, on good files and forged ones; skipped where a program is absent. */
const withJava = describe.skipIf(!hasJava());
const withPdfsig = describe.skipIf(!hasTool('pdfsig', '-v'));
const withMutool = describe.skipIf(!hasTool('mutool', '-v'));
const withOpenssl = describe.skipIf(!hasTool('openssl', 'version'));

const names = ['good', 'content', 'value', 'later', 'gap'] as const;
let world: TestWorld;
let roots = '';
const files: Partial<Record<(typeof names)[number], Buffer>> = {};
beforeAll(async () => {
  world = await createTestWorld();
  roots = derToPem(world.seal.root, 'CERTIFICATE') + derToPem(world.time.root, 'CERTIFICATE');
  const good = await signAs(world, makeContract());
  const range = /ByteRange \[0 (\d+) (\d+) (\d+)\] */.exec(good.toString('latin1'));
  const [whole = '', first, second, length] = range ?? [];
  files.good = good;
  files.content = replaced(good, '100 yen', '900 yen');
  files.value = replaced(good, '/Contents <30', '/Contents <31');
  files.later = await changed(good, { 4: stream('', 'BT /F 12 Tf 20 200 Td (You get 1 yen) Tj ET') });
  files.gap = replaced(good, whole, `ByteRange [0 ${first} ${Number(second) + 2} ${Number(length) - 2}]`);
});

function fileOf(name: (typeof names)[number]): Buffer {
  const file = files[name];
  if (file === undefined) throw new Error(`no file ${name}`);
  return file;
}

describe('our own verdict', () => {
  it('is that the good file is good, and no other', async () => {
    const said = await Promise.all(
      names.map(async (name) => [name, looksGood(await verified(fileOf(name), trustOf(world)))]),
    );
    expect(said).toEqual(names.map((name) => [name, name === 'good']));
  });
});

withPdfsig('Poppler', () => {
  // It looks neither at what came later nor at what the byte range leaves out.
  it.each([
    ['good', 'Signature is Valid.', 'Total document signed'],
    ['content', 'Digest Mismatch.', 'Total document signed'],
    ['later', 'Signature is Valid.', 'Not total document signed'],
  ] as const)('says of the file "%s": %s %s', (name, validity, extent) => {
    const said = runTool('pdfsig', ['f.pdf'], { 'f.pdf': fileOf(name) }).output;
    expect(said).toContain(validity);
    expect(said).toContain(extent);
  });
});

withMutool('MuPDF', () => {
  it.each([
    ['good', 'The document is unchanged since signing.'],
    ['content', 'Signature invalidated by change to document.'],
    ['later', 'there have been edits since signing'],
  ] as const)('says of the file "%s": %s', (name, words) => {
    expect(runTool('mutool', ['sign', '-v', 'f.pdf'], { 'f.pdf': fileOf(name) }).output).toContain(words);
  });
});

withJava('PDFBox and BouncyCastle', () => {
  it('find the good file good, and refuse what was changed in it', () => {
    const source = readFileSync(new URL('./support/CheckPades.java', import.meta.url));
    const given = {
      'CheckPades.java': source,
      'roots.pem': roots,
      'good.pdf': fileOf('good'),
      'content.pdf': fileOf('content'),
    };
    const said = runJava(['CheckPades.java', 'roots.pem', 'good.pdf', 'content.pdf'], given).output;
    expect(said).toContain('good.pdf ETSI.CAdES.detached whole signature ess stamp path');
    expect(said).toContain('does not match calculated value');
  }, 120_000);

  it('sign twice, and both signatures are good here', async () => {
    const leaf = await world.seal.issue({ algorithm: 'ES256' });
    const given = {
      'SignPades.java': readFileSync(new URL('./support/SignPades.java', import.meta.url)),
      'key.der': leaf.privateKey,
      'chain.pem': leaf.signer.chain.map((der) => derToPem(der, 'CERTIFICATE')).join(''),
      'plain.pdf': await makeDocument('stream'),
    };
    const signed = runJava(['SignPades.java', 'plain.pdf', '2', 'key.der', 'chain.pem'], given).stdout;
    const rest = 'trusted | good | absent | B-B';
    expect(linesOf(await verified(signed, trustOf(world, { revocation: world.revocation })))).toEqual([
      `Signature1 signature | valid | revision | allowed signature | ${rest}`,
      `Signature2 signature | valid | file | none | ${rest}`,
    ]);
  }, 120_000);
});

withOpenssl('OpenSSL', () => {
  it('signs the byte range, and that is good here; without the binding to its certificate it is not', async () => {
    const leaf = await world.seal.issue({ algorithm: 'RS256' });
    const command =
      'cms -sign -binary -in x.dat -signer leaf.pem -inkey key.pem -certfile issuing.pem -outform DER -md sha256 -nosmimecap';
    const cmsBy = (more: readonly string[]) => (_: Uint8Array, signed: Uint8Array) => {
      const given = {
        'x.dat': signed,
        'leaf.pem': derToPem(leaf.certificate, 'CERTIFICATE'),
        'key.pem': derToPem(leaf.privateKey, 'PRIVATE KEY'),
        'issuing.pem': derToPem(world.seal.issuing, 'CERTIFICATE'),
      };
      return Promise.resolve(runTool('openssl', [...command.split(' '), ...more], given).stdout);
    };
    const trust = trustOf(world, { revocation: world.revocation });
    const lines = async (more: readonly string[], head?: string) =>
      linesOf(await verified(await signAs(world, makeContract(), { cms: cmsBy(more), ...(head && { head }) }), trust));
    const rest = 'file | none | trusted | good | absent';
    expect(await lines(['-cades'])).toEqual([`Second signature | valid | ${rest} | B-B`]);
    expect(await lines([])).toEqual([`Second signature | invalid ess-missing | ${rest} | none`]);
    expect(await lines([], '/Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached')).toEqual([
      `Second signature | valid | ${rest} | none`,
    ]);
  }, 60_000);
});
