import type { Clock } from '../../clock.ts';
import { crlSource } from './crl.ts';
import type { RevocationSource } from './revocation.ts';

/** Revocation lists of the operator's own choice of addresses, kept for a while. */
export interface FetchedCrls {
  /** As many as could be had, DER. A list that did not come is missing: "could not check", never "good". */
  lists(): Promise<readonly Uint8Array[]>;
  readonly source: RevocationSource;
}

export interface FetchCrlsOptions {
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  /** 10 seconds unless told. */
  readonly timeoutMs?: number;
  /** 16 MiB unless told. */
  readonly maxBytes?: number;
  /** How long a list is used again: 15 minutes unless told. Afterwards it is fetched anew, and stays until another has come. */
  readonly keepMs?: number;
}

const maxLists = 64;

/**
 * Fetches revocation lists from these addresses and no others; never from one inside a certificate (SSRF, trust.md §5.6). No
 * redirect is followed. What a list is worth is for `crlSource` to say.
 *
 * @param urls - https, or http on this machine
 * @throws for an address that is neither, or for too many
 */
export function fetchedCrls(urls: readonly string[], options: FetchCrlsOptions): FetchedCrls {
  if (urls.length > maxLists) throw new Error('too many addresses of revocation lists');
  if (!urls.every(isSafe)) throw new Error('an address of a revocation list is not https');
  const kept = new Map<string, Kept>();
  const lists = async () => {
    const found = await Promise.all(urls.map((url) => listAt(url, { kept, options })));
    return found.flatMap((der) => (der === null ? [] : [der]));
  };
  return {
    lists,
    source: {
      check: async (question) => crlSource(await lists(), { now: options.clock.now() }).check(question),
    },
  };
}

interface Kept {
  readonly der: Uint8Array;
  readonly until: number;
}

async function listAt(
  url: string,
  { kept, options }: { readonly kept: Map<string, Kept>; readonly options: FetchCrlsOptions },
): Promise<Uint8Array | null> {
  const now = options.clock.now().getTime();
  const known = kept.get(url);
  if (known !== undefined && known.until > now) return known.der;
  const der = await download(url, options);
  if (der === null) return known?.der ?? null;
  kept.set(url, { der, until: now + (options.keepMs ?? 15 * 60_000) });
  return der;
}

async function download(url: string, options: FetchCrlsOptions): Promise<Uint8Array | null> {
  const send = options.fetch ?? globalThis.fetch;
  try {
    // workerd knows no `redirect: 'error'`; a redirect is then an answer that is not 200.
    const signal = AbortSignal.timeout(options.timeoutMs ?? 10_000);
    const answer = await send(url, { redirect: 'manual', signal });
    if (answer.status === 200 && answer.body !== null) return await boundedBytes(answer.body, options.maxBytes);
    await answer.body?.cancel();
    return null;
  } catch {
    return null;
  }
}

async function boundedBytes(body: ReadableStream<Uint8Array>, maxBytes = 16 * 1024 * 1024): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxBytes) return null;
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function isSafe(url: string): boolean {
  return /^https:\/\/[^/@\s]+\//.test(url) || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\//.test(url);
}
