import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportLines } from '../../src/cli/report-lines.ts';
import { systemClock } from '../../src/clock.ts';
import { publishTrustList } from '../../src/demo/signed-trust.node.ts';
import { changed, replaced } from '../crypto/pdf/support/contract.ts';
import { makeDocument } from '../crypto/pdf/support/signed-pdf.ts';
import { type TemporaryAuthorities, temporaryAuthorities } from '../demo/temporary-authorities.ts';
import { writeRenewals, writeWitnessed } from './support/beside-receipt.ts';
import { hikitsugi, type Ran } from './support/command-line.ts';
import { makeSealedFolder, swapDocument } from './support/sealed-folder.ts';

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000);

describe('hikitsugi verify', () => {
  let temporary: TemporaryAuthorities;
  let folder: string;

  beforeAll(async () => {
    temporary = await temporaryAuthorities();
    folder = await makeSealedFolder(temporary, 'juniorHigh');
  });
  afterAll(() => temporary.remove());

  const at = (name: string) => join(folder, name);
  const verify = (name: string, ...more: string[]) =>
    hikitsugi(['verify', at(name), '--trust', at('trust'), '--crl', at('crl'), '--json', ...more]);

  it.each(['records.asice', 'health.asice', 'manifest.jws.json', 'receipts/SubmissionAcceptance.jws.json'])(
    'finds all of %s valid and ends with 0',
    async (name) => {
      const ran = await verify(name);
      expect(words(ran).every(([, word]) => word === 'valid')).toBe(true);
      expect(ran.exit).toBe(0);
    },
  );

  it('answers each question of a container by itself', async () => {
    expect(words(await verify('records.asice')).map(([question]) => question)).toEqual([
      'structure',
      'digests',
      'signature',
      'issuer',
      'time',
      'manifest',
    ]);
  });

  it('prints of a receipt who acted, and how strongly they had been authenticated', async () => {
    const args = ['verify', at('receipts/SubmissionAcceptance.jws.json'), '--trust', at('trust'), '--crl', at('crl')];
    expect((await hikitsugi(args)).out).toContain(
      '操作した人: clerk、ログインの強さ: gBizIDメンバー (organisationMember)',
    );
    const facts = { actorRole: 'person', assurance: 'schoolCode' };
    const lines = reportLines({ kind: 'receipt', verdicts: [], facts, remarks: [] }, 'x', 'en');
    expect(lines.join()).toContain(
      'done by: person, strength of the log-in: paper and number from the school (schoolCode)',
    );
    expect((await hikitsugi([...args, '--json'])).out).toMatch(/"assurance": ?"organisationMember"/);
  });

  it('tells a changed document from a broken signature, and ends with 1', async () => {
    await swapDocument(at('records.asice'), at('changed.asice'));
    const ran = await verify('changed.asice');
    expect(ran.exit).toBe(1);
    expect(Object.fromEntries(words(ran))).toMatchObject({ digests: 'invalid', signature: 'valid', issuer: 'valid' });
    expect(ran.out).toContain('file-mismatch:records/02-cumulativeRecordCore.json');
  });

  it('ends with 1 when one byte of the container is another', async () => {
    const bytes = await readFile(at('health.asice'));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(at('spoilt.asice'), bytes);
    expect((await verify('spoilt.asice')).exit).toBe(1);
  });

  it('ends with 1 when the signature is that of another container', async () => {
    const bytes = (await readFile(at('manifest.jws.json'), 'utf8')).replace(/"signature":"..../, '"signature":"AAAA');
    await writeFile(at('forged.jws.json'), bytes);
    const ran = await verify('forged.jws.json');
    expect(ran.exit).toBe(1);
    expect(words(ran)).toEqual([['signature', 'invalid']]);
  });

  it('ends with 1 under a trust list that does not know the authority', async () => {
    const ran = await hikitsugi([
      'verify',
      at('records.asice'),
      '--trust',
      'certs/example',
      '--crl',
      at('crl'),
      '--json',
    ]);
    expect(ran.exit).toBe(1);
    expect(Object.fromEntries(words(ran))).toMatchObject({ digests: 'valid', signature: 'valid', issuer: 'invalid' });
    // Its authority has the same name as ours and another key.
    expect(ran.out).toContain('signature-invalid');
  });

  it('could not check without revocation lists, and ends with 3', async () => {
    const ran = await hikitsugi(['verify', at('records.asice'), '--trust', at('trust'), '--json']);
    expect(ran.exit).toBe(3);
    expect(Object.fromEntries(words(ran))).toMatchObject({
      signature: 'valid',
      issuer: 'notChecked',
      time: 'notChecked',
    });
  });

  it('could not check a receipt with stale lists, and ends with 3', async () => {
    const receipt = at('receipts/SubmissionAcceptance.jws.json');
    const args = ['verify', receipt, '--trust', at('trust'), '--crl', at('crl'), '--json'];
    const ran = await hikitsugi(args, { now: daysFromNow(30) });
    expect(ran.exit).toBe(3);
    expect(ran.out).toContain('crl-expired');
  });

  it('still knows after the lists have run out that a time-stamped seal was good', async () => {
    const args = ['verify', at('records.asice'), '--trust', at('trust'), '--crl', at('crl'), '--json'];
    expect((await hikitsugi(args, { now: daysFromNow(30) })).exit).toBe(0);
  });

  it('ends with 3 when the trust list was changed after it was signed', async () => {
    const other = at('other-trust.json');
    const list = await readFile(at('trust/trust.json'), 'utf8');
    await writeFile(other, list.replace(/"payload": "eyJ/, '"payload": "eyI'));
    await copyFile(at('trust/gateway-evidence.pem'), at('gateway-evidence.pem'));
    const ran = await hikitsugi(['verify', at('records.asice'), '--trust', other, '--crl', at('crl'), '--json']);
    expect(ran).toMatchObject({ exit: 3 });
    expect(ran.out).toContain('trust.refused');
  });

  it('ends with 3 for a file that is not there, or is nothing that it knows', async () => {
    await writeFile(at('note.txt'), 'hello');
    expect((await verify('missing.asice')).exit).toBe(3);
    expect((await verify('note.txt')).exit).toBe(3);
  });

  it('ends with 2 without a trust list, or with a proof for something else', async () => {
    expect((await hikitsugi(['verify', at('records.asice')])).exit).toBe(2);
    expect((await verify('manifest.jws.json', '--proof', at('note.txt'))).exit).toBe(2);
  });

  it('ends with 1 for a renewal record that is none, whatever the file is worth', async () => {
    const ran = await verify('manifest.jws.json', '--renewal', at('trust/trust.json'));
    expect([ran.exit, words(ran).at(-1)]).toEqual([1, ['renewal', 'invalid']]);
    expect(ran.out).toContain('record-malformed');
    expect((await verify('manifest.jws.json', '--renewal', at('missing.json'))).exit).toBe(3);
  });

  it('takes several renewal records, each for the file that it is about', async () => {
    await writeRenewals(folder, temporary.authorities);
    const records = ['--renewal', at('other-renewal.json'), '--renewal', at('renewal.json')];
    const ran = await verify('manifest.jws.json', ...records, at('receipts/SubmissionAcceptance.jws.json'));
    expect(words(ran).filter(([question]) => question === 'renewal')).toEqual([
      ['renewal', 'valid'],
      ['renewal', 'valid'],
    ]);
    const other = await verify('manifest.jws.json', '--renewal', at('other-renewal.json'));
    expect([other.exit, words(other).at(-1)]).toEqual([3, ['renewal', 'notChecked']]);
  });

  describe('with witnesses', () => {
    const receipt = 'receipts/SubmissionAcceptance.jws.json';
    const proof = (name: string) => ['--proof', at(`${name}.tlog-proof`)];
    beforeAll(async () => {
      await writeWitnessed(folder, temporary.authorities);
      await mkdir(at('witnessed'));
    });

    it('counts them by the policy that the reader gave, and says how many there are and have to be', async () => {
      const both = await verify(receipt, ...proof('both'), '--policy', at('policy.txt'));
      expect([both.exit, words(both).slice(-2)]).toEqual([
        0,
        [
          ['inclusion', 'valid'],
          ['witnesses', 'valid'],
        ],
      ]);
      expect(both.out).toContain('2 / 2 (≥ 2): board.example/witness, university.example/witness');
      const one = await verify(receipt, ...proof('one'), '--policy', at('policy.txt'));
      expect([one.exit, words(one).at(-1)]).toEqual([1, ['witnesses', 'invalid']]);
      expect(one.out).toContain('1 / 2 (≥ 2): board.example/witness');
      expect((await verify(receipt, ...proof('one'), '--policy', at('lenient.txt'))).exit).toBe(0);
      expect(words(await verify(receipt, ...proof('one'))).at(-1)).toEqual(['inclusion', 'valid']);
    });

    it('counts them by the policy of the signed trust list, unless the reader has another', async () => {
      await publishTrustList(
        { ...temporary.authorities, trustDirectory: at('witnessed') },
        systemClock,
        at('policy.txt'),
      );
      const by = ['--trust', at('witnessed'), '--crl', at('crl'), '--json'];
      const one = ['verify', at(receipt), ...proof('one'), ...by];
      expect((await hikitsugi(['verify', at(receipt), ...proof('both'), ...by])).exit).toBe(0);
      expect((await hikitsugi(one)).exit).toBe(1);
      expect((await hikitsugi([...one, '--policy', at('lenient.txt')])).exit).toBe(0);
    });
  });

  it('answers for the signature in a PDF question by question, and tells its level', async () => {
    const ran = await verify('signed.pdf');
    expect(words(ran)).toEqual([
      ['structure', 'valid'],
      ['innerSignature', 'valid'],
      ['changes', 'valid'],
      ['issuer', 'valid'],
      ['time', 'valid'],
    ]);
    expect(ran.exit).toBe(0);
    expect(ran.out).toContain('pdf-level:公印 B-T');
    const people = await hikitsugi(['verify', at('signed.pdf'), '--trust', at('trust'), '--crl', at('crl')]);
    expect(people.out).toMatch(/PDFの署名 +有効 +公印/);
    expect(people.out).toContain('PAdESの水準: 公印 B-T');
    const unknown = await hikitsugi(['verify', at('signed.pdf'), '--trust', at('trust'), '--json']);
    expect(Object.fromEntries(words(unknown))).toMatchObject({ innerSignature: 'valid', issuer: 'notChecked' });
    expect(unknown.exit).toBe(3);
  });

  it('U-16 ends with 1 for a signed PDF that was changed, forged or cut', async () => {
    const signed = await readFile(at('signed.pdf'));
    await writeFile(at('later.pdf'), await changed(signed, { 1: '<< /Type /Catalog /Pages 2 0 R >>' }));
    await writeFile(at('forged.pdf'), replaced(signed, '/MediaBox', '/mediaBox'));
    await writeFile(at('cut.pdf'), signed.subarray(0, -20));
    const later = await verify('later.pdf');
    expect(later.exit).toBe(1);
    expect(Object.fromEntries(words(later))).toMatchObject({ innerSignature: 'valid', changes: 'invalid' });
    const forged = await verify('forged.pdf');
    expect(forged.exit).toBe(1);
    expect(words(forged)).toEqual([
      ['structure', 'valid'],
      ['innerSignature', 'invalid'],
    ]);
    const english = ['verify', at('forged.pdf'), '--trust', at('trust'), '--crl', at('crl')];
    expect((await hikitsugi(english, { locale: 'en' })).out).toContain('the content is not what was signed');
    expect(words(await verify('cut.pdf'))).toEqual([['structure', 'invalid']]);
  });

  it('has nobody to answer for a PDF without signature, and ends with 3', async () => {
    await writeFile(at('plain.pdf'), await makeDocument());
    const plain = await verify('plain.pdf');
    expect(plain.exit).toBe(3);
    expect(plain.out).toContain('pdf-signature-absent');
  });

  it('tells of a PDF in a container what its own signature is worth, beside the verdict', async () => {
    const signed = new Uint8Array(await readFile(at('signed.pdf')));
    await swapDocument(at('records.asice'), at('with-pdf.asice'), signed);
    expect((await verify('with-pdf.asice')).out).toMatch(/pdf-signature-valid:records\/\S+/);
    await swapDocument(at('records.asice'), at('with-pdf.asice'), new Uint8Array(replaced(signed, '/Page', '/page')));
    expect((await verify('with-pdf.asice')).out).toMatch(/pdf-signature-invalid:records\/\S+/);
  });

  it('takes several files, and the worst of them counts', async () => {
    expect((await verify('records.asice', at('health.asice'))).exit).toBe(0);
    await writeFile(at('scan.pdf'), await makeDocument());
    expect((await verify('records.asice', at('scan.pdf'))).exit).toBe(3);
    await swapDocument(at('records.asice'), at('other.asice'));
    expect((await verify('scan.pdf', at('other.asice'))).exit).toBe(1);
  });

  it('speaks to people in Japanese and in English', async () => {
    const args = ['verify', at('records.asice'), '--trust', at('trust'), '--crl', at('crl')];
    expect((await hikitsugi(args)).out).toContain('すべて確かめました');
    expect((await hikitsugi(args, { locale: 'en' })).out).toContain('all of it was checked and holds');
  });
});

function words(ran: Ran): [string, string][] {
  // Sound: --json gives reports; what is missing in one fails the assertion that follows.
  const { reports } = JSON.parse(ran.out) as {
    readonly reports: readonly { readonly verdicts: readonly { question: string; word: string }[] }[];
  };
  return reports.flatMap(({ verdicts }) => verdicts.map(({ question, word }): [string, string] => [question, word]));
}
