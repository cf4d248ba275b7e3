import { signCompactJwt } from '../../crypto/jose.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, refuseLogged, type VerbContext } from '../../transfers/act.ts';
import type { CertificateRow } from '../issue/store.ts';
import { recordRequest } from '../requests/record.ts';
import { findRequest } from '../requests/store.ts';
import { learnerRecordOf, openBadgeOf } from './badge-documents.ts';
import { openBadgeKey } from './badge-key.ts';
import { findHeld } from './find-held.ts';
import { issuerId, keyAddress, profileOf } from './issuer-profile.ts';
import { readStatement } from './read-statement.ts';
import { exportLifetimeMs, statusOfCertificate } from './rules.ts';

export const exportFormats = ['openBadge', 'learnerRecord'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportedTranscript {
  readonly certificate: CertificateRow;
  /** VC-JWT: header exactly `{alg: RS256, kid, typ: JWT}`. */
  readonly jwt: string;
}

/**
 * A transcript for systems that read Open Badges 3.0 or CLR 2.0, for whom it was issued to. All of it, since these have no selective
 * disclosure; without a status, so it ends after 30 days.
 *
 * Faults: certificate.not-found, certificate.revoked, credential.suspended, credential.no-transcript, credential.not-issuable,
 * document.unreadable, login.not-checked
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
    if (statusOfCertificate(certificate) === 'suspended') return refuse(fault('credential.suspended'));
    const request = await findRequest(tx, certificate.requestId);
    if (request === null) return refuse(fault('certificate.not-found'));
    const detail = { certificate: certificate.id, format: input.format };
    await recordRequest(tx, context, { name: 'credential.exported', row: request, detail });
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
  const seconds = Math.floor(gateway.clock.now().getTime() / 1000);
  const newUrn = () => `urn:uuid:${crypto.randomUUID()}`;
  const [id, subject] = [newUrn(), newUrn()];
  const document = documentOf[input.format](statement.value, {
    id,
    subject,
    issuer: profileOf(origin, statement.value.school),
    validFrom: new Date(seconds * 1000),
    validUntil: new Date(seconds * 1000 + exportLifetimeMs),
    newUrn,
  });
  // Open Badges 3.0 §8.2.4: the registered claims say again what the document says.
  const iss = issuerId(origin, certificate.schoolCode);
  const claims = { iss, jti: id, sub: subject, nbf: seconds, exp: seconds + exportLifetimeMs / 1000 };
  const jwt = await signCompactJwt({
    header: { kid: keyAddress(origin, certificate.schoolCode, key.thumbprint), typ: 'JWT' },
    claims: { ...document, ...claims },
    signer,
  });
  return ok({ certificate, jwt });
}

const documentOf = { openBadge: openBadgeOf, learnerRecord: learnerRecordOf } as const;
