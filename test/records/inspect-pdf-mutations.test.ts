import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { inspectPdf } from '../../src/records/pdf/inspect-pdf.ts';
import { makePdf, objectStream, onePage, stream } from './pdf-maker.ts';

const words =
  '<< >> [ ] ( ) < / # R 0 - 9999999999 obj endobj endstream xref trailer startxref %%EOF /Length /ObjStm /JS'.split(
    ' ',
  );

interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

/** Bytes cut out, and bytes or words of the format put in their place. */
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  cut: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(64)),
  put: fc.oneof(
    fc.constantFrom('', ' ', '\n', 'stream\n', '/Prev 15', ...words),
    fc.nat(255).map((byte) => String.fromCharCode(byte)),
  ),
});

function mutate(file: Buffer, { at, cut, put }: Mutation): Buffer {
  const place = at % (file.length + 1);
  return Buffer.concat([file.subarray(0, place), Buffer.from(put, 'latin1'), file.subarray(place + cut)]);
}

async function makeSeeds(): Promise<readonly Buffer[]> {
  const document = await PDFDocument.create();
  document.addPage();
  document.setTitle('見本');
  const inner = objectStream({ 5: '<< /A [1 2 (x\\)) <00ff> /N#41me true null 3 0 R] >>', 6: '[0.5 -1 +2 .5]' });
  const packed = stream(`/Type /ObjStm /N 2 /First ${inner.first} /Filter /FlateDecode`, deflateSync(inner.data));
  return [
    Buffer.from(await document.save({ useObjectStreams: true })),
    Buffer.from(await document.save({ useObjectStreams: false })),
    makePdf({ ...onePage, 4: packed, 7: '<< /Length 8 0 R >>\nstream\nq Q\nendstream', 8: '3' }),
  ];
}

describe('bytes like a PDF', () => {
  it('get a verdict or a fault, never an error, after any few mutations', async () => {
    const seeds = await makeSeeds();
    const verdicts = { passed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        async (seed, changes) => {
          const result = await inspectPdf(changes.reduce(mutate, seed));
          verdicts[result.ok ? 'passed' : 'refused'] += 1;
        },
      ),
      { numRuns: 3_000 },
    );
    // Both happen, or the mutations would show nothing.
    expect(verdicts.passed).toBeGreaterThan(50);
    expect(verdicts.refused).toBeGreaterThan(1_000);
  }, 60_000);

  it('get a verdict or a fault when they are noise behind a header', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), { maxLength: 60 }),
        async (parts) => {
          const file = Buffer.from(`%PDF-1.7\n${parts.join(' ')}\nstartxref\n9\n%%EOF`, 'latin1');
          expect((await inspectPdf(file)).ok).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never hide a script that a library finds, wherever a mutation puts the bytes', async () => {
    const scripted = makePdf({
      ...onePage,
      1: '<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>',
      4: '<< /S /JavaScript /JS (x) >>',
    });
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        const file = mutate(scripted, change);
        const result = await inspectPdf(file);
        if (!result.ok) return;
        // Ours let it pass: then the other reader, which repairs, must not find a script either.
        const document = await PDFDocument.load(file, { throwOnInvalidObject: false });
        const shown = document.context.enumerateIndirectObjects().map(([, object]) => object.toString());
        expect(shown.some((object) => /\/JS\b|\/JavaScript\b/.test(object))).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  }, 60_000);
});
