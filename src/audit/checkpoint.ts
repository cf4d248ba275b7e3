import { ok, type Result, refuse } from '../result.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import { isHash } from './merkle.ts';
import { type NoteReason, type NoteSigner, parseNote, signNote, type VerifierKey, verifyNote } from './note.ts';

/** The head of a log (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

export type CheckpointReason = NoteReason | 'checkpoint.malformed' | 'checkpoint.foreign';

/** The body that is signed; ours has no extension lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

export function parseCheckpoint(text: string): Result<Checkpoint, 'checkpoint.malformed'> {
  const [origin = '', size = '', encodedRoot = '', ...extensions] = text.slice(0, -1).split('\n');
  const root = fromBase64(encodedRoot);
  const wellFormed = text.endsWith('\n') && origin !== '' && extensions.every((line) => line !== '');
  if (!wellFormed || !/^(0|[1-9]\d{0,19})$/.test(size) || BigInt(size) > maxSize) return refuse('checkpoint.malformed');
  if (root === null || !isHash(root)) return refuse('checkpoint.malformed');
  return ok({ origin, size: BigInt(size), root });
}

export async function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): Promise<string> {
  return signNote(formatCheckpoint(checkpoint), [signer]);
}

/** A checkpoint of exactly the log whose key is given: the origin line and the key's name are the same. */
export async function openCheckpoint(note: string, logKey: VerifierKey): Promise<Result<Checkpoint, CheckpointReason>> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const signed = await verifyNote(parsed.value, [logKey]);
  if (!signed.ok) return signed;
  const checkpoint = parseCheckpoint(parsed.value.text);
  if (checkpoint.ok && checkpoint.value.origin !== logKey.name) return refuse('checkpoint.foreign');
  return checkpoint;
}

const maxSize = (1n << 64n) - 1n;
