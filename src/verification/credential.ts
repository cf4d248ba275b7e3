import type { HolderExpectation } from '../crypto/sd-jwt/holder.ts';
import { type CredentialVerdict, verifyCredential as judge } from '../crypto/sd-jwt/verify.ts';
import type { StatusReference } from '../crypto/status-list/reference.ts';
import { factsOfCredential } from './credential-facts.ts';
import { credentialVerdicts } from './credential-verdicts.ts';
import { type Report, verdict } from './report.ts';
import { askLists, type ListAnswer } from './status-lists.ts';
import type { TrustMaterial } from './trust-material.ts';

/** What may be at hand beside a credential. */
export interface CredentialCompanions {
  /** Status list tokens. */
  readonly statusLists: readonly string[];
  /** Asked for the list that a trusted issuer names, when it is not at hand; null where nothing is fetched. */
  readonly fetchStatusList: ((uri: string) => Promise<string | null>) | null;
  /** What whoever verifies asked of the holder; null when nobody did. */
  readonly holder: HolderExpectation | null;
  /** Whom it was shared with, by the holder's word, as whoever verifies is called; null when they did not say. */
  readonly sharedWith: string | null;
}

export const noCompanions: CredentialCompanions = {
  statusLists: [],
  fetchStatusList: null,
  holder: null,
  sharedWith: null,
};

/** An SD-JWT VC, each question by itself. */
export async function verifyCredential(
  presentation: string,
  trust: TrustMaterial,
  companions: CredentialCompanions,
): Promise<Report> {
  const alone = await judgeBy(presentation, trust, { holder: null, status: null });
  if (alone.integrity === 'invalid') {
    const broken = verdict('signature', 'invalid', { reasons: alone.reasons });
    return { kind: 'credential', verdicts: [broken], facts: {}, remarks: [] };
  }
  let list: ListAnswer | null = null;
  const judged = await judgeBy(presentation, trust, {
    holder: companions.holder,
    status: async (reference, issuer) => {
      list = await askStatus({ reference, issuer }, { alone, trust, companions });
      return list.status === 'unknown' ? { status: 'unknown', reason: 'list-missing' } : list;
    },
  });
  return {
    kind: 'credential',
    verdicts: credentialVerdicts(judged, { list, sharedWith: companions.sharedWith }),
    facts: factsOfCredential(judged),
    remarks: judged.claims?.['cnf'] === undefined ? ['holder-unbound'] : [],
  };
}

type Asked = Pick<Parameters<typeof judge>[0], 'holder' | 'status'>;

function judgeBy(presentation: string, trust: TrustMaterial, asked: Asked): Promise<CredentialVerdict> {
  // Which kinds do is for whoever reads it: the kind is among the facts.
  const anybodys = { anchors: trust.seal, revocation: trust.revocation, at: trust.at, types: null };
  return judge({ presentation, ...anybodys, ...asked });
}

/** A list is fetched only where a trusted issuer has named it: a stranger's credential makes nobody call anywhere. */
async function askStatus(
  asked: { readonly reference: StatusReference; readonly issuer: string },
  from: {
    readonly alone: CredentialVerdict;
    readonly trust: TrustMaterial;
    readonly companions: CredentialCompanions;
  },
): Promise<ListAnswer> {
  const { alone, trust, companions } = from;
  const atHand = await askLists(companions.statusLists, asked, trust);
  const isMissing = atHand.status === 'unknown' && /^list-(missing|uri-mismatch)$/.test(atHand.reason);
  const isTrusted = alone.issuer?.status === 'trusted' && !alone.reasons.includes('issuer-name-mismatch');
  if (!isMissing || !isTrusted || companions.fetchStatusList === null) return atHand;
  const fetched = await companions.fetchStatusList(asked.reference.uri);
  return fetched === null ? { status: 'unknown', reason: 'list-unreachable' } : askLists([fetched], asked, trust);
}
