import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyConsistency, verifyInclusion } from '../../src/audit/merkle.ts';

// The vectors of transparency-dev/merkle lie beside the project; without them these cases are skipped, and it shows.
const folder = join(import.meta.dirname, '../../../shared/vectors/merkle');
const present = existsSync(folder);

describe.skipIf(!present)(`Merkle vectors${present ? '' : ' (skipped: ../shared/vectors is absent)'}`, () => {
  const inclusion = vectorsIn('inclusion');
  const consistency = vectorsIn('consistency');

  it('finds all 196 of them', () => {
    const count = inclusion.length + consistency.length;
    expect(count).toBe(196);
    // For whoever reads the output of the whole suite.
    console.log(`Merkle vectors: ${count} (${inclusion.length} of inclusion, ${consistency.length} of consistency)`);
  });

  it.each(inclusion)('inclusion $file', ({ vector }) => {
    const verdict = verifyInclusion({
      index: bigintOf(vector['leafIdx']),
      size: bigintOf(vector['treeSize']),
      leafHash: bytesOf(vector['leafHash']),
      proof: proofOf(vector['proof']),
      root: bytesOf(vector['root']),
    });
    expect(verdict).toBe(!vector['wantErr']);
  });

  it.each(consistency)('consistency $file', ({ vector }) => {
    const verdict = verifyConsistency({
      size1: bigintOf(vector['size1']),
      size2: bigintOf(vector['size2']),
      root1: bytesOf(vector['root1']),
      root2: bytesOf(vector['root2']),
      proof: proofOf(vector['proof']),
    });
    expect(verdict).toBe(!vector['wantErr']);
  });
});

interface VectorFile {
  readonly file: string;
  readonly vector: Readonly<Record<string, unknown>>;
}

function vectorsIn(kind: string): VectorFile[] {
  if (!present) return [];
  return readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => ({ file: name, vector: parseExactly(readFileSync(join(folder, kind, name), 'utf8')) }));
}

/** Two files hold a number above 2^53: integers are kept as the text they were written in. */
function parseExactly(text: string): Readonly<Record<string, unknown>> {
  const quoted = text.replaceAll(/("(?:leafIdx|treeSize|size1|size2)":\s*)(-?\d+)/g, '$1"$2"');
  // Sound: every vector is one JSON object.
  return JSON.parse(quoted) as Record<string, unknown>;
}

function bigintOf(value: unknown): bigint {
  return BigInt(String(value));
}

function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(typeof value === 'string' ? value : '', 'base64'));
}

function proofOf(value: unknown): Uint8Array[] {
  return Array.isArray(value) ? value.map(bytesOf) : [];
}
