import { presentSdJwt, readSdJwt } from '../../crypto/sd-jwt/present.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { refuseLogged } from '../../transfers/act.ts';
import { issueCredential } from '../credentials/issue-credential.ts';
import { endCredentialsOfShare } from '../credentials/store.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import { recordRequest } from '../requests/record.ts';
import { mustCount } from './holder.ts';
import { findByTicket, type Ticket } from './read-on.ts';
import type { ShareField } from './rules.ts';
import { borrowKey, openContent, openPresentation, sealPresentation } from './sealed-share.ts';
import { shownClaims } from './shown-claims.ts';
import { keepPresentation, type ShareRow } from './store.ts';
import { sharesJob } from './tables.ts';

export interface SharedCredential {
  /** An SD-JWT VC that discloses what was chosen and nothing else; it ends with `~`. */
  readonly credential: string;
  readonly certificate: CertificateRow;
}

/**
 * What a share shows, as a credential by the school's seal. One for each share; it says for whom it is, and ends with the share (ADR 35). Faults: those of `findByTicket`, `mustCount` and `issueCredential`
 */
export async function presentShare(gateway: Gateway, of: Ticket): Promise<Result<SharedCredential>> {
  const context = { gateway, actor: { kind: 'anonymous' }, idempotency: null } as const;
  const attempt = { event: 'certificate.handed-over', caseId: null } as const;
  const row = await findByTicket(gateway, of);
  const found = row.ok ? await findCounting(gateway, row.value) : row;
  if (!row.ok) return refuseLogged(context, attempt, row.fault);
  if (!found.ok) return refuseLogged(context, attempt, found.fault);
  const presented = await presentationOf(gateway, { row: row.value, certificate: found.value });
  if (!presented.ok) return refuseLogged(context, attempt, presented.fault);
  await gateway.database.transaction(systemScope(sharesJob), (tx) =>
    recordRequest(tx, context, {
      name: 'certificate.handed-over',
      row: { ...found.value, id: found.value.requestId },
      detail: { certificate: found.value.id, share: row.value.id, form: 'credential' },
    }),
  );
  return ok({ credential: presented.value, certificate: found.value });
}

async function findCounting(gateway: Gateway, { certificateId }: ShareRow): Promise<Result<CertificateRow>> {
  return gateway.database.transaction(systemScope(sharesJob), async (tx) => {
    const certificate = await findCertificate(tx, certificateId);
    if (certificate === null) throw new Error('a share of no certificate');
    const counts = mustCount(certificate);
    return counts.ok ? ok(certificate) : counts;
  });
}

/** The one that is kept, or a new one. */
async function presentationOf(
  gateway: Gateway,
  { row, certificate }: { readonly row: ShareRow; readonly certificate: CertificateRow },
): Promise<Result<string>> {
  const key = await borrowKey(gateway, row);
  if (key === null) return refuse(fault('share.ended'));
  const { id, sealedPresentation: kept, presentationUntil: until } = row;
  if (kept !== null && until !== null && gateway.clock.now() < until) return ok(openPresentation(key, id, kept));
  const { audience, fields } = openContent(key, row);
  const share = { shareId: id, audience, until: row.expiresAt };
  const issued = await issueCredential({ gateway, actor: { kind: 'anonymous' } }, { certificate, holder: null, share });
  if (!issued.ok) return issued;
  const { credential, expiresAt } = issued.value;
  const presentation = await present(credential, fields);
  const made = { sealedPresentation: sealPresentation(key, id, presentation), presentationUntil: expiresAt };
  const isKept = await gateway.database.transaction(systemScope(sharesJob), async (tx) => {
    const stands = await keepPresentation(tx, id, made);
    if (!stands) await endCredentialsOfShare(tx, id, gateway.clock.now());
    return stands;
  });
  return isKept ? ok(presentation) : refuse(fault('share.ended'));
}

async function present(credential: string, fields: readonly ShareField[]): Promise<string> {
  const held = await readSdJwt(credential);
  const presented = held.ok ? await presentSdJwt(credential, shownClaims(fields, held.value.claims)) : held;
  if (!presented.ok) throw new Error(`our own credential does not read: ${presented.fault}`);
  return presented.value;
}
