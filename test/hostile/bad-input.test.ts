import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCredentialFolder, nonce } from '../cli/support/credential-folder.ts';
import { makeSealedFolder } from '../cli/support/sealed-folder.ts';
import { changed, replaced } from '../crypto/pdf/support/contract.ts';
import { audience } from '../crypto/support/credentials.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from '../demo/temporary-authorities.ts';
import { stream } from '../records/pdf-maker.ts';
import { type MeteredRun, verifyMetered } from './support/metered-verify.ts';

const mebibyte = 1024 * 1024;

/** What docs/bad-input.md lists, as files that somebody hands over: each with its own verdict, none of them good, none of them dear. */
describe('bad input', { timeout: 90_000 }, () => {
  let temporary: TemporaryAuthorities;
  let sealed: string;
  let credentials: string;
  let baseline: MeteredRun;

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    [sealed, credentials] = [await makeSealedFolder(temporary, 'juniorHigh'), await makeCredentialFolder()];
    baseline = await verifyMetered(sealed, 'signed.pdf');
    expect(baseline.exit).toBe(0);
    expect((await verifyMetered(credentials, 'good.sd-jwt', '--status-list', 'list.jwt')).exit).toBe(0);
  }, 120_000);
  afterAll(() => temporary.remove());

  async function judged(folder: string, name: string, ...more: string[]): Promise<readonly string[]> {
    const ran = await verifyMetered(folder, name, ...more);
    const { length } = await readFile(join(folder, name));
    expect([1, 3]).toContain(ran.exit);
    expect(ran.usedBytes).toBeLessThan(baseline.usedBytes + 3 * length + 64 * mebibyte);
    expect(ran.usedCpuMs).toBeLessThan(baseline.usedCpuMs + 2_000);
    return ran.complaints;
  }

  const pdfs: readonly (readonly [string, (signed: Buffer) => Promise<Buffer> | Buffer, readonly string[]])[] = [
    [
      'a gap in the byte range',
      (signed) => {
        const range = /ByteRange \[[^\]]*\] */.exec(signed.toString('latin1'))?.[0] ?? '';
        const [, hole = 0, behind = 0, length = 0] = range.match(/\d+/g)?.map(Number) ?? [];
        return replaced(signed, range, `ByteRange [0 ${hole} ${behind + 40} ${length - 40}]`);
      },
      ['innerSignature.invalid range-other-hole'],
    ],
    [
      'another page put over the signed one',
      (signed) => changed(signed, { [numberOf(signed, 'Page')]: '<< /Type /Page /MediaBox [0 0 10 10] >>' }),
      ['changes.invalid page-changed'],
    ],
    [
      'pages that go round in a circle, added after signing',
      (signed) => {
        const number = numberOf(signed, 'Pages');
        return changed(signed, { [number]: `<< /Type /Pages /Kids [${number} 0 R] /Count 1 >>` });
      },
      ['changes.invalid object-changed'],
    ],
    [
      'a broken object stream, added after signing',
      (signed) => changed(signed, { 90: stream('/Type /ObjStm /N 9 /First 4000 /Filter /FlateDecode', 'no deflate') }),
      ['structure.invalid pdf-damaged'],
    ],
  ];

  it.each(pdfs)('a signed PDF with %s', async (_name, spoil, expected) => {
    await writeFile(join(sealed, 'bad.pdf'), await spoil(await readFile(join(sealed, 'signed.pdf'))));
    expect(await judged(sealed, 'bad.pdf')).toEqual(expected);
  });

  it.each([
    ['none.sd-jwt', 'signature.invalid'],
    ['added.sd-jwt', 'signature.invalid disclosure-unreferenced'],
    ['repeated.sd-jwt', 'signature.invalid disclosure-repeated'],
    ['padded.sd-jwt', 'signature.invalid disclosure-malformed'],
    ['changed.sd-jwt', 'signature.invalid'],
    ['foreign.sd-jwt', 'issuer.invalid'],
    ['expired.sd-jwt', 'expiry.invalid credential-expired'],
  ])('a credential: %s', async (name, expected) => {
    const [first = ''] = await judged(credentials, name, '--status-list', 'list.jwt');
    expect(first).toContain(expected);
  });

  it.each([
    ['revoking.jwt', 'status.invalid status-revoked'],
    ['foreign.jwt', 'status.notChecked list-issuer-unknownRoot'],
    ['bomb.jwt', 'status.notChecked list-malformed'],
    ['cut.jwt', 'status.notChecked list-signature-invalid'],
  ])('a credential with a status list: %s', async (list, expected) => {
    const whole = await readFile(join(credentials, 'list.jwt'), 'utf8');
    // Cut where its signature can still be read as one.
    await writeFile(
      join(credentials, 'cut.jwt'),
      whole.replace(/\.([\w-]+)\./, (_, body: string) => `.${body.slice(0, -400)}.`),
    );
    expect(await judged(credentials, 'good.sd-jwt', '--status-list', list)).toEqual([expected]);
  });

  it('a presentation for somebody else, or with another number', async () => {
    const list = ['--status-list', 'list.jwt', '--audience'];
    const shown = 'shown.sd-jwt';
    expect(await judged(credentials, shown, ...list, 'https://other.example', '--nonce', nonce)).toEqual([
      'holder.invalid holder-audience-mismatch',
    ]);
    expect(await judged(credentials, shown, ...list, audience, '--nonce', 'another')).toEqual([
      'holder.invalid holder-nonce-mismatch',
    ]);
  });

  it('the code of another paper is no code of this one', async () => {
    const code = await readFile(join(sealed, 'code.txt'), 'utf8');
    const other = code.replace(
      /#([^.]+)\.([\w-]+)\./,
      (_, head: string, body: string) => `#${head}.${body.slice(0, -4)}AAAA.`,
    );
    await writeFile(join(sealed, 'other-code.txt'), other);
    const [first = ''] = await judged(sealed, 'other-code.txt', '--seal', 'seal.pem');
    expect(first).toBe('signature.invalid signature-invalid');
  });
});

/** Of the first object of this type. */
function numberOf(file: Buffer, type: string): number {
  const text = file.toString('latin1');
  const at = text.search(new RegExp(`/Type /${type}\\s`));
  return Number(/(\d+) 0 obj(?![^]* 0 obj)/.exec(text.slice(0, at))?.[1]);
}
