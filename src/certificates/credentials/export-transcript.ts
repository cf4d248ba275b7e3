import { signCompactJwt } from '../../crypto/jose.ts';
import type { JsonObject } from '../../crypto/strict-json.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, refuseLogged, type VerbContext } from '../../transfers/act.ts';
import type { CertificateRow } from '../issue/store.ts';
import { learnerRecordOf, openBadgeOf } from './badge-documents.ts';
import { openBadgeKey } from './badge-key.ts';
import { enterCredential } from './enter-credential.ts';
import { findHeld } from './find-held.ts';
import { bitstringAddress, issuerId, keyAddress, profileOf } from './issuer-profile.ts';
import { readStatement } from './read-statement.ts';
import type { ExportFormat } from './rules.ts';

export interface ExportedTranscript {
  readonly certificate: CertificateRow;
  /** VC-JWT: header exactly `{alg: RS256, kid, typ: JWT}`. */
  readonly jwt: string;
}

/**
 * A transcript for systems that read Open Badges 3.0 or CLR 2.0, for whom it was issued to. All of it, since these have no selective
 * disclosure, for 30 days; its `credentialStatus` names an entry of a list that tells when it has been revoked.
 *
 * Faults: certificate.not-found, certificate.revoked, certificate.superseded, credential.suspended, credential.too-many,
 * credential.no-transcript, credential.not-issuable, document.unreadable, login.not-checked
 */
export async function exportTranscript(
  context: VerbContext,
  input: { readonly certificateId: string; readonly format: ExportFormat },
): Promise<Result<ExportedTranscript>> {
  const attempt = { event: 'credential.exported', caseId: null } as const;
  const { gateway } = context;
  const found = await perform({ ...context, idempotency: null }, attempt, async (tx) => {
    const held = await findHeld(tx, context, input.certificateId);
    if (!held.ok) return held;
    const certificate = held.value;
    if (certificate.kind !== 'transcript') return refuse(fault('credential.no-transcript'));
    return ok(certificate);
  });
  if (!found.ok) return found;
  const certificate = found.value;
  const statement = await readStatement(gateway, certificate);
  if (!statement.ok) return refuseLogged(context, attempt, statement.fault);
  const opened = await openBadgeKey(gateway, certificate.schoolCode);
  if (!opened.ok) return refuseLogged(context, attempt, opened.fault);
  const { key, signer } = opened.value;
  const origin = gateway.settings.PUBLIC_ORIGIN;
  const iss = issuerId(origin, certificate.schoolCode);
  const entered = await enterCredential(context, {
    certificate,
    form: input.format,
    isBound: false,
    shareId: null,
    issuer: iss,
    ends: [],
    event: 'credential.exported',
    detail: { format: input.format },
  });
  if (!entered.ok) return refuseLogged(context, attempt, entered.fault);
  const { issuedAt, expiresAt, listId, listIndex } = entered.value;
  const newUrn = () => `urn:uuid:${crypto.randomUUID()}`;
  const [id, subject] = [newUrn(), newUrn()];
  const document = documentOf[input.format](statement.value, {
    id,
    subject,
    issuer: profileOf(origin, statement.value.school),
    validFrom: issuedAt,
    validUntil: expiresAt,
    status: statusEntry(bitstringAddress(origin, certificate.schoolCode, listId), listIndex),
    newUrn,
  });
  // Open Badges 3.0 §8.2.4: the registered claims say again what the document says.
  const claims = { iss, jti: id, sub: subject, nbf: toSeconds(issuedAt), exp: toSeconds(expiresAt) };
  const jwt = await signCompactJwt({
    header: { kid: keyAddress(origin, certificate.schoolCode, key.thumbprint), typ: 'JWT' },
    claims: { ...document, ...claims },
    signer,
  });
  return ok({ certificate, jwt });
}

const documentOf = { openBadge: openBadgeOf, learnerRecord: learnerRecordOf } as const;

/** W3C Bitstring Status List v1.0 §2.1. */
function statusEntry(list: string, index: number): JsonObject {
  return {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(index),
    statusListCredential: list,
  };
}

function toSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
