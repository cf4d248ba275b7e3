import type { Clock } from '../../clock.ts';
import { certIdOf, checkOcspResponse } from './ocsp.ts';
import type { OcspCertId } from './ocsp-reader.ts';
import { ocspRequest } from './ocsp-request.ts';
import type { RevocationAnswer, RevocationQuestion, RevocationSource } from './revocation.ts';

/** The responder of one anchor, as the operator configured it; never an address out of a certificate (SSRF, trust.md §5.6). */
export interface OcspResponder {
  /** SHA-256 of the anchor's certificate. It answers for what this anchor itself issued, and for nothing below that. */
  readonly anchor: string;
  readonly url: string;
  /** `omit` for a responder that signs its answers beforehand: their freshness alone counts then. */
  readonly nonce: 'send' | 'omit';
  readonly certIdHash: OcspCertId['hash'];
}

export interface OcspSourceOptions {
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
  /** 5 seconds unless told. */
  readonly timeoutMs?: number;
  /** How long an authentic answer is used again: 60 seconds unless told. */
  readonly keepMs?: number;
  /** 1,000 answers unless told. */
  readonly maxKept?: number;
}

const MAX_RESPONSE_BYTES = 65_536;

/** Asks responders over HTTP: one request per question, no redirect, bounded in size and time, authentic answers kept for a minute. */
export function ocspSource(responders: readonly OcspResponder[], options: OcspSourceOptions): RevocationSource {
  const byAnchor = new Map(responders.map((responder) => [responder.anchor, responder]));
  const kept = new Map<string, Kept>();
  return {
    async check(question) {
      const responder = byAnchor.get(question.issuer.sha256);
      if (responder === undefined) return { status: 'notChecked', reason: 'no-source' };
      return (await answerKept(question, { kept, options })) ?? askResponder(question, { responder, kept, options });
    },
  };
}

interface Kept {
  readonly response: Uint8Array;
  readonly until: number;
}

interface Store {
  readonly kept: Map<string, Kept>;
  readonly options: OcspSourceOptions;
}

/** An answer used again is verified again, at the time of its use; only its nonce has been seen to fit before. */
async function answerKept(question: RevocationQuestion, { kept, options }: Store): Promise<RevocationAnswer | null> {
  const now = options.clock.now();
  const known = kept.get(keyOf(question));
  if (known === undefined || known.until <= now.getTime()) return null;
  const answer = await checkOcspResponse(known.response, question, { nonce: null, now });
  return isAuthentic(answer) ? answer : null;
}

async function askResponder(
  question: RevocationQuestion,
  { responder, kept, options }: Store & { readonly responder: OcspResponder },
): Promise<RevocationAnswer> {
  const nonce = responder.nonce === 'send' ? crypto.getRandomValues(new Uint8Array(32)) : null;
  const request = ocspRequest(certIdOf(question, responder.certIdHash), nonce);
  const response = await post(responder.url, request, options);
  if (response === null) return { status: 'notChecked', reason: 'ocsp-unreachable' };
  const now = options.clock.now();
  const answer = await checkOcspResponse(response, question, { nonce, now });
  if (isAuthentic(answer)) keep({ kept, options }, keyOf(question), response);
  return answer;
}

function keyOf({ certificate, issuer }: RevocationQuestion): string {
  return `${issuer.sha256} ${certificate.sha256}`;
}

/** "Unknown" may be mended by the next request, so it is not kept. */
function isAuthentic({ status }: RevocationAnswer): boolean {
  return status !== 'notChecked';
}

function keep({ kept, options }: Store, key: string, response: Uint8Array): void {
  const { clock, keepMs = 60_000, maxKept = 1_000 } = options;
  kept.delete(key);
  kept.set(key, { response, until: clock.now().getTime() + keepMs });
  // Map keeps the order of insertion: the oldest answer goes first.
  const oldest = kept.keys().next();
  if (kept.size > maxKept && !oldest.done) kept.delete(oldest.value);
}

async function post(url: string, request: Uint8Array, options: OcspSourceOptions): Promise<Uint8Array | null> {
  const send = options.fetch ?? globalThis.fetch;
  try {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: new Uint8Array(request),
      // workerd knows no 'error'; a redirect is then an answer that is not 200.
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs ?? 5_000),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return null;
    }
    return await bodyOf(response);
  } catch {
    return null;
  }
}

async function bodyOf(response: Response): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_RESPONSE_BYTES) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
