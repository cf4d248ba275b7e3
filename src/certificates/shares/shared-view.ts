import { systemScope } from '../../database/scope.ts';
import { findSchool } from '../../directory/find-organisation.ts';
import type { Gateway } from '../../gateway.ts';
import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import type { SharedFacts } from './rules.ts';
import { borrowKey, openContent } from './sealed-share.ts';
import type { ShareRow } from './store.ts';
import { sharesJob } from './tables.ts';

/** What a certificate is to whoever was shown it: whether it counts, and whose it is not. */
export interface SharedCertificate {
  readonly state: Exclude<CertificateRow['state'], 'issuing'>;
  /** When it ceased to count. */
  readonly changedAt: string | null;
  readonly kind: IssuedKind;
  readonly number: string;
  readonly issuedOn: string;
  readonly school: { readonly name: string; readonly nameEnglish: string };
  readonly checkedAt: string;
}

/** What a viewer is sent. */
export interface SharedView {
  readonly audience: string;
  readonly certificate: SharedCertificate;
  /** Null when the certificate counts no more: then nobody certifies them. */
  readonly facts: SharedFacts | null;
  /** Whether the file goes with it. */
  readonly hasFile: boolean;
  readonly once: boolean;
  readonly expiresAt: string;
}

/** Null when it has been shredded. Outside any transaction. @throws {KeyServiceUnavailable} */
export async function readShared(gateway: Gateway, row: ShareRow): Promise<SharedView | null> {
  const certificate = await showCertificate(gateway, row.certificateId);
  const key = certificate === null ? null : await borrowKey(gateway, row);
  if (certificate === null || key === null) return null;
  const { audience, facts } = openContent(key, row);
  const isValid = certificate.state === 'valid';
  return {
    audience,
    certificate,
    facts: isValid ? facts : null,
    hasFile: isValid && row.whole,
    once: row.once,
    expiresAt: row.expiresAt.toISOString(),
  };
}

async function showCertificate({ database, clock }: Gateway, id: string): Promise<SharedCertificate | null> {
  return database.transaction(systemScope(sharesJob), async (tx) => {
    const row = await findCertificate(tx, id);
    const school = row === null ? null : await findSchool(tx, row.schoolCode);
    return row === null ? null : viewCertificate(row, { school, at: clock.now() });
  });
}

export function viewCertificate(
  row: CertificateRow,
  { school, at }: { readonly school: SharedCertificate['school'] | null; readonly at: Date },
): SharedCertificate | null {
  const { state, kind, number, issuedOn } = row;
  const changedAt = row.revokedAt ?? row.supersededAt;
  if (state === 'issuing') return null;
  return {
    state,
    changedAt: changedAt?.toISOString() ?? null,
    kind,
    number,
    issuedOn,
    school: { name: school?.name ?? '', nameEnglish: school?.nameEnglish ?? '' },
    checkedAt: at.toISOString(),
  };
}
