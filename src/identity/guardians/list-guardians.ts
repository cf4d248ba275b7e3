import type { Pupil } from '../../directory/find-member.ts';
import type { Actor, PersonScope } from '../../policy/actor.ts';
import { scopeOf } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { ok, type Result } from '../../result.ts';
import { type PupilView, pupilView } from '../links/links.ts';
import type { LinkingCodeRow, LinkRelation } from '../links/tables.ts';
import { triesPerLinkingCode } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { isSame, ofPupil, openPupil, refuseNonStaff } from './act.ts';
import {
  type Consent,
  type GuardianPart,
  guardianDeeds,
  isInForce,
  isOfAge,
  ofAgeFrom,
  partsOf,
  type Standing,
  scopeOfGuardian,
  standingOf,
} from './rules.ts';
import { findCodes, findGuardians, type KnownGuardian } from './store.ts';
import type { Custody, GuardianRelation } from './tables.ts';

/** A guardian's record as the school sees it. */
export interface GuardianView {
  readonly id: string;
  readonly pupilId: string;
  readonly name: string;
  readonly kana: string;
  readonly relation: GuardianRelation;
  readonly custody: Custody;
  readonly contactMail: string | null;
  /** As the school has set it; of a pupil of age counts what stands in the consent. */
  readonly scope: readonly PersonScope[];
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly state: Standing;
  /** What the pupil, of age, has given this guardian, while it counts. */
  readonly consent: Consent | null;
  readonly reason: string | null;
  readonly enteredAt: Date;
  readonly confirmedAt: Date | null;
  /** What was corrected since somebody confirmed it last. */
  readonly corrected: readonly GuardianPart[];
  /** Goes up with every change; a correction names the one it has seen. */
  readonly version: number;
  /** What this member of staff may do with it now. */
  readonly may: readonly GuardianDeed[];
}

export type GuardianDeed = (typeof guardianDeeds)[number];

export type CodeState = 'open' | 'used' | 'expired' | 'wornOut' | 'withdrawn';

/** A code that was handed out; the code itself is not known any more. */
export interface CodeView {
  readonly id: string;
  readonly relation: LinkRelation;
  readonly guardianId: string | null;
  readonly state: CodeState;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export interface PupilGuardians {
  readonly pupil: PupilView;
  /** Of age from this day on: guardians' access ends before it. */
  readonly ofAgeFrom: string;
  readonly isOfAge: boolean;
  readonly guardians: readonly GuardianView[];
  readonly codes: readonly CodeView[];
  /** 支援措置: told to staff who may know. */
  readonly isProtected: boolean;
  readonly may: { readonly enter: boolean; readonly issueCode: boolean; readonly protect: boolean };
}

/** The guardians of a pupil of the actor's school, and the codes handed out for the pupil. */
export async function listGuardians(
  services: IdentityServices,
  actor: Actor,
  pupilId: string,
): Promise<Result<PupilGuardians>> {
  if (actor.kind !== 'staff') return refuseNonStaff(actor);
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const opened = await openPupil(tx, services, { staff: actor, action: 'guardian.list', pupilId });
    if (!opened.ok) return opened;
    const { pupil, at, day } = opened.value;
    const [rows, codes] = await Promise.all([findGuardians(tx, pupilId), findCodes(tx, pupilId)]);
    const may = ofPupil(pupil);
    return ok({
      pupil: pupilView(pupil),
      ofAgeFrom: ofAgeFrom(pupil.birthDate),
      isOfAge: isOfAge(pupil.birthDate, day),
      guardians: rows.map((row) => viewGuardian(row, { actor, pupil, day })),
      codes: codes.map((code) => viewCode(code, at)),
      isProtected: pupil.protection !== 'none',
      may: {
        protect: isAllowed(actor, 'protection.enter', may),
        enter: isAllowed(actor, 'guardian.manage', may) && !isOfAge(pupil.birthDate, day),
        issueCode: isAllowed(actor, 'pupil.link', may),
      },
    });
  });
}

/** The record with what this actor may do with it. */
export function viewGuardian(
  row: KnownGuardian,
  on: { readonly actor: Actor; readonly pupil: Pupil | null; readonly day: string },
): GuardianView {
  const state = standingOf(row, { birthDate: on.pupil?.birthDate ?? null, day: on.day });
  return {
    id: row.id,
    pupilId: row.pupilId,
    name: row.name,
    kana: row.kana,
    relation: row.relation,
    custody: row.custody,
    contactMail: row.contactMail,
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    state,
    scope: scopeOfGuardian(row),
    consent: state === 'granted' ? row.consent : null,
    reason: row.reason,
    enteredAt: row.enteredAt,
    confirmedAt: row.confirmedAt,
    corrected: partsOf(row.correctedFields ?? []),
    version: row.version,
    may: deedsOn(row, state, on),
  };
}

function deedsOn(
  row: KnownGuardian,
  state: Standing,
  { actor, pupil }: { readonly actor: Actor; readonly pupil: Pupil | null },
): readonly GuardianDeed[] {
  const isOwn = actor.kind === 'staff' && isSame(actor, row.enteredByKey, row.enteredBy);
  const resource = { ...(pupil === null ? ownThing : ofPupil(pupil)), drafter: isOwn };
  const inForce = isInForce(row.state);
  const possible: Readonly<Record<GuardianDeed, boolean>> = {
    confirm: row.state === 'pending' && isAllowed(actor, 'guardian.confirm', resource),
    suspend: inForce && isAllowed(actor, 'guardian.suspend', resource),
    settle: row.state === 'disputed' && isAllowed(actor, 'guardian.settle', resource),
    correct: inForce && isAllowed(actor, 'guardian.manage', resource),
    end: inForce && isAllowed(actor, 'guardian.manage', resource),
    restore: (state === 'ended' || state === 'over') && isAllowed(actor, 'guardian.manage', resource),
    issueCode: inForce && state !== 'ofAge' && state !== 'over' && isAllowed(actor, 'pupil.link', resource),
  };
  return guardianDeeds.filter((deed) => possible[deed]);
}

function viewCode(code: LinkingCodeRow, at: Date): CodeView {
  const { id, relation, guardianId, issuedAt, expiresAt } = code;
  return { id, relation, guardianId, state: stateOfCode(code, at), issuedAt, expiresAt };
}

function stateOfCode(code: LinkingCodeRow, at: Date): CodeState {
  if (code.redeemedAt !== null) return 'used';
  if (code.withdrawnAt !== null) return 'withdrawn';
  if (at >= code.expiresAt) return 'expired';
  return code.failedTries >= triesPerLinkingCode ? 'wornOut' : 'open';
}
