import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findPupil } from '../../directory/find-member.ts';
import { fault } from '../../faults.ts';
import type { Actor, PersonActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import { notifyGuardians } from '../guardians/notify-guardians.ts';
import { checkNumberFrom, isOfAge, seesNow, standingOf } from '../guardians/rules.ts';
import { findGuardian } from '../guardians/store.ts';
import { permitPerson } from '../permit-person.ts';
import { dayInJapan, linkingRefusalsPerDay, triesPerLinkingCode } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { linkingCodeHash } from './issue-linking-code.ts';
import {
  addRefusal,
  countFailedTry,
  countRefusals,
  findLinks,
  insertLink,
  lockLinkingCode,
  markRedeemed,
} from './store.ts';
import type { LinkingCodeRow, LinkRelation, PupilLinkRow } from './tables.ts';

export interface RedeemedLink {
  readonly linkId: string;
  readonly relation: LinkRelation;
  readonly state: 'pending' | 'confirmed';
  /** What the person tells the school, which confirms by it; null when there is nothing to confirm. */
  readonly checkNumber: string | null;
}

/**
 * Asks for the link to the pupil for whom a school has handed out this code. It gives nothing, not even the pupil's
 * name, until a second member of staff has confirmed it. The guardians and the pupil are told.
 *
 * @param input.birthDate - the pupil's, `YYYY-MM-DD`: a sheet found in the street does not suffice
 * @returns `link.refused` alike for unknown, wrong, used, worn-out and expired codes; `link.locked` after ten
 *   refusals of this person in a day
 */
export async function redeemLinkingCode(
  services: IdentityServices,
  actor: Actor,
  input: { readonly code: string; readonly birthDate: string },
): Promise<Result<RedeemedLink>> {
  const permitted = await permitPerson(services, actor, { action: 'link.manage', event: 'linking-code.redeemed' });
  if (!permitted.ok) return permitted;
  const { value: person } = permitted;
  // A link outlasts the session, so it is not made by a certificate that may be revoked.
  if (person.revocation !== 'good') {
    const attempt = { actor: person, refused: 'session-not-checked' };
    await services.database.transaction(systemScope('linking'), (tx) => logLink(tx, services, attempt));
    return refuse(fault('login.not-checked'));
  }
  const day = dayInJapan(services.clock.now());
  return services.database.transaction(systemScope('linking'), async (tx) => {
    if ((await countRefusals(tx, person.personId, day)) >= linkingRefusalsPerDay) {
      await logLink(tx, services, { actor: person, refused: 'person-locked' });
      return refuse(fault('link.locked'));
    }
    const row = await lockLinkingCode(tx, linkingCodeHash(input.code));
    const checked = await checkCode(tx, row, { now: services.clock.now(), birthDate: input.birthDate });
    if (!checked.ok) {
      await addRefusal(tx, person.personId, day);
      if (row !== null) await countFailedTry(tx, row.id);
      await logLink(tx, services, { actor: person, refused: checked.fault, organisation: row?.schoolCode ?? null });
      return refuse(fault('link.refused', { detail: checked.fault }));
    }
    const link = await makeLink(tx, services, { actor: person, code: checked.value });
    await logLink(tx, services, {
      actor: person,
      refused: null,
      organisation: checked.value.schoolCode,
      linkId: link.linkId,
    });
    return ok(link);
  });
}

async function checkCode(
  tx: Transaction,
  row: LinkingCodeRow | null,
  { now, birthDate }: { now: Date; birthDate: string },
): Promise<Result<LinkingCodeRow, string>> {
  if (row === null) return refuse('code-unknown');
  if (row.redeemedAt !== null) return refuse('code-used');
  if (row.withdrawnAt !== null) return refuse('code-withdrawn');
  if (now >= row.expiresAt) return refuse('code-expired');
  if (row.failedTries >= triesPerLinkingCode) return refuse('code-worn-out');
  const pupil = await findPupil(tx, row.pupilId);
  if (pupil?.birthDate !== birthDate) return refuse('birth-date-differs');
  return row.guardianId === null ? ok(row) : checkGuardian(tx, row, { birthDate, day: dayInJapan(now) });
}

/** The code may be older than a dispute, an end or the pupil's coming of age. */
async function checkGuardian(
  tx: Transaction,
  row: LinkingCodeRow,
  on: { readonly birthDate: string; readonly day: string },
): Promise<Result<LinkingCodeRow, string>> {
  const guardian = await findGuardian(tx, row.guardianId ?? '');
  const standing = guardian === null ? 'ended' : standingOf(guardian, on);
  const isComing = standing === 'pending' || standing === 'notYet' || seesNow(standing);
  return isComing && !isOfAge(on.birthDate, on.day) ? ok(row) : refuse(`guardian-${standing}`);
}

async function makeLink(
  tx: Transaction,
  services: IdentityServices,
  { actor, code }: { actor: PersonActor; code: LinkingCodeRow },
): Promise<RedeemedLink> {
  const at = services.clock.now();
  const { pupilId, relation, guardianId, schoolCode } = code;
  const { personId, assurance } = actor;
  if (!(await markRedeemed(tx, { codeId: code.id, personId, at }))) throw new Error('a locked code was not marked');
  const known = await findLinks(tx, { personId, pupilId });
  const existing = known.find((link) => link.relation === relation && link.guardianId === guardianId);
  if (existing !== undefined) return redeemed(existing);
  const link = {
    id: crypto.randomUUID(),
    pupilId,
    personId,
    schoolCode,
    relation,
    guardianId,
    linkedAt: at,
    assurance,
    checkNumber: checkNumberFrom(crypto.getRandomValues(new Uint32Array(1))),
    issuedBy: code.issuedBy,
    issuedByKey: code.issuedByKey,
  };
  await insertLink(tx, link);
  await notifyGuardians(tx, { pupilId, subject: 'link-made', exceptPerson: personId });
  return redeemed({ ...link, confirmedAt: null });
}

function redeemed(link: Pick<PupilLinkRow, 'id' | 'relation' | 'confirmedAt' | 'checkNumber'>): RedeemedLink {
  const state = link.confirmedAt === null ? 'pending' : 'confirmed';
  return {
    linkId: link.id,
    relation: link.relation,
    state,
    checkNumber: state === 'pending' ? link.checkNumber : null,
  };
}

async function logLink(
  tx: Transaction,
  services: IdentityServices,
  event: { actor: PersonActor; refused: string | null; organisation?: string | null; linkId?: string },
): Promise<void> {
  await logEvent(tx, services, {
    name: 'linking-code.redeemed',
    refused: event.refused,
    organisation: event.organisation ?? null,
    actorRole: 'person',
    detail: {
      person: event.actor.personId,
      assurance: event.actor.assurance,
      ...(event.linkId === undefined ? {} : { link: event.linkId }),
    },
  });
}
