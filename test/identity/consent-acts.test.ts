import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { giveConsent, type NewConsent } from '../../src/identity/consents/give-consent.ts';
import { listConsents } from '../../src/identity/consents/list-consents.ts';
import { withdrawConsent } from '../../src/identity/consents/withdraw-consent.ts';
import { endLink } from '../../src/identity/guardians/end-link.ts';
import { consentUntil, ofAgeFrom } from '../../src/identity/guardians/rules.ts';
import { dayInJapan } from '../../src/identity/rules.ts';
import type { Actor, PersonActor, PersonEntitlement } from '../../src/policy/actor.ts';
import { machineActor } from '../policy/support/decisions.ts';
import { type Acts, openActs, outcomeOf, person, staff, valueOf } from './support/acts.ts';
import { eventsOf } from './support/log.ts';
import { schoolCode } from './support/world.ts';

const school = schoolCode('elementary');
const long = 'x'.repeat(100);
const whole = ['records', 'health', 'ledger'] as const;

/** What each act on a consent leaves behind, verb by verb: rows, log and jobs. */
describe('an act on a consent', () => {
  let acts: Acts;
  let begun: Date;
  let pupilId: string;
  let pupil: PersonActor;
  let father: string;

  beforeAll(async () => {
    acts = await openActs();
  });
  afterAll(() => acts?.close());
  beforeEach(async () => {
    begun = new Date();
    acts.begin(begun);
    pupilId = await acts.pupil();
    pupil = { ...person([selfOf(pupilId)]), authenticatedAt: begun };
    father = await acts.guardian(pupilId);
    await link(pupil, pupilId);
    await acts.set('pupils', pupilId, { birth_date: bornAgo(18, 1) });
    await acts.told();
  });

  const inDays = (days: number) => new Date(begun.getTime() + days * 86_400_000);
  const day = (days: number) => dayInJapan(inDays(days));

  /** The day so many years, and days, before this one. */
  function bornAgo(years: number, days: number): string {
    const [year = 0, month = 1, date = 1] = day(0).split('-').map(Number);
    return new Date(Date.UTC(year - years, month - 1, date - days)).toISOString().slice(0, 10);
  }

  const selfOf = (id: string): PersonEntitlement => ({ pupilId: id, relation: 'self', scope: whole });

  async function link(actor: PersonActor, of: string, more: Readonly<Record<string, unknown>> = {}) {
    const who = { id: crypto.randomUUID(), pupil_id: of, person_id: actor.personId, school_code: school };
    const issued = { issued_by: 'x', issued_by_key: 'x', check_number: '0', assurance: 'certificate' };
    const confirmed = { linked_at: begun, confirmed_at: begun, confirmed_by: 'x' };
    await acts.admin`insert into pupil_links ${acts.admin({ ...who, ...issued, ...confirmed, relation: 'self', ...more })}`;
  }

  function give(more: Partial<NewConsent> = {}, who: Actor = pupil) {
    return giveConsent(acts.services, who, { guardianId: father, scope: ['records'], until: day(30), ...more });
  }

  async function given(more: Partial<NewConsent> = {}): Promise<string> {
    const { id } = valueOf(await give(more));
    await acts.told();
    return id;
  }

  const by = () => ({ by: `person:${pupil.personId}`, assurance: 'certificate' });
  const byPerson = { outcome: 'done', reason: null, organisation: school, side: 'person', role: 'person' };

  it('gives this much, to this guardian, until this day, and tells the one concerned', async () => {
    const { id } = valueOf(await give({ scope: ['records', 'ledger'] }));
    const rows = acts.admin`select *, until::text as until from guardian_consents where id = ${id}`;
    expect(await rows).toMatchObject([
      {
        pupilId,
        guardianId: father,
        schoolCode: school,
        givenBy: pupil.personId,
        scope: ['records', 'ledger'],
        givenAt: begun,
        until: day(30),
        withdrawnAt: null,
      },
    ]);
    expect(await acts.last()).toEqual({
      ...byPerson,
      name: 'guardian.access-granted',
      detail: { ...by(), guardian: father, consent: id, scope: 'records ledger', until: day(30) },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'access-granted', alsoGuardian: father }]);
  });

  it('gives nothing that cannot be given, and says why', async () => {
    const outcome = (more: Partial<NewConsent> = {}, who: Actor = pupil) => outcomeOf(give(more, who));
    expect(await outcome({ until: day(-1) })).toBe('request.malformed consent.day-passed');
    expect(await outcome({ until: consentUntil(day(1)) })).toBe('request.malformed consent.too-long');
    expect(await outcome({ guardianId: long })).toBe('guardian.not-found');
    expect(await acts.last()).toMatchObject({
      name: 'guardian.access-granted',
      outcome: 'refused',
      reason: 'guardian.not-found',
      organisation: null,
      detail: { guardian: long.slice(0, 64) },
    });
    const elsewhere = await acts.pupil();
    const other = await acts.guardian(elsewhere);
    expect(await outcome({ guardianId: other })).toBe('guardian.not-found');
    // Of somebody who is guardian here, and pupil there.
    expect(await outcome({}, { ...pupil, pupils: [{ ...selfOf(pupilId), relation: 'guardian' }] })).toBe(
      'guardian.not-found',
    );
    expect(await outcome({}, { ...pupil, pupils: [] })).toBe('guardian.not-found');
    for (const state of ['pending', 'disputed', 'ended']) {
      await acts.set('guardians', father, { state });
      expect(await outcome()).toBe('guardian.not-found');
    }
    await acts.set('guardians', father, { state: 'confirmed', valid_until: day(-1) });
    expect(await outcome()).toBe('consent.not-possible over');
    await acts.set('guardians', father, { valid_until: null });
    await acts.set('pupils', pupilId, { birth_date: bornAgo(18, -1) });
    expect(await outcome()).toBe('consent.not-of-age');
    await acts.set('pupils', pupilId, { birth_date: bornAgo(18, 1) });
    await link(pupil, pupilId, { relation: 'guardian', guardian_id: father });
    expect(await outcome()).toBe('consent.not-possible own-record');
    expect(await acts.last()).toMatchObject({ reason: 'own-record' });
    await acts.admin`delete from pupil_links where guardian_id = ${father}`;
    expect(await outcome({ until: consentUntil(day(0)) })).toBe('done');
    expect(await outcome()).toBe('consent.given-already');
    await acts.admin`delete from guardian_consents where guardian_id = ${father}`;
    expect(await outcome({ until: day(0) })).toBe('done');
  });

  it('is the pupil’s alone, by a good proof that is fresh', async () => {
    const outcome = (who: Actor) => outcomeOf(give({}, who));
    expect(await outcome(staff('principal'))).toBe('policy.denied person-only');
    expect(await outcome(machineActor())).toBe('policy.denied person-only');
    expect(await outcome({ kind: 'anonymous' })).toBe('login.required');
    expect(await outcome({ kind: 'unboundStaff', staffId: 'x', sessionId: 'x' })).toBe('login.required');
    // Told by the log-in alone, whatever the id.
    expect(await outcomeOf(give({ guardianId: 'x' }, { ...pupil, assurance: 'schoolCode' }))).toBe(
      'policy.denied school-code-never',
    );
    expect(await outcome({ ...pupil, revocation: 'notChecked' })).toBe('login.not-checked revocation-not-checked');
    expect(await outcome({ ...pupil, authenticatedAt: inDays(-1) })).toMatch(/^login\.fresh-required/);
    expect(await acts.told()).toEqual([]);
  });

  it('is given once when it comes twice at once', async () => {
    const outcomes = await Promise.all([outcomeOf(give()), outcomeOf(give())]);
    expect(outcomes.toSorted()).toEqual(['consent.given-already', 'done']);
  });

  it('is taken back at once, by any log-in of the pupil, and by nobody else', async () => {
    const id = await given();
    const take = (consentId: string, who: Actor = pupil) => outcomeOf(withdrawConsent(acts.services, who, consentId));
    expect(await take(id, person())).toBe('consent.not-found');
    expect(await take(id, { ...pupil, pupils: [{ ...selfOf(pupilId), relation: 'guardian' }] })).toBe(
      'consent.not-found',
    );
    expect(await take(long)).toBe('consent.not-found');
    expect(await acts.last()).toMatchObject({
      name: 'guardian.access-withdrawn',
      reason: 'consent.not-found',
      detail: { consent: long.slice(0, 64) },
    });
    expect(await take(id, staff('principal'))).toBe('policy.denied person-only');
    const paper = { ...pupil, assurance: 'schoolCode', authenticatedAt: inDays(-1) } as const;
    expect(await take(id, paper)).toBe('done');
    expect(await acts.row('guardian_consents', id)).toMatchObject({
      withdrawnAt: begun,
      withdrawnBy: `person:${pupil.personId}`,
    });
    expect(await acts.last()).toEqual({
      ...byPerson,
      name: 'guardian.access-withdrawn',
      detail: { ...by(), assurance: 'schoolCode', consent: id, guardian: father },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'access-withdrawn', alsoGuardian: father }]);
    expect(await take(id)).toBe('consent.not-found');
    expect(await outcomeOf(give())).toBe('done');
  });

  it('is taken back with the pupil’s own link, which the school had confirmed, and with no other', async () => {
    const ids = { guardian: crypto.randomUUID(), waiting: crypto.randomUUID() };
    await link(person(), pupilId, { id: ids.guardian, relation: 'guardian', guardian_id: father });
    await link(person(), pupilId, { id: ids.waiting, confirmed_at: null, confirmed_by: null });
    const id = await given();
    const end = (linkId: string) => outcomeOf(endLink(acts.services, staff('clerk'), linkId));
    for (const linkId of [ids.guardian, ids.waiting]) {
      expect(await end(linkId)).toBe('done');
      expect(await acts.row('guardian_consents', id)).toMatchObject({ withdrawnAt: null });
    }
    const [own] = await acts.admin<{ id: string }[]>`
      select id from pupil_links where person_id = ${pupil.personId} and pupil_id = ${pupilId}`;
    expect(await end(own?.id ?? '')).toBe('done');
    const endedBy = `staff:${staff('clerk').staffId}`;
    expect(await acts.row('guardian_consents', id)).toMatchObject({ withdrawnAt: begun, withdrawnBy: endedBy });
    const event = (await eventsOf(acts.world)).findLast(({ name }) => name === 'guardian.access-withdrawn');
    expect(event).toMatchObject({ outcome: 'done', role: 'clerk', organisation: school });
    expect(event?.detail).toEqual({ consent: id, guardian: father, link: own?.id, by: endedBy });
  });

  describe('as it is listed', () => {
    const list = async (who: Actor = pupil) => valueOf(await listConsents(acts.services, who));

    it('says whom one could let see, and until when', async () => {
      expect(await list()).toEqual([
        {
          pupilId,
          pupilName: '辻󠄀　一',
          ofAgeFrom: ofAgeFrom(bornAgo(18, 1)),
          isOfAge: true,
          latest: consentUntil(day(0)),
          former: [{ id: father, name: '葛城　健一', kana: 'カツラギ　ケンイチ', relation: 'father' }],
          consents: [],
        },
      ]);
      await link(pupil, pupilId, { relation: 'guardian', guardian_id: father });
      expect((await list())[0]?.former).toEqual([]);
      await acts.admin`delete from pupil_links where guardian_id = ${father}`;
      await acts.set('guardians', father, { valid_until: day(-1) });
      expect((await list())[0]?.former).toEqual([]);
      await acts.set('guardians', father, { valid_until: null });
      // Nothing is offered to whoever may not give it now.
      expect((await list({ ...pupil, assurance: 'schoolCode' }))[0]?.former).toEqual([]);
      await acts.set('pupils', pupilId, { birth_date: bornAgo(18, -1) });
      expect(await list()).toMatchObject([
        { isOfAge: false, ofAgeFrom: ofAgeFrom(bornAgo(18, -1)), former: [], consents: [] },
      ]);
    });

    it('says of each what has become of it, the newest first', async () => {
      const first = await given({ scope: ['health'] });
      const view = {
        id: first,
        guardianId: father,
        guardianName: '葛城　健一',
        scope: ['health'],
        givenAt: begun,
        until: day(30),
        withdrawnAt: null,
        state: 'inForce',
      };
      const consents = async () => (await list())[0]?.consents;
      expect(await consents()).toEqual([view]);
      expect((await list())[0]?.former).toEqual([]);
      await acts.set('guardians', father, { state: 'disputed' });
      expect(await consents()).toEqual([{ ...view, guardianName: null, state: 'resting' }]);
      await acts.set('guardians', father, { state: 'confirmed' });
      acts.setDay(30);
      expect(await consents()).toEqual([view]);
      acts.setDay(31);
      expect(await consents()).toEqual([{ ...view, state: 'over' }]);
      acts.setDay(0);
      valueOf(await withdrawConsent(acts.services, pupil, first));
      acts.begin(new Date(begun.getTime() + 1000));
      const { id: second } = valueOf(await give());
      expect(await consents()).toMatchObject([
        { id: second, state: 'inForce' },
        { ...view, withdrawnAt: begun, state: 'withdrawn' },
      ]);
    });

    it('has an entry for each school that knows the person as its pupil, each with its own', async () => {
      const elsewhere = await acts.pupil();
      const mother = await acts.guardian(elsewhere, { name: '真由美' });
      await acts.set('pupils', elsewhere, { birth_date: bornAgo(18, 1) });
      await link(pupil, elsewhere);
      const both = { ...pupil, pupils: [selfOf(pupilId), selfOf(elsewhere)] };
      const [here, there] = [await given(), valueOf(await give({ guardianId: mother }, both)).id];
      const listed = await list(both);
      expect(listed.map((one) => [one.pupilId, one.consents.map(({ id }) => id)])).toEqual([
        [pupilId, [here]],
        [elsewhere, [there]],
      ]);
      expect(await list({ ...pupil, pupils: [] })).toEqual([]);
      expect(await list({ ...pupil, pupils: [{ ...selfOf(pupilId), relation: 'guardian' }] })).toEqual([]);
      expect(await outcomeOf(listConsents(acts.services, staff('clerk')))).toBe('policy.denied person-only');
      expect(await outcomeOf(listConsents(acts.services, { kind: 'anonymous' }))).toBe('login.required');
    });
  });
});
