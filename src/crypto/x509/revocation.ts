import type { SignatureInput } from './algorithms.ts';
import type { X509Certificate } from './certificate.ts';
import type { AnchorRules } from './profile.ts';
import { WorkLimitError } from './work.ts';

export interface RevocationQuestion {
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  readonly anchor: AnchorRules;
  readonly at: Date;
  readonly pool: readonly X509Certificate[];
  /** Verifies a signature at the expense of the path's budget. */
  readonly verify: (input: SignatureInput) => Promise<boolean>;
  /** Whether this signer's own path, revocation included, ends at the same anchor. */
  readonly isTrusted: (signer: X509Certificate) => Promise<boolean>;
  /** What all sources say about another certificate of the same issuer: a responder that has no nocheck. Never in a circle. */
  readonly askAbout: (sibling: X509Certificate) => Promise<RevocationAnswer>;
}

export interface RevocationAnswer {
  readonly status: 'good' | 'revoked' | 'notChecked';
  readonly reason?: RevocationReason;
  readonly revokedAt?: Date;
}

export type RevocationReason =
  | 'no-source'
  | 'crl-missing'
  | 'crl-scope'
  | 'crl-not-yet-valid'
  | 'crl-expired'
  | 'crl-next-update-missing'
  | 'crl-number'
  | 'crl-delta'
  | 'crl-unknown-critical-extension'
  | 'crl-algorithm-not-allowed'
  | 'crl-signature'
  | 'ocsp-unreachable'
  | 'ocsp-malformed'
  | 'ocsp-refused'
  | 'ocsp-unknown-critical-extension'
  | 'ocsp-nonce'
  | 'ocsp-other-certificate'
  | 'ocsp-algorithm-not-allowed'
  | 'ocsp-responder'
  | 'ocsp-signature'
  | 'ocsp-not-yet-valid'
  | 'ocsp-stale'
  | 'ocsp-unknown'
  | 'source-failed'
  | 'listed';

/** Who can say whether a certificate has been revoked: lists (`crlSource`), a responder (`ocspSource`), several, nobody. */
export interface RevocationSource {
  check(question: RevocationQuestion): Promise<RevocationAnswer>;
}

/** Always `notChecked`. `verifyPath` then refuses, unless it is told to report. */
export const noRevocationSource: RevocationSource = {
  check: () => Promise.resolve({ status: 'notChecked', reason: 'no-source' }),
};

/**
 * Several sources as one. Any "revoked" wins, so an OCSP "good" never cancels what a list says (docs/path-validation.md §6); a responder that
 * does not know the certificate vetoes "good"; else one "good" suffices.
 */
export function combineSources(sources: readonly RevocationSource[]): RevocationSource {
  return {
    async check(question) {
      const answers: RevocationAnswer[] = [];
      for (const source of sources) {
        const answer = await askOne(source, question);
        if (answer.status === 'revoked') return answer;
        answers.push(answer);
      }
      const veto = answers.find(({ reason }) => reason === 'ocsp-unknown');
      const good = answers.find(({ status }) => status === 'good');
      return veto ?? good ?? answers[0] ?? { status: 'notChecked', reason: 'no-source' };
    },
  };
}

/** A source that broke has not said anything; what ends the whole verification (its budget is spent) goes on. */
async function askOne(source: RevocationSource, question: RevocationQuestion): Promise<RevocationAnswer> {
  try {
    return await source.check(question);
  } catch (error) {
    if (error instanceof WorkLimitError) throw error;
    return { status: 'notChecked', reason: 'source-failed' };
  }
}
