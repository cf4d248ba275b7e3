import { beforeAll, describe, expect, it } from 'vitest';
import { parseValue } from '../../../src/crypto/pdf/parse-value.ts';
import { isDictionary, newBudget } from '../../../src/crypto/pdf/values.ts';
import { readSignatureValue } from '../../../src/crypto/pdf/verify/value.ts';
import { createTestWorld, type TestWorld } from '../support/trust.ts';
import { changed, makeContract, replaced, signAs, signature } from './support/contract.ts';
import { looksGood, trustOf, verified } from './support/verified.ts';

let world: TestWorld;
let signed: Buffer;
let range: string;
let numbers: readonly number[];
beforeAll(async () => {
  world = await createTestWorld();
  signed = await signAs(world, makeContract());
  range = /ByteRange \[[^\]]*\] */.exec(signed.toString('latin1'))?.[0] ?? '';
  numbers = range.match(/\d+/g)?.map(Number) ?? [];
});

async function reasonsOf(file: Uint8Array): Promise<readonly string[]> {
  const report = await verified(file, trustOf(world));
  expect(looksGood(report)).toBe(false);
  return [...report.document.reasons, ...report.signatures.flatMap(({ integrity }) => integrity.reasons)];
}

type Numbers = readonly [start: number, hole: number, behind: number, length: number];

describe('U-16 a signed PDF whose byte range', () => {
  it('is as it should be is good, so that what follows can fail', async () => {
    const report = await verified(signed, trustOf(world));
    expect(looksGood(report)).toBe(true);
    expect(report.signatures).toHaveLength(1);
  });

  it.each<[string, (given: Numbers) => string, string]>([
    ['has two numbers', ([, hole]) => `0 ${hole}`, 'range-malformed'],
    ['has six numbers', ([, hole, behind]) => `0 ${hole} ${behind} 9 ${behind + 9} 9`, 'range-malformed'],
    ['does not begin at 0', ([, hole, behind, length]) => `1 ${hole - 1} ${behind} ${length}`, 'range-malformed'],
    ['is negative', ([, hole, behind]) => `0 ${hole} ${behind} -1`, 'range-malformed'],
    ['has a fraction', ([, hole, behind, length]) => `0 ${hole} ${behind} ${length}.5`, 'range-malformed'],
    ['is a reference', ([, hole, behind]) => `0 ${hole} ${behind} 9 0 R`, 'range-malformed'],
    ['is far from its value', () => '0 10 20 30', 'range-other-hole'],
    [
      'leaves out one byte more before',
      ([, hole, behind, length]) => `0 ${hole - 1} ${behind} ${length}`,
      'range-other-hole',
    ],
    [
      'leaves out one byte more behind',
      ([, hole, behind, length]) => `0 ${hole} ${behind + 1} ${length - 1}`,
      'range-other-hole',
    ],
    [
      'leaves a gap to hide in',
      ([, hole, behind, length]) => `0 ${hole} ${behind + 40} ${length - 40}`,
      'range-other-hole',
    ],
    ['overlaps', ([, hole, behind, length]) => `0 ${behind} ${hole} ${length}`, 'range-other-hole'],
    [
      'takes the brackets in',
      ([, hole, behind, length]) => `0 ${hole + 1} ${behind - 1} ${length + 1}`,
      'range-other-hole',
    ],
    ['ends before the end', ([, hole, behind, length]) => `0 ${hole} ${behind} ${length - 9}`, 'range-no-revision'],
    ['ends at nothing', ([, hole, behind]) => `0 ${hole} ${behind} 0`, 'range-no-revision'],
    ['ends behind the file', ([, hole, behind, length]) => `0 ${hole} ${behind} ${length + 1}`, 'range-beyond-file'],
  ])('%s is refused', async (_name, write, reason) => {
    const [first = 0, hole = 0, behind = 0, length = 0] = numbers;
    const written = `ByteRange [${write([first, hole, behind, length])}]`;
    expect(await reasonsOf(replaced(signed, range, written))).toEqual([reason]);
  });

  it('stands in another object than the signature itself is refused', async () => {
    const document = makeContract({ 20: '[0 1 2 3]' });
    const file = await signAs(world, document);
    const written = /ByteRange \[[^\]]*\] */.exec(file.toString('latin1'))?.[0] ?? '';
    expect(await reasonsOf(replaced(file, written, 'ByteRange 20 0 R'))).toEqual(['range-malformed']);
  });

  it('leaves a tail uncovered, as if that were a revision, is refused', async () => {
    const tail = await changed(signed, { 30: '(tail)' });
    const [, , behind = 0] = numbers;
    const longer = replaced(tail, range, `ByteRange [0 ${numbers[1]} ${behind} ${tail.length - behind}]`);
    expect(await reasonsOf(longer)).toEqual(['value-of-other-revision']);
  });
});

describe('U-16 a signed PDF whose value', () => {
  it.each([
    ['is followed by something', (file: Buffer) => replaced(file, '0>', '1>'), 'contents-padding'],
    ['has white space inside', (file: Buffer) => replaced(file, '00>', '0 >'), 'contents-malformed'],
    [
      'has letters of both kinds',
      (file: Buffer) => replaced(file, '/Contents <3082', '/Contents <30aA'),
      'contents-malformed',
    ],
    [
      'has no fixed length',
      (file: Buffer) => replaced(file, '/Contents <3082', '/Contents <3080'),
      'contents-malformed',
    ],
    ['is no SEQUENCE', (file: Buffer) => replaced(file, '/Contents <3082', '/Contents <3182'), 'contents-malformed'],
    [
      'claims a broken hash',
      (file: Buffer) => replaced(file, '/ETSI.CAdES.detached', '/adbe.pkcs7.sha1'),
      'subfilter-not-allowed',
    ],
    [
      'is of an unknown kind',
      (file: Buffer) => replaced(file, '/ETSI.CAdES.detached', '/ETSI.CAdES.attached'),
      'subfilter-not-allowed',
    ],
    [
      'calls itself a time stamp',
      (file: Buffer) => replaced(file, '/ETSI.CAdES.detached', '/ETSI.RFC3161'),
      'subfilter-not-allowed',
    ],
  ])('%s is refused', async (_name, edit, reason) => {
    expect(await reasonsOf(edit(signed))).toEqual([reason]);
  });

  it('is a detached CMS of before PAdES can be read, and is told to be none', async () => {
    const head = '/Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached';
    const [one] = (await verified(await signAs(world, makeContract(), { head }), trustOf(world))).signatures;
    expect(one).toMatchObject({ integrity: { status: 'valid' }, level: { status: 'none', reasons: ['not-pades'] } });
  });

  it('lies at the right place of other bytes, such as those of an object stream, is refused', () => {
    const text = '<< /SubFilter /ETSI.CAdES.detached /ByteRange [0 80 86 3] /Contents '.padEnd(80);
    const file = Buffer.from(`${text}<3000> >>`);
    const read = (bytes: Uint8Array) => {
      const value = parseValue({ bytes, at: 0, end: bytes.length, budget: newBudget() });
      return isDictionary(value) ? readSignatureValue(file, value) : null;
    };
    expect(read(file)).toMatchObject({ ok: true, value: { hole: { start: 80, end: 86 }, end: 89 } });
    expect(read(Buffer.from(file))).toEqual({ ok: false, fault: 'contents-malformed' });
  });

  it('stands in the field itself, where it has no number, is refused', async () => {
    const view = signed.toString('latin1');
    const value = /99 0 obj\n(<<[^]*?>>)\nendobj/.exec(view)?.[1] ?? '';
    const moved = await changed(signed, {
      [signature.field]: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Second) /Rect [0 0 0 0] /V ${value} >>`,
    });
    expect(await reasonsOf(moved)).toEqual(['signature-hidden', 'value-not-indirect']);
  });
});
