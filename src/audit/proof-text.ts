import { ok, type Result, refuse } from '../result.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import { type Checkpoint, type CheckpointReason, openCheckpoint } from './checkpoint.ts';
import { hashLeaf } from './hash.ts';
import { isHash, verifyInclusion } from './merkle.ts';
import type { VerifierKey } from './note.ts';

/** C2SP tlog-proof v1: that an entry lies in a log, in one text that verifies offline. */
export interface LogProof {
  readonly index: bigint;
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Not authenticated by itself: no verdict may rest on it. We put the entry here, whose hash the proof then confirms. */
  readonly extra: Uint8Array | null;
}

export type ProofReason = CheckpointReason | 'proof.malformed' | 'proof.not-included';

export function formatProof({ index, hashes, checkpoint, extra }: LogProof): string {
  const extraLine = extra === null ? '' : `extra ${toBase64(extra)}\n`;
  const hashLines = hashes.map((hash) => `${toBase64(hash)}\n`).join('');
  return `${firstLine}\n${extraLine}index ${index}\n${hashLines}\n${checkpoint}`;
}

export function parseProof(text: string): Result<LogProof, 'proof.malformed'> {
  const match = proofPattern.exec(text);
  if (match === null) return refuse('proof.malformed');
  const [head, extraText, index = '', hashText = ''] = match;
  const extra = extraText === undefined ? null : fromBase64(extraText);
  const hashes = hashText.split('\n').slice(0, -1).map(fromBase64);
  if ((extraText !== undefined && extra === null) || hashes.length > maxHashes) return refuse('proof.malformed');
  if (!hashes.every((hash) => hash !== null && isHash(hash))) return refuse('proof.malformed');
  const known = hashes.filter((hash) => hash !== null);
  return ok({ index: BigInt(index), hashes: known, checkpoint: text.slice(head.length), extra });
}

/** That `entry` is leaf `index` of the tree in the proof's own checkpoint, signed by the log's key. */
export async function verifyProof(
  proof: LogProof,
  entry: Uint8Array,
  logKey: VerifierKey,
): Promise<Result<Checkpoint, ProofReason>> {
  const checkpoint = await openCheckpoint(proof.checkpoint, logKey);
  if (!checkpoint.ok) return checkpoint;
  const { size, root } = checkpoint.value;
  const included = verifyInclusion({
    index: proof.index,
    size,
    leafHash: hashLeaf(entry),
    proof: proof.hashes,
    root,
  });
  return included ? checkpoint : refuse('proof.not-included');
}

const firstLine = 'c2sp.org/tlog-proof@v1';
const proofPattern = /^c2sp\.org\/tlog-proof@v1\n(?:extra ([^\n]*)\n)?index (0|[1-9]\d{0,19})\n((?:[^\n]+\n)*)\n/;
// A tree of 2^64 leaves needs no more.
const maxHashes = 64;
