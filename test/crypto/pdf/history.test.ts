import { describe, expect, it } from 'vitest';
import { addDocumentTimestamp } from '../../../src/crypto/pdf/document-timestamp.ts';
import { openHistory } from '../../../src/crypto/pdf/open.ts';
import { addRevision, header, makePdf, onePage, startOfXref, table, writeObjects } from '../../records/pdf-maker.ts';
import { createTestWorld, valueOf } from '../support/trust.ts';
import { makeDocument, signedPdf } from './support/signed-pdf.ts';

const plain = makePdf(onePage);
const trailer = '/Root 1 0 R /Size 99';

async function reasonOf(file: Uint8Array): Promise<string> {
  const history = await openHistory(file);
  return history.ok ? 'read' : history.fault;
}

/** A trailer that leads on from this file. */
function after(file: Buffer): string {
  return `${trailer} /Prev ${startOfXref(file)}`;
}

describe('the revisions of a PDF', () => {
  it.each(['table', 'stream'] as const)('end where their marks are, each as it stood then, by %ss', async (form) => {
    const world = await createTestWorld();
    const document = await makeDocument(form);
    const signed = await signedPdf(world, { level: 'B-T', document });
    const { timestamps } = world;
    const stamped = valueOf(await addDocumentTimestamp(signed, { timestamps, fieldName: 'Time' }));
    const history = valueOf(await openHistory(stamped));
    const lengths = [document, signed, stamped].map((file) => file.length);
    expect(history.map(({ end }) => lengths.findIndex((length) => end <= length))).toEqual([0, 1, 2]);
    expect(history.map(({ start }) => start)).toEqual([0, ...history.slice(0, -1).map(({ end }) => end)]);
    expect(history.map(({ view }) => view.places.size)).toEqual(
      await Promise.all([document, signed, stamped].map(placesIn)),
    );
  });

  it('are two sections and one revision in a linearised file', async () => {
    const first = writeObjects(header, { 1: onePage[1] ?? '', 3: onePage[3] ?? '' });
    const place = '0000000000';
    const begin = first.bytes.length;
    const front = (rest: string) =>
      Buffer.concat([
        first.bytes,
        Buffer.from(`${table(first.offsets)}trailer\n<< ${trailer} /Prev ${rest} >>\nstartxref\n0\n%%EOF\n`),
      ]);
    const second = writeObjects(front(place), { 2: onePage[2] ?? '' });
    const rest = String(second.bytes.length).padStart(10, '0');
    const whole = writeObjects(front(rest), { 2: onePage[2] ?? '' });
    const linearised = Buffer.concat([
      whole.bytes,
      Buffer.from(`${table(whole.offsets)}trailer\n<< ${trailer} >>\nstartxref\n${begin}\n%%EOF\n`),
    ]);
    const history = valueOf(await openHistory(linearised));
    expect(history).toHaveLength(1);
    expect(new Set(history[0]?.view.places.keys())).toEqual(new Set([1, 2, 3]));
    const changed = addRevision(linearised, { 3: onePage[3] ?? '' }, after(linearised));
    expect(valueOf(await openHistory(changed))).toHaveLength(2);
  });

  it('are not told of a hybrid file', async () => {
    const hybrid = addRevision(plain, { 9: '(x)' }, `${trailer} /XRefStm ${startOfXref(plain)}`);
    expect(await reasonOf(hybrid)).toBe('pdf-hybrid');
  });

  it('are not told when cross-references lie where none lead', async () => {
    const lost = addRevision(plain, { 9: '(x)' }, after(plain));
    expect(await reasonOf(addRevision(lost, { 9: '(y)' }, after(plain)))).toBe('xref-off-chain');
    expect(await reasonOf(addRevision(plain, onePage, trailer))).toBe('xref-off-chain');
  });

  it('are not told when a mark names other cross-references than its own', async () => {
    const second = addRevision(plain, { 9: '(x)' }, after(plain));
    const third = addRevision(second, { 9: '(y)' }, after(second));
    const text = third.toString('latin1');
    const [first, other] = [startOfXref(plain), startOfXref(second)];
    const swapped = text.replace(`startxref\n${other}\n`, `startxref\n${first}\n`);
    expect(swapped).not.toBe(text);
    expect(await reasonOf(Buffer.from(swapped, 'latin1'))).toBe('revisions-tangled');
    const removed = text.replace(`startxref\n${other}\n%%EOF\n`, ' '.repeat(`startxref\n${other}\n%%EOF\n`.length));
    expect(await reasonOf(Buffer.from(removed, 'latin1'))).toBe('revisions-tangled');
  });

  it('are not told when a mark leads back to cross-references that lay ready before', async () => {
    const { bytes, offsets } = writeObjects(header, onePage);
    const ready = (next: number) =>
      `xref\n0 1\n0000000000 65535 f \ntrailer\n<< ${trailer} /Prev ${String(next).padStart(10, '0')} >>\n`;
    const start = bytes.length + ready(0).length;
    const rest = `${table(offsets)}trailer\n<< ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
    const signed = Buffer.concat([bytes, Buffer.from(ready(start) + rest)]);
    expect(await reasonOf(signed)).toBe('xref-off-chain');
    const turned = Buffer.concat([signed, Buffer.from(`startxref\n${bytes.length}\n%%EOF\n`)]);
    expect(await reasonOf(turned)).toBe('revisions-tangled');
  });

  it('are not told when one names an object that only came later', async () => {
    const guess = (offset: number) => `9 1\n${String(offset).padStart(10, '0')} 00000 n \n`;
    const prepared = (offset: number) => {
      const { bytes, offsets } = writeObjects(header, onePage);
      const xref = `${table(offsets)}${guess(offset)}trailer\n<< ${trailer} >>\nstartxref\n${bytes.length}\n%%EOF\n`;
      return Buffer.concat([bytes, Buffer.from(xref, 'latin1')]);
    };
    const signed = prepared(prepared(0).length);
    expect(await reasonOf(addRevision(signed, { 9: '(x)' }, after(signed)))).toBe('reference-ahead');
    expect(await reasonOf(signed)).toBe('pdf-damaged');
  });
});

async function placesIn(file: Uint8Array): Promise<number> {
  return valueOf(await openHistory(file)).at(-1)?.view.places.size ?? 0;
}
