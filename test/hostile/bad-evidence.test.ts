import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSealedFolder } from '../cli/support/sealed-folder.ts';
import { makeContract } from '../crypto/pdf/support/contract.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from '../demo/temporary-authorities.ts';
import { makePdf, onePage } from '../records/pdf-maker.ts';
import { verifyMetered } from './support/metered-verify.ts';

const mebibyte = 1024 * 1024;
/** What somebody may be given to verify who only wanted to know whether it is true: each as a process of its own. */
describe('evidence made to hurt whoever verifies it', { timeout: 120_000 }, () => {
  let temporary: TemporaryAuthorities;
  let folder: string;
  let baseline: number;

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    folder = await makeSealedFolder(temporary, 'juniorHigh');
    const good = await verifyMetered(folder, 'receipts/SubmissionAcceptance.jws.json');
    expect(good.exit).toBe(0);
    baseline = good.usedBytes;
  });
  afterAll(() => temporary.remove());

  const zeros = (bytes: number) => deflateSync(new Uint8Array(bytes), { level: 9 });
  const token = (header: object, payload: object) =>
    `${[header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${'A'.repeat(86)}`;
  const credential = { alg: 'ES256', typ: 'dc+sd-jwt', x5c: [] };

  const inputs: readonly (readonly [name: string, make: () => Promise<Uint8Array> | Uint8Array])[] = [
    ['a PDF whose page goes on for ever when it is unpacked', () => bombInPdf(zeros(256 * mebibyte))],
    [
      'a PDF nested a hundred thousand times',
      () => makePdf({ ...onePage, 9: '['.repeat(100_000) + ']'.repeat(100_000) }),
    ],
    ['a PDF with pages in a circle', () => makePdf({ ...onePage, 2: '<< /Type /Pages /Kids [2 0 R] /Count 1 >>' })],
    ['a PDF cut in the middle', () => Buffer.from(makeContract()).subarray(0, 400)],
    ['a PDF that is nothing but its beginning', () => Buffer.from('%PDF-1.7\n')],
    [
      'a container that is a bomb',
      () =>
        zipSync({
          mimetype: Buffer.from('application/vnd.etsi.asic-e+zip'),
          'records/a.bin': [new Uint8Array(200 * mebibyte), { level: 1 }],
        }),
    ],
    ['a container with a name that climbs out', () => zipSync({ '../../etc/passwd': Buffer.from('x') })],
    [
      'a container of a thousand containers',
      () =>
        zipSync(
          Object.fromEntries(
            Array.from({ length: 1000 }, (_, at) => [`records/${at}.zip`, zipSync({ a: Buffer.from('a') })]),
          ),
        ),
    ],
    ['a container cut in the middle', async () => (await readFile(join(folder, 'records.asice'))).subarray(0, 5000)],
    ['a manifest of brackets', () => Buffer.from(`{"payload":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
    [
      'a manifest with a name twice',
      async () =>
        Buffer.from((await readFile(join(folder, 'manifest.jws.json'), 'utf8')).replace('{', '{"payload":"AAAA",')),
    ],
    [
      'a credential with fifty thousand disclosures',
      () =>
        Buffer.from(
          `${token(credential, { vct: 'x' })}~${Array.from({ length: 50_000 }, (_, at) => Buffer.from(JSON.stringify([`salt${at}`, 'a', at])).toString('base64url')).join('~')}~`,
        ),
    ],
    [
      'a credential of objects in objects',
      () => Buffer.from(`${token(credential, JSON.parse(`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`) as object)}~`),
    ],
    ['a credential without an algorithm', () => Buffer.from(`${token({ ...credential, alg: 'none' }, { vct: 'x' })}~`)],
    [
      'a log that says it is endless',
      () => Buffer.from(`hikitsugi-log@v1\n${'file checkpoint 99999999999\n'.repeat(10_000)}`),
    ],
    ['ten million spaces', () => Buffer.alloc(10_000_000, ' ')],
  ];

  it.each(inputs)('is never believed, ends by itself and in little memory: %s', async (_name, make) => {
    const bytes = await make();
    // Each in a file of its own: what runs into its timeout writes on while the next one is measured.
    const file = `bad-${crypto.randomUUID()}`;
    await writeFile(join(folder, file), bytes);
    const ran = await verifyMetered(folder, file);
    expect([1, 3]).toContain(ran.exit);
    expect(ran.complaints).not.toEqual([]);
    expect(ran.usedBytes).toBeLessThan(baseline + 3 * bytes.length + 64 * mebibyte);
  });
});

/** The cross references themselves are the bomb. */
function bombInPdf(packed: Uint8Array): Buffer {
  const head = `%PDF-1.7\n1 0 obj\n<< /Type /XRef /Size 9 /W [1 4 2] /Root 2 0 R /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head), packed, Buffer.from('\nendstream\nendobj\nstartxref\n9\n%%EOF\n')]);
}
