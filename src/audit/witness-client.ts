import { ok, type Result, refuse } from '../result.ts';
import { equalBytes, readAtMost } from './bytes.ts';
import { formatSignature, type NoteSignature, noteFromBytes, parseNote, type VerifierKey, verifyNote } from './note.ts';
import { formatWitnessRequest, type WitnessRequest } from './witness-request.ts';

/** Why a witness has not cosigned. */
export type WitnessTrouble =
  | { readonly code: 'witness.unreachable' | 'witness.unexpected' | 'witness.bad-signature' }
  /** It has seen another size than the log believed. */
  | { readonly code: 'witness.elsewhere'; readonly size: bigint }
  /** It has seen another history, or does not believe our proof. */
  | { readonly code: 'witness.refused'; readonly status: number };

const maxAnswerBytes = 16_384;
const timeoutMs = 5000;

/**
 * Asks one witness to cosign a checkpoint (C2SP tlog-witness, `add-checkpoint`); gives its signature line.
 *
 * @param witness.url - submission prefix, without a trailing slash
 */
export async function askWitness(
  witness: { readonly key: VerifierKey; readonly url: string },
  request: WitnessRequest,
): Promise<Result<string, WitnessTrouble>> {
  const answer = await post(`${witness.url}/add-checkpoint`, formatWitnessRequest(request));
  if (answer === null) return refuse({ code: 'witness.unreachable' });
  const { status, body } = answer;
  if (status === 409) {
    const size = /^(0|[1-9]\d{0,19})\n$/.exec(body)?.[1];
    return refuse(
      size === undefined ? { code: 'witness.unexpected' } : { code: 'witness.elsewhere', size: BigInt(size) },
    );
  }
  if (status === 403 || status === 404 || status === 422) return refuse({ code: 'witness.refused', status });
  if (status !== 200) return refuse({ code: 'witness.unexpected' });
  const own = await ownSignature(witness.key, request.checkpoint, body);
  return own === null ? refuse({ code: 'witness.bad-signature' }) : ok(formatSignature(own));
}

/** The line of the witness's own key, verified; others are ignored. */
async function ownSignature(key: VerifierKey, checkpoint: string, lines: string): Promise<NoteSignature | null> {
  const note = parseNote(checkpoint + lines);
  if (!note.ok) return null;
  const own = note.value.signatures.find(({ name, id }) => name === key.name && equalBytes(id, key.id));
  if (own === undefined) return null;
  const verified = await verifyNote({ text: note.value.text, signatures: [own] }, [key]);
  return verified.ok ? own : null;
}

async function post(url: string, body: string): Promise<{ readonly status: number; readonly body: string } | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body,
      // workerd knows no 'error'; a redirect is then an answer that is not 200.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, body: await readText(answer) };
  } catch {
    return null;
  }
}

async function readText({ body }: Response): Promise<string> {
  const bytes = body === null ? null : await readAtMost(body, maxAnswerBytes);
  return bytes === null ? '' : (noteFromBytes(bytes) ?? '');
}
