import { ok, type Result, refuse } from '../result.ts';
import { fromBase64, toBase64 } from './bytes.ts';
import type { Checkpoint } from './checkpoint.ts';
import { isHash } from './merkle.ts';
import { type NoteReason, type NoteSigner, parseNote, signNote, type VerifierKey, verifyNote } from './note.ts';

/**
 * What the log signs about one slice: whose it is, and how many entries it has at a checkpoint. The entries themselves cannot show
 * that the last ones were kept back; with this, whoever keeps them back has signed an untruth that the next entry shows.
 */
export interface SliceStatement {
  readonly checkpoint: Checkpoint;
  readonly kind: SliceKind;
  /** Code of the board or school. */
  readonly owner: string;
  readonly slice: string;
  readonly entries: bigint;
  /** When it was signed. */
  readonly time: Date;
}

export type SliceKind = 'board' | 'school';
export type StatementReason = NoteReason | 'statement.malformed' | 'statement.foreign';

/** A signed note by the log's own key. Its first line is no origin, so no reader takes it for a checkpoint. */
export async function signStatement(statement: SliceStatement, signer: NoteSigner): Promise<string> {
  const { checkpoint, kind, owner, slice, entries, time } = statement;
  const lines = [
    firstLine,
    `log ${checkpoint.origin}`,
    `checkpoint ${checkpoint.size} ${toBase64(checkpoint.root)}`,
    `owner ${kind} ${owner}`,
    `slice ${slice}`,
    `entries ${entries}`,
    `time ${time.toISOString()}`,
  ];
  return signNote(`${lines.join('\n')}\n`, [signer]);
}

/** A statement about a slice of exactly the log whose key is given. */
export async function openStatement(
  note: string,
  logKey: VerifierKey,
): Promise<Result<SliceStatement, StatementReason>> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const signed = await verifyNote(parsed.value, [logKey]);
  if (!signed.ok) return signed;
  const statement = parseStatement(parsed.value.text);
  if (statement === null) return refuse('statement.malformed');
  return statement.checkpoint.origin === logKey.name ? ok(statement) : refuse('statement.foreign');
}

const firstLine = 'hikitsugi-slice@v1';
const number = '(0|[1-9]\\d{0,18})';
const pattern = new RegExp(
  `^${firstLine}\nlog ([^\n]+)\ncheckpoint ${number} ([A-Za-z0-9+/=]{44})\nowner (board|school) ([A-Za-z0-9]{1,32})\nslice ([0-9a-f]{32})\nentries ${number}\ntime (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)\n$`,
);

function parseStatement(text: string): SliceStatement | null {
  const [match, origin = '', size = '', encoded = '', kind, owner = '', slice = '', entries = '', time = ''] =
    pattern.exec(text) ?? [];
  const root = fromBase64(encoded);
  const at = new Date(time);
  if (match === undefined || root === null || !isHash(root) || Number.isNaN(at.getTime())) return null;
  return {
    checkpoint: { origin, size: BigInt(size), root },
    kind: kind === 'board' ? 'board' : 'school',
    owner,
    slice,
    entries: BigInt(entries),
    time: at,
  };
}
