import type { Transaction } from '../database/connection.ts';
import type { AssuranceLevel, RevocationStanding } from '../policy/actor.ts';
import { after, limitsOf } from './rules.ts';
import { hashToken, randomToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { keepCertificate } from './session-certificate.ts';
import { deleteSessionByToken, insertSession } from './store.ts';

/** Whoever has just been authenticated, and in which browser. */
export interface NewSession {
  readonly staffId: string | null;
  readonly personId: string | null;
  readonly membershipId: string | null;
  readonly assurance: AssuranceLevel;
  /** `good` unless told: only a certificate can be anything else. */
  readonly revocation?: RevocationStanding;
  /** The browser's User-Agent. */
  readonly browser: string;
  /** The session cookie that the browser still had: a log-in ends what was there before (ASVS 7.2.4). */
  readonly formerToken: string | null;
  /** The certificate or account that opened it; persons with a paper, and staff, have none. */
  readonly wayId?: string;
  /** DER of the certificate that opened it, with its authorities; it is asked about again. */
  readonly chain?: readonly Uint8Array[];
  /** What an OpenID provider said; absent when nobody but this gateway looked. */
  readonly proof?: ProviderProof;
}

/** What is kept of a provider's answer: when it saw the person, and by which names it may end the session. */
export interface ProviderProof {
  readonly authenticatedAt: Date;
  readonly provider: string;
  readonly subjectHash: string;
  readonly sidHash: string | null;
}

export interface OpenedSession {
  readonly sessionId: string;
  /** The value of the cookie; it exists in the browser and nowhere else. */
  readonly token: string;
}

export interface SignedIn extends OpenedSession {
  readonly returnTo: string;
  /** Several schools: one must be chosen before anything else. */
  readonly mustChoose: boolean;
}

/** Opens a session under a fresh 256-bit token, inside the transaction of the log-in. */
export async function openSession(
  tx: Transaction,
  services: Pick<IdentityServices, 'clock' | 'sessionLimits'>,
  session: NewSession,
): Promise<OpenedSession> {
  const { formerToken, browser, proof, wayId, chain, revocation = 'good', ...who } = session;
  if (formerToken !== null) await deleteSessionByToken(tx, hashToken(formerToken));
  const now = services.clock.now();
  const opened = { sessionId: crypto.randomUUID(), token: randomToken() };
  await insertSession(tx, {
    ...who,
    revocation,
    id: opened.sessionId,
    tokenHash: hashToken(opened.token),
    browser: browser.slice(0, 200),
    createdAt: now,
    authenticatedAt: proof?.authenticatedAt ?? now,
    provider: proof?.provider ?? null,
    subjectHash: proof?.subjectHash ?? null,
    sidHash: proof?.sidHash ?? null,
    wayId: wayId ?? null,
    certificateCheckedAt: chain === undefined ? null : now,
    lastSeenAt: now,
    expiresAt: after(now, { minutes: limitsOf(session.assurance, services.sessionLimits).absoluteHours * 60 }),
  });
  if (chain !== undefined) await keepCertificate(tx, opened, chain);
  return opened;
}
