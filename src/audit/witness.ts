import { ok, type Result, refuse } from '../result.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { emptyRoot } from './hash.ts';
import { verifyConsistency } from './merkle.ts';
import { type NoteSigner, parseNote, signatureLine, type VerifierKey, verifierKey } from './note.ts';
import { parseWitnessRequest, type WitnessRequest } from './witness-request.ts';

/** The newest checkpoint of one log that a witness has cosigned. */
export interface SeenCheckpoint {
  readonly size: string;
  /** Base64. */
  readonly root: string;
}

/**
 * What a witness remembers. To look, to decide and to store is one step: nothing else is decided for this log meanwhile, and it is
 * stored before the answer (C2SP tlog-witness).
 */
export interface WitnessState {
  advance<T>(
    origin: string,
    decide: (seen: SeenCheckpoint | null) => Promise<{ readonly next: SeenCheckpoint | null; readonly answer: T }>,
  ): Promise<T>;
}

/** Status and body as C2SP tlog-witness has them. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

export interface Witness {
  readonly key: VerifierKey;
  addCheckpoint(body: string): Promise<WitnessAnswer>;
}

/** Cosigns what each log has grown into, and never two histories of one. */
export function createWitness(of: {
  readonly signer: NoteSigner;
  /** The logs whose checkpoints it cosigns; of one that changes its name every school year the part before the year. */
  readonly logs: readonly WitnessedLog[];
  readonly state: WitnessState;
  /**
   * Told of a log that may have two histories. `proven`: two roots of one size, both signed by the log. Else the proof alone did not
   * hold, and anybody can send a good checkpoint with a bad proof.
   */
  onFork(evidence: {
    readonly seen: SeenCheckpoint;
    readonly request: string;
    readonly proven: boolean;
  }): Promise<void>;
}): Witness {
  return {
    key: of.signer.key,
    async addCheckpoint(body) {
      const request = parseWitnessRequest(body);
      if (!request.ok) return plain(400, request.fault);
      const { checkpoint: note } = request.value;
      const origin = originOf(note);
      if (origin === null) return plain(400, 'checkpoint.malformed');
      const logKey = of.logs.map((log) => log(origin)).find((key) => key !== null);
      if (logKey === undefined) return plain(404, 'log.unknown');
      const opened = await openCheckpoint(note, logKey);
      if (!opened.ok) return plain(opened.fault === 'checkpoint.malformed' ? 400 : 403, opened.fault);
      const checkpoint = opened.value;
      return of.state.advance(origin, async (seen) => {
        const judged = judge(seen, request.value, checkpoint);
        if (judged.ok) {
          const next = { size: String(checkpoint.size), root: toBase64(checkpoint.root) };
          return { next, answer: plain(200, await signatureLine(textOf(note), of.signer)) };
        }
        const { fork } = judged.fault;
        if (seen !== null && fork !== 'none') await of.onFork({ seen, request: body, proven: fork === 'proven' });
        return { next: null, answer: judged.fault.answer };
      });
    },
  };
}

/** The key of the log of this origin, where it is this log's; null where it is another's. */
export type WitnessedLog = (origin: string) => VerifierKey | null;

interface Refusal {
  readonly answer: WitnessAnswer;
  readonly fork: 'none' | 'unproven' | 'proven';
}

/** Has the log grown out of what was seen? Pure. */
function judge(
  seen: SeenCheckpoint | null,
  { oldSize, proof }: WitnessRequest,
  { size, root }: Checkpoint,
): Result<null, Refusal> {
  if (oldSize > size) return refuse({ answer: plain(400, 'old.larger'), fork: 'none' });
  const known = { size: BigInt(seen?.size ?? 0), root: seen === null ? emptyRoot() : rootOf(seen) };
  const conflict: WitnessAnswer = { status: 409, type: 'text/x.tlog.size', body: `${known.size}\n` };
  if (oldSize !== known.size) return refuse({ answer: conflict, fork: 'none' });
  // Nothing proves a log that was empty; everything grows out of it.
  if (known.size === 0n) {
    return proof.length === 0 ? ok(null) : refuse({ answer: plain(422, 'proof.not-empty'), fork: 'none' });
  }
  const isConsistent = verifyConsistency({ size1: known.size, size2: size, root1: known.root, root2: root, proof });
  if (isConsistent) return ok(null);
  if (size === known.size) return refuse({ answer: conflict, fork: 'proven' });
  return refuse({ answer: plain(422, 'proof.inconsistent'), fork: 'unproven' });
}

function rootOf({ root }: SeenCheckpoint): Uint8Array {
  const bytes = fromBase64(root);
  if (bytes === null) throw new Error('the state of the witness is damaged');
  return bytes;
}

function originOf(note: string): string | null {
  const parsed = parseNote(note);
  const head = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
  return head.ok ? head.value.origin : null;
}

function textOf(note: string): string {
  const parsed = parseNote(note);
  if (!parsed.ok) throw new Error('a note that was opened cannot be read');
  return parsed.value.text;
}

function plain(status: Exclude<WitnessAnswer['status'], 409>, text: string): WitnessAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: text.endsWith('\n') ? text : `${text}\n` };
}

/** A log begins anew each school year, under one key: the year is the last part of its origin. */
export function everyYearOf({ name, publicKey }: VerifierKey): WitnessedLog {
  const base = name.replace(/\/\d{4}$/, '');
  return (origin) => {
    const year = origin.slice(base.length);
    return origin.startsWith(base) && /^\/\d{4}$/.test(year) ? verifierKey(origin, publicKey) : null;
  };
}
