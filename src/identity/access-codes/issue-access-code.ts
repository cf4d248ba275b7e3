import type { Transaction } from '../../database/connection.ts';
import { type Fault, fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { actAsStaff, type OnPupil, openPupil } from '../guardians/act.ts';
import { seesNow, standingOf } from '../guardians/rules.ts';
import { findGuardian } from '../guardians/store.ts';
import { after, linkingCodeText } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { findReceivers } from './receivers.ts';
import { accessCodeDays, accessCodeHash } from './rules.ts';
import { insertAccessCode, withdrawEarlier } from './store.ts';

export interface IssuedAccessCode {
  readonly id: string;
  /** 128 random bits in groups of five characters. Shown once: only its hash is stored. */
  readonly code: string;
  /** For a QR: the code stands behind `#`, so it reaches no server's log. */
  readonly address: string;
  readonly expiresAt: Date;
}

export interface AccessCodeFor {
  readonly pupilId: string;
  /** The guardian it is issued for; null for the pupil. */
  readonly guardianId: string | null;
}

/**
 * A paper by which a pupil or a guardian without card and app logs in once (ASVS 6.4.1, 6.5). Alone it opens nothing: a
 * number goes to the address of a guardian whom two members of staff have confirmed, so nobody of the school can use
 * what they print. Earlier papers of the same holder end.
 *
 * @returns `policy.denied`, `pupil.not-found`, `guardian.not-found`, `guardian.wrong-state`; `access-code.no-channel`
 *   when no confirmed guardian has an address to send the number to
 */
export async function issueAccessCode(
  services: IdentityServices,
  actor: Actor,
  input: AccessCodeFor,
): Promise<Result<IssuedAccessCode>> {
  const id = crypto.randomUUID();
  const detail = { code: id, pupil: input.pupilId.slice(0, 64) };
  const act = { action: 'accessCode.issue', event: 'access-code.issued', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openPupil(tx, services, { staff, action: act.action, pupilId: input.pupilId });
      if (!opened.ok) return opened;
      const reason = await reasonAgainst(tx, opened.value, input);
      if (reason !== null) return refuse(reason);
      const { at } = opened.value;
      const code = linkingCodeText(crypto.getRandomValues(new Uint8Array(16)));
      const expiresAt = after(at, { days: accessCodeDays });
      await withdrawEarlier(tx, input, { by: staff.staffId, at });
      await insertAccessCode(tx, {
        id,
        codeHash: accessCodeHash(code),
        pupilId: input.pupilId,
        schoolCode: staff.school,
        guardianId: input.guardianId,
        issuedBy: staff.staffId,
        issuedByKey: staff.personKey,
        issuedAt: at,
        expiresAt,
      });
      return ok({ id, code, address: `${services.publicOrigin}/login/code#code=${code}`, expiresAt });
    },
  });
}

async function reasonAgainst(tx: Transaction, on: OnPupil, { guardianId }: AccessCodeFor): Promise<Fault | null> {
  if (guardianId !== null) {
    const guardian = await findGuardian(tx, guardianId);
    if (guardian?.pupilId !== on.pupil.id) return fault('guardian.not-found');
    const standing = standingOf(guardian, { birthDate: on.pupil.birthDate, day: on.day });
    if (!seesNow(standing)) return fault('guardian.wrong-state', { detail: standing });
  }
  const receivers = await findReceivers(tx, { pupilId: on.pupil.id, guardianId }, on.day);
  return receivers.length === 0 ? fault('access-code.no-channel') : null;
}
