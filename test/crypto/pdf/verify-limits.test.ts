import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPdf } from '../../../src/crypto/pdf/open.ts';
import { verifyPdf } from '../../../src/crypto/pdf/verify/verify-pdf.ts';
import { objectIn } from '../../../src/crypto/pdf/view.ts';
import { valueText } from '../../../src/crypto/pdf/write-value.ts';
import { makePdf, type Objects, onePage } from '../../records/pdf-maker.ts';
import { createTestWorld, type TestWorld } from '../support/trust.ts';
import { changed, contract, makeContract, signAs } from './support/contract.ts';
import { signedPdf } from './support/signed-pdf.ts';
import { linesOf, looksGood, trustOf, verified } from './support/verified.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld();
});

async function reasonsOf(file: Uint8Array): Promise<readonly string[]> {
  const { document, signatures } = await verified(file, trustOf(world));
  return [document.status, ...document.reasons, ...signatures.flatMap(({ integrity }) => integrity.reasons)];
}

function withForm(fields: string, objects: Objects = {}): Buffer {
  return makePdf({
    ...onePage,
    1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${fields}] >> >>`,
    ...objects,
  });
}

describe('a PDF that wants to exhaust its verifier', () => {
  it('is refused when it is too large, encrypted or nested beyond measure', async () => {
    expect(await reasonsOf(new Uint8Array(64 * 1024 * 1024 + 1))).toEqual(['refused', 'pdf-too-large']);
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
    expect(await reasonsOf(makePdf({ ...onePage, 9: deep }))).toEqual(['refused', 'pdf-too-complex']);
    const secret = makePdf({ ...onePage, 9: '<< /Filter /Standard >>' }, '/Root 1 0 R /Size 99 /Encrypt 9 0 R');
    expect(await reasonsOf(secret)).toEqual(['refused', 'pdf-encrypted']);
  });

  it('is refused when its fields go round in a circle, or go down for ever', async () => {
    expect(await reasonsOf(withForm('8 0 R', { 8: '<< /T (a) /Kids [8 0 R] >>' }))).toEqual([
      'refused',
      'form-damaged',
    ]);
    const chain = Object.fromEntries(
      Array.from({ length: 80 }, (_, index) => [index + 8, `<< /T (a) /Kids [${index + 9} 0 R] >>`]),
    );
    expect(await reasonsOf(withForm('8 0 R', { ...chain, 88: '<< /T (b) /FT /Sig >>' }))).toEqual([
      'refused',
      'form-damaged',
    ]);
  });

  it('is refused with more than 32 signatures, and read with 32', async () => {
    const file = (count: number) => {
      const numbers = Array.from({ length: count }, (_, index) => index + 8);
      const fields = numbers.map((number): [number, string] => [
        number,
        `<< /FT /Sig /T (F${number}) /V << /Type /Sig >> >>`,
      ]);
      return withForm(numbers.map((number) => `${number} 0 R`).join(' '), Object.fromEntries(fields));
    };
    expect(await reasonsOf(file(33))).toEqual(['refused', 'too-many-signatures']);
    expect(await reasonsOf(file(32))).toEqual(['read', ...Array.from({ length: 32 }, () => 'value-not-indirect')]);
  });

  it('counts as changed when finding out what changed would cost too much', async () => {
    const many = (last: number) => `[${'0 '.repeat(300_000)}${last}]`;
    const signed = await signAs(world, makeContract({ 20: many(1), 4: '[20 0 R]' }));
    expect(looksGood(await verified(signed, trustOf(world)))).toBe(true);
    const report = await verified(await changed(signed, { 20: many(2) }), trustOf(world));
    expect(report.signatures[0]?.modifications?.reasons).toEqual(['comparison-too-complex']);
    expect(looksGood(report)).toBe(false);
  });
});

describe('any PDF', () => {
  it('that was signed and differs in one byte is not judged as before', async () => {
    const file = await signedPdf(world, { level: 'B-T' });
    const trust = trustOf(world, { revocation: world.revocation });
    const good = linesOf(await verified(file, trust));
    expect(good).toEqual(['Seal signature | valid | file | none | trusted | good | proved | B-T']);
    const place = fc.oneof(fc.nat(file.length - 1), fc.nat(filled(file) - 1));
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const other = new Uint8Array(file);
        other[at] = (file[at] ?? 0) ^ difference;
        expect(linesOf(await verifyPdf(other, trust))).not.toEqual(good);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('that was stamped on top and differs in one byte under the stamp does not look good', async () => {
    const file = await signedPdf(world, { level: 'B-LTA' });
    const hole = Buffer.from(file).lastIndexOf('/Contents <');
    await fc.assert(
      fc.asyncProperty(fc.nat(hole), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const other = new Uint8Array(file);
        other[at] = (file[at] ?? 0) ^ difference;
        const report = await verifyPdf(other, trustOf(world));
        expect(looksGood(report) && report.signatures.length === 2).toBe(false);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('whose objects say something else in a later revision does not look good', async () => {
    const signed = await signAs(world, makeContract());
    const textOf = async (file: Uint8Array, number: number) => {
      const view = await openPdf(file);
      return view.ok ? valueText(objectIn(view.value, number) ?? null) : null;
    };
    const place = fc.record({
      number: fc.constantFrom(2, 3, 5, 9, 13, 14),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    let judged = 0;
    await fc.assert(
      fc.asyncProperty(
        place,
        fc.constantFrom('0', '1', '2', '7', '9', '/', '[', ']', '(', '<', '>', 'R', 'a', 'N', ' '),
        async ({ number, at }, character) => {
          const body = String(contract[number]);
          const index = Math.floor(at * body.length);
          const edited = await changed(signed, {
            [number]: `${body.slice(0, index)}${character}${body.slice(index + 1)}`,
          });
          const [before, after] = [await textOf(signed, number), await textOf(edited, number)];
          if (before === after) return;
          judged += 1;
          expect(looksGood(await verified(edited, trustOf(world)))).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
    expect(judged).toBeGreaterThan(100);
  }, 60_000);

  it('is judged without an exception, however it was cut, doubled or mixed', async () => {
    const file = Buffer.from(await signAs(world, makeContract()));
    const part = fc.tuple(fc.nat(file.length), fc.nat(file.length)).map(([from, to]) => file.subarray(from, to));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), fc.nat(file.length), async (parts, keep) => {
        const other = Buffer.concat([file.subarray(0, keep), ...parts]);
        const report = await verified(other, trustOf(world));
        expect(looksGood(report)).toBe(other.equals(file));
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

/** Where the zeros begin that fill up a signature. */
function filled(file: Uint8Array): number {
  return Buffer.from(file).lastIndexOf('0'.repeat(200));
}
