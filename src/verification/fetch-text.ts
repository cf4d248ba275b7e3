const timeoutMs = 10_000;

export interface FetchedText {
  readonly status: number;
  readonly text: string;
}

/**
 * Fetches one text and nothing else: no cookie, no referrer, no redirect, so that whoever answers learns of a look and not of whom.
 * Null when it did not come whole.
 */
export async function fetchText(
  address: string,
  { accept, maxBytes }: { readonly accept: string; readonly maxBytes: number },
): Promise<FetchedText | null> {
  if (!isSafe(address)) return null;
  try {
    const answer = await fetch(address, {
      headers: { accept },
      credentials: 'omit',
      // A redirect is an answer like any other that is not the text; `error` is unknown to workerd.
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = answer.body === null ? null : await boundedText(answer.body, maxBytes);
    return text === null ? null : { status: answer.status, text };
  } catch {
    return null;
  }
}

/** `http` does on this machine alone: on a line anybody could change what is said, or hold back a newer list. */
function isSafe(address: string): boolean {
  const url = parseUrl(address);
  return url !== null && (url.protocol === 'https:' || /^http:\/\/(localhost|127\.0\.0\.1)(:|\/|$)/.test(url.href));
}

/** Null for what is no address; `URL.parse` is newer than the browsers that we read for. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

async function boundedText(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string | null> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return `${text}${decoder.decode()}`;
    bytes += value.length;
    if (bytes > maxBytes) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
