import { ok, type Result, refuse } from '../result.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import { isHash } from './merkle.ts';

/** The body of `add-checkpoint` (C2SP tlog-witness). */
export interface WitnessRequest {
  /** What the witness has seen last, as the log believes. */
  readonly oldSize: bigint;
  /** Consistency proof from there to the checkpoint; empty from 0. */
  readonly proof: readonly Uint8Array[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

/** A tree of 2^64 leaves needs no more. */
const maxProofLines = 63;
/** Of a whole body: a note with a hundred signatures, and the proof. */
export const maxRequestBytes = 65_536;

export function formatWitnessRequest({ oldSize, proof, checkpoint }: WitnessRequest): string {
  return `old ${oldSize}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;
}

export function parseWitnessRequest(body: string): Result<WitnessRequest, 'request.malformed'> {
  const match = /^old (0|[1-9]\d{0,19})\n((?:[^\n]+\n)*)\n/.exec(body);
  if (match === null || body.length > maxRequestBytes) return refuse('request.malformed');
  const [head, oldSize = '', proofText = ''] = match;
  const lines = proofText.split('\n').slice(0, -1);
  const proof = lines.map(fromBase64).filter((hash) => hash !== null && isHash(hash));
  if (proof.length !== lines.length || lines.length > maxProofLines) return refuse('request.malformed');
  return ok({
    oldSize: BigInt(oldSize),
    proof: proof.filter((hash) => hash !== null),
    checkpoint: body.slice(head.length),
  });
}
