import type { Transaction } from '../../database/connection.ts';
import { type Fault, fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { actAsStaff, type OnPupil, openPupil } from '../guardians/act.ts';
import { isOfAge } from '../guardians/rules.ts';
import { lockGuardian } from '../guardians/store.ts';
import { after, linkingCodeDays, linkingCodeText, parseLinkingCode } from '../rules.ts';
import { hashToken } from '../secrets.ts';
import type { IdentityServices } from '../services.ts';
import { insertLinkingCode } from './store.ts';
import type { LinkRelation } from './tables.ts';

export interface IssuedLinkingCode {
  readonly id: string;
  /** 128 random bits in groups of five characters. Shown once: only its hash is stored. */
  readonly code: string;
  /** For a QR: the code stands behind `#`, so it reaches no server's log. */
  readonly address: string;
  readonly expiresAt: Date;
}

export interface CodeFor {
  readonly pupilId: string;
  readonly relation: LinkRelation;
  /** The guardian it is issued for; null for the pupil. */
  readonly guardianId: string | null;
}

/**
 * A code on paper for the pupil or one guardian (ASVS 6.5: once, 14 days, 5 tries). Whoever redeems it sees nothing
 * until another member of staff has confirmed them. The same code serves who comes with a renewed certificate.
 *
 * @returns `policy.denied` for roles that may not; `pupil.not-found` for another school's pupil as for an unknown one;
 *   `guardian.not-found`, `guardian.wrong-state`, `guardian.pupil-of-age`
 */
export async function issueLinkingCode(
  services: IdentityServices,
  actor: Actor,
  input: CodeFor,
): Promise<Result<IssuedLinkingCode>> {
  const id = crypto.randomUUID();
  const detail = { code: id, pupil: input.pupilId.slice(0, 64) };
  const act = { action: 'pupil.link', event: 'linking-code.issued', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openPupil(tx, services, { staff, action: act.action, pupilId: input.pupilId });
      if (!opened.ok) return opened;
      const reason = await reasonAgainst(tx, opened.value, input);
      if (reason !== null) return refuse(reason);
      const { at } = opened.value;
      const code = linkingCodeText(crypto.getRandomValues(new Uint8Array(16)));
      const expiresAt = after(at, { days: linkingCodeDays });
      await insertLinkingCode(tx, {
        id,
        codeHash: linkingCodeHash(code),
        pupilId: input.pupilId,
        schoolCode: staff.school,
        relation: input.relation,
        guardianId: input.guardianId,
        issuedBy: staff.staffId,
        issuedByKey: staff.personKey,
        issuedAt: at,
        expiresAt,
      });
      return ok({ id, code, address: `${services.publicOrigin}/links/new#code=${code}`, expiresAt });
    },
  });
}

/** What is stored of a code: forms with other hyphens, widths and cases are equal. */
export function linkingCodeHash(typed: string): string {
  return hashToken(`hikitsugi/linking-code/${parseLinkingCode(typed) ?? ''}`);
}

async function reasonAgainst(tx: Transaction, on: OnPupil, input: CodeFor): Promise<Fault | null> {
  if (input.relation === 'self') {
    return input.guardianId === null ? null : fault('request.malformed', { fields: { guardianId: 'problem.field' } });
  }
  if (input.guardianId === null) {
    return fault('request.malformed', { fields: { guardianId: 'linking.guardian-missing' } });
  }
  const guardian = await lockGuardian(tx, input.guardianId);
  if (guardian?.pupilId !== on.pupil.id) return fault('guardian.not-found');
  if (guardian.state === 'disputed' || guardian.state === 'ended') {
    return fault('guardian.wrong-state', { detail: guardian.state });
  }
  return isOfAge(on.pupil.birthDate, on.day) ? fault('guardian.pupil-of-age') : null;
}
