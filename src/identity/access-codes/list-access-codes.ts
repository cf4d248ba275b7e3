import { type Actor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result } from '../../result.ts';
import { openPupil, refuseNonStaff } from '../guardians/act.ts';
import { seesNow, standingOf } from '../guardians/rules.ts';
import { findGuardians } from '../guardians/store.ts';
import { type PupilView, pupilView } from '../links/links.ts';
import type { LinkRelation } from '../links/tables.ts';
import type { IdentityServices } from '../services.ts';
import { findReceivers } from './receivers.ts';
import { type AccessCodeState, stateOfAccessCode } from './rules.ts';
import { findAccessCodes } from './store.ts';

/** A paper that was handed out; the code itself is not known any more. */
export interface AccessCodeView {
  readonly id: string;
  readonly relation: LinkRelation;
  readonly guardianId: string | null;
  /** The guardian's name; null for the pupil. */
  readonly holder: string | null;
  readonly state: AccessCodeState;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

/** Somebody whom a paper can be printed for. */
export interface PossibleHolder {
  readonly guardianId: string | null;
  readonly name: string;
  /** Is there an address that the number can be sent to? */
  readonly isReachable: boolean;
}

export interface PupilAccessCodes {
  readonly pupil: PupilView;
  readonly codes: readonly AccessCodeView[];
  readonly holders: readonly PossibleHolder[];
}

/** The papers of a pupil of the actor's school, and for whom another can be printed. */
export async function listAccessCodes(
  services: IdentityServices,
  actor: Actor,
  pupilId: string,
): Promise<Result<PupilAccessCodes>> {
  if (actor.kind !== 'staff') return refuseNonStaff(actor);
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const opened = await openPupil(tx, services, { staff: actor, action: 'accessCode.issue', pupilId });
    if (!opened.ok) return opened;
    const { pupil, at, day } = opened.value;
    const [codes, guardians] = await Promise.all([findAccessCodes(tx, pupilId), findGuardians(tx, pupilId)]);
    const inForce = guardians.filter((guardian) => seesNow(standingOf(guardian, { birthDate: pupil.birthDate, day })));
    const forPupil = await findReceivers(tx, { pupilId, guardianId: null }, day);
    return ok({
      pupil: pupilView(pupil),
      codes: codes.map((code) => ({
        id: code.id,
        relation: code.guardianId === null ? 'self' : 'guardian',
        guardianId: code.guardianId,
        holder: guardians.find(({ id }) => id === code.guardianId)?.name ?? null,
        state: stateOfAccessCode(code, at),
        issuedAt: code.issuedAt,
        expiresAt: code.expiresAt,
        usedAt: code.usedAt,
      })),
      holders: [
        { guardianId: null, name: pupilView(pupil).name, isReachable: forPupil.length > 0 },
        ...inForce.map(({ id, name, contactMail }) => ({ guardianId: id, name, isReachable: contactMail !== null })),
      ],
    });
  });
}
