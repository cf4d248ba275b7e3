import type { Clock } from '../clock.ts';
import { ok, type Result, refuse } from '../result.ts';
import { derUnsigned } from './cms/der-write.ts';
import { timestampQuery } from './cms/timestamp-query.ts';
import { tokenOfReply } from './cms/timestamp-reply.ts';
import { type TimestampVerdict, type TokenReason, verifyToken } from './timestamp-token.ts';
import type { X509Certificate } from './x509/certificate.ts';
import type { TrustAnchor } from './x509/path.ts';
import type { RevocationSource } from './x509/revocation.ts';

export type TimestampReason =
  | 'unreachable'
  | 'http-status'
  | 'reply-too-large'
  | 'reply-malformed'
  | 'request-rejected'
  | 'time-not-near'
  | 'not-checkable'
  | TokenReason;

/** Somebody who puts a trustworthy time on data. */
export interface TimestampService {
  /** A token (ContentInfo as DER) over SHA-256 of the data, verified before it is handed out. */
  stamp(data: Uint8Array): Promise<Result<Uint8Array, TimestampReason>>;
}

/** One time-stamping authority, as the operator configures it. */
export interface TimestampAuthority {
  readonly url: string;
  readonly anchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  /** Accepted policies; the first is asked for. Any, when absent. */
  readonly policies?: readonly string[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
}

const maxReplyBytes = 64 * 1024;
// Clocks of the authority and of this machine may differ by this; more means that one of them is wrong.
const maxSkewMilliseconds = 60_000;

/**
 * Asks one authority for a token over a SHA-256 imprint and verifies what comes back, nonce and nearness included
 * (RFC 3161 §2.2). Redirects are not followed.
 */
export async function requestTimestamp(
  authority: TimestampAuthority,
  imprint: Uint8Array,
): Promise<Result<Uint8Array, TimestampReason>> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const query = timestampQuery({ imprint, nonce, policy: authority.policies?.[0] ?? null });
  const reply = await post(authority, query);
  if (!reply.ok) return reply;
  const token = tokenOfReply(reply.value);
  if (!token.ok) return token;
  const now = authority.clock.now();
  const verdict = await verifyToken({
    token: token.value,
    stamped: { imprint },
    anchors: authority.anchors,
    revocation: authority.revocation,
    at: now,
    nonce: derUnsigned(nonce),
    ...(authority.policies === undefined ? {} : { policies: authority.policies }),
  });
  const reason = refusalOf(verdict, now);
  return reason === null ? token : refuse(reason);
}

/** A service over several authorities: the next is asked, with a new nonce, when one fails. The last reason is told. */
export function timestampService(
  authorities: readonly [TimestampAuthority, ...TimestampAuthority[]],
): TimestampService {
  const [first, ...others] = authorities;
  return {
    async stamp(data) {
      const imprint = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(data)));
      let outcome = await requestTimestamp(first, imprint);
      for (const authority of others) {
        if (outcome.ok) return outcome;
        outcome = await requestTimestamp(authority, imprint);
      }
      return outcome;
    },
  };
}

/** Verifies a stored token against the SHA-256 of what it stamps; the path is verified at its genTime. */
export async function verifyTimestampToken(input: {
  readonly token: Uint8Array;
  /** SHA-256 of the stamped data. */
  readonly imprint: Uint8Array;
  readonly anchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  readonly at: Date;
  readonly pool?: readonly X509Certificate[];
  readonly policies?: readonly string[];
}): Promise<TimestampVerdict> {
  return verifyToken({ ...input, stamped: { imprint: input.imprint } });
}

function refusalOf(verdict: TimestampVerdict, now: Date): TimestampReason | null {
  if (verdict.status !== 'valid' || verdict.genTime === null) return verdict.reasons[0] ?? 'not-checkable';
  const slack = maxSkewMilliseconds + (verdict.accuracyMilliseconds ?? 0);
  return Math.abs(verdict.genTime.getTime() - now.getTime()) > slack ? 'time-not-near' : null;
}

async function post(authority: TimestampAuthority, query: Uint8Array): Promise<Result<Uint8Array, TimestampReason>> {
  const send = authority.fetch ?? globalThis.fetch;
  try {
    const response = await send(authority.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(query),
      // workerd knows no 'error'; a redirect is then an answer that is not 200.
      redirect: 'manual',
      signal: AbortSignal.timeout(authority.timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return refuse('http-status');
    }
    return await bodyOf(response);
  } catch {
    return refuse('unreachable');
  }
}

async function bodyOf(response: Response): Promise<Result<Uint8Array, TimestampReason>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxReplyBytes) return refuse('reply-too-large');
    chunks.push(chunk);
  }
  return ok(new Uint8Array(Buffer.concat(chunks)));
}
