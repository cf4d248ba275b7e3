import { ProviderFault } from './sign-in-reason.ts';

const maxAnswerBytes = 256 * 1024;

/**
 * How this gateway asks an OpenID provider anything: redirects are not followed (ASVS 15.3.2), since what the metadata
 * name is where the secret goes, and an answer is read up to 256 KiB. The time limit is the caller's signal.
 */
export async function fetchFromProvider(
  url: string,
  options: { readonly method: string; readonly headers: Record<string, string>; readonly body?: unknown },
): Promise<Response> {
  // Sound: the library hands on what fetch takes; its own type of a body is wider than the DOM's.
  const init = { ...options, redirect: 'manual' } as RequestInit;
  const answer = await fetch(url, init);
  return new Response(hasNoBody(answer.status) ? null : await readBounded(answer), {
    status: answer.status,
    headers: answer.headers,
  });
}

async function readBounded(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    // Leaving the loop cancels the stream, and with it the connection.
    if (length > maxAnswerBytes) throw new ProviderFault('unavailable', 'answer-too-large');
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
