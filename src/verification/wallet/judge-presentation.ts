import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { typeOf } from '../../records/credential-type.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { verifyCredential } from '../credential.ts';
import { openTrustMaterial } from '../open-trust.ts';
import { publishedBundle } from '../published-bundle.ts';
import type { Report } from '../report.ts';
import { parseBundle } from '../trust-bundle.ts';
import { proofSeconds } from './rules.ts';
import type { Asked } from './tables.ts';
import { withheld } from './wanted.ts';

/** Gets the token of a status list that a trusted issuer names; null when it does not come. Our own lists are in a room above. */
export type FindStatusList = (gateway: Gateway, uri: string) => Promise<string | null>;

export interface ShownPresentation {
  readonly presentation: string;
  readonly asked: Asked;
  readonly audience: string;
  readonly nonce: string;
}

/**
 * The same questions, by the same trust, as `/verify` asks about a credential; and whether its holder has shown it here and now, and it
 * is what was asked for, which no wallet can be relied on for (OpenID4VP 1.0 §14.8).
 *
 * Faults: verification.no-trust, presentation.other-kind
 */
export async function judgePresentation(
  gateway: Gateway,
  { presentation, asked, audience, nonce }: ShownPresentation,
  findStatusList: FindStatusList,
): Promise<Result<Report>> {
  const bundle = parseBundle(await publishedBundle(gateway));
  const trust = bundle === null ? null : await openTrustMaterial(bundle, { at: gateway.clock.now() });
  if (!trust?.ok) return refuse(fault('verification.no-trust', { detail: trust?.fault ?? 'no bundle' }));
  const report = await verifyCredential(presentation, trust.value, {
    statusLists: [],
    fetchStatusList: (uri) => findStatusList(gateway, uri),
    sharedWith: null,
    // The request ends with this answer, whatever comes of it: that is what spends the nonce.
    holder: { audience, nonce, maxAgeSeconds: proofSeconds, spendNonce: () => Promise.resolve(true) },
  });
  const { type, claims } = report.facts;
  if (type !== undefined && type !== typeOf(gateway.settings.PUBLIC_ORIGIN, asked.kind))
    return refuse(fault('presentation.other-kind'));
  const shown = typeof claims === 'object' && claims !== null ? Object.keys(claims) : [];
  const isIncomplete = type !== undefined && withheld(asked, shown).length > 0;
  return ok(isIncomplete ? { ...report, remarks: [...report.remarks, 'claims-withheld'] } : report);
}

/** Why it does not prove that its holder has shown it, here and now: form, signature and binding. Null when it does. */
export function unprovedReason({ verdicts }: Report): string | null {
  const refused = verdicts.find(
    ({ question, word }) => word !== 'valid' && (question === 'signature' || question === 'holder'),
  );
  if (refused !== undefined) return refused.reasons[0] ?? refused.code;
  return verdicts.some(({ question }) => question === 'holder') ? null : 'holder-unbound';
}
