import type { Transaction } from '../../database/connection.ts';
import type { Pupil } from '../../directory/find-member.ts';
import { shownName } from '../../directory/shown-name.ts';
import { type Actor, type PersonActor, type PersonScope, scopeOf } from '../../policy/actor.ts';
import { isAllowed } from '../../policy/decide.ts';
import { ok, type Result } from '../../result.ts';
import { consentUntil, ofAgeFrom, standingOf } from '../guardians/rules.ts';
import { findGuardians, findOwnLinks, type KnownGuardian } from '../guardians/store.ts';
import type { GuardianRelation } from '../guardians/tables.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { findOwnPupils, ofOwnPupil, refuseNonPerson } from './act.ts';
import { consentOf, findConsents, showGuardiansToAdults } from './store.ts';
import type { ConsentRow } from './tables.ts';

/** `resting`: given, and without effect while the school’s record of the guardian does not stand. */
export type ConsentState = 'inForce' | 'resting' | 'over' | 'withdrawn';

export interface ConsentView {
  readonly id: string;
  readonly guardianId: string;
  /** Null while the school’s record does not stand. */
  readonly guardianName: string | null;
  readonly scope: readonly PersonScope[];
  readonly givenAt: Date;
  readonly until: string;
  readonly withdrawnAt: Date | null;
  readonly state: ConsentState;
}

/** Somebody to whom consent can be given now. */
export interface FormerGuardian {
  readonly id: string;
  readonly name: string;
  readonly kana: string;
  readonly relation: GuardianRelation;
}

export interface OwnConsents {
  readonly pupilId: string;
  readonly pupilName: string;
  readonly ofAgeFrom: string;
  readonly isOfAge: boolean;
  /** The last day that a consent given today may have. */
  readonly latest: string;
  readonly former: readonly FormerGuardian[];
  readonly consents: readonly ConsentView[];
}

/**
 * What the person, as a pupil, has given to former guardians, and to whom they could give it. One entry for each school
 * that has confirmed them as a pupil; before they are of age it names no guardian.
 */
export async function listConsents(services: IdentityServices, actor: Actor): Promise<Result<readonly OwnConsents[]>> {
  if (actor.kind !== 'person') return refuseNonPerson(actor);
  const day = dayInJapan(services.clock.now());
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const pupils = await findOwnPupils(tx, actor);
    const rows = await findConsents(
      tx,
      pupils.map(({ id }) => id),
    );
    const adults = await showGuardiansToAdults(tx, pupils, day);
    const views: OwnConsents[] = [];
    for (const pupil of pupils) {
      views.push(await viewPupil(tx, { actor, pupil, ofAge: adults.includes(pupil), day, rows }));
    }
    return ok(views);
  });
}

interface Viewing {
  readonly actor: PersonActor;
  readonly pupil: Pupil;
  readonly ofAge: boolean;
  readonly day: string;
  readonly rows: readonly ConsentRow[];
}

async function viewPupil(tx: Transaction, viewing: Viewing): Promise<OwnConsents> {
  const { actor, pupil, ofAge, day, rows } = viewing;
  const guardians = ofAge ? await findGuardians(tx, pupil.id) : [];
  return {
    pupilId: pupil.id,
    pupilName: shownName(pupil),
    ofAgeFrom: ofAgeFrom(pupil.birthDate),
    isOfAge: ofAge,
    latest: consentUntil(day),
    former: mayGive(actor, pupil) ? await formerOf(tx, viewing, guardians) : [],
    consents: rows.filter((row) => row.pupilId === pupil.id).map((row) => viewConsent(row, viewing, guardians)),
  };
}

function mayGive(actor: PersonActor, { id, protection }: Pupil): boolean {
  return isAllowed(actor, 'consent.give', { ...ofOwnPupil(actor, id), protection });
}

async function formerOf(
  tx: Transaction,
  { actor, pupil: { birthDate }, day }: Viewing,
  guardians: readonly KnownGuardian[],
): Promise<FormerGuardian[]> {
  const own = (await findOwnLinks(tx, actor.personId)).map(({ link }) => link.guardianId);
  return guardians
    .filter((guardian) => standingOf(guardian, { birthDate, day }) === 'ofAge' && !own.includes(guardian.id))
    .map(({ id, name, kana, relation }) => ({ id, name, kana, relation }));
}

function viewConsent(
  row: ConsentRow,
  { pupil: { birthDate }, day }: Viewing,
  guardians: readonly KnownGuardian[],
): ConsentView {
  const { id, guardianId, scope, givenAt, until, withdrawnAt } = row;
  const guardian = guardians.find((one) => one.id === guardianId) ?? null;
  const standing = guardian === null ? null : standingOf({ ...guardian, consent: consentOf(row) }, { birthDate, day });
  const isOver = withdrawnAt === null && day > until;
  const open = standing === 'granted' ? 'inForce' : 'resting';
  const state = withdrawnAt !== null ? 'withdrawn' : isOver ? 'over' : open;
  return { id, guardianId, guardianName: guardian?.name ?? null, scope, givenAt, until, withdrawnAt, state };
}
