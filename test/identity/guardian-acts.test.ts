import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { announceMajority } from '../../src/identity/guardians/announce-majority.ts';
import { confirmGuardian } from '../../src/identity/guardians/confirm-guardian.ts';
import { confirmLink } from '../../src/identity/guardians/confirm-link.ts';
import { disputeGuardian, settleDispute } from '../../src/identity/guardians/dispute-guardian.ts';
import { endGuardian, restoreGuardian } from '../../src/identity/guardians/end-guardian.ts';
import { enterGuardian, type NewGuardian } from '../../src/identity/guardians/enter-guardian.ts';
import { findEntitlements } from '../../src/identity/guardians/entitlements.ts';
import { findConfirmedGuardians } from '../../src/identity/guardians/find-guardian.ts';
import { parseGuardianForm } from '../../src/identity/guardians/guardian-form.ts';
import { listGuardians } from '../../src/identity/guardians/list-guardians.ts';
import { listNotices } from '../../src/identity/guardians/list-notices.ts';
import { listPending } from '../../src/identity/guardians/list-pending.ts';
import { tellGuardiansJob } from '../../src/identity/guardians/notify-guardians.ts';
import { changeGuardian, markLinkConfirmed } from '../../src/identity/guardians/store.ts';
import { findGuardianContact, tellGuardiansHandler } from '../../src/identity/guardians/tell-guardians.ts';
import { type IssuedLinkingCode, issueLinkingCode } from '../../src/identity/links/issue-linking-code.ts';
import { redeemLinkingCode } from '../../src/identity/links/redeem-linking-code.ts';
import { drain } from '../../src/notices/drain.ts';
import { guardianMailJob } from '../../src/notices/guardian-mail.ts';
import type { JobPayload } from '../../src/notices/outbox.ts';
import { type PersonActor, type StaffActor, scopeOf } from '../../src/policy/actor.ts';
import type { Result } from '../../src/result.ts';
import { machineActor } from '../policy/support/decisions.ts';
import { type Acts, begun, birthDate, homeroom, openActs, outcomeOf, person, staff, valueOf } from './support/acts.ts';
import { schoolCode } from './support/world.ts';

const school = schoolCode('elementary');
const clerk = staff('clerk');
const principal = staff('principal');
const teacher = staff('homeroomTeacher');
const long = 'x'.repeat(100);
const inDays = (days: number) => new Date(begun.getTime() + days * 86_400_000);

/** What each act on a guardian's record leaves behind, verb by verb: rows, log and jobs. */
describe('an act on a guardian', () => {
  let acts: Acts;
  let pupilId: string;

  beforeAll(async () => {
    acts = await openActs();
  });
  afterAll(() => acts?.close());
  beforeEach(async () => {
    acts.setDay(0);
    pupilId = await acts.pupil();
    await acts.told();
  });

  const done = { organisation: school, side: 'gateway', outcome: 'done', reason: null };
  const by = ({ staffId, assurance }: StaffActor) => ({ by: staffId, assurance });

  const father: Omit<NewGuardian, 'pupilId'> = {
    name: '葛城　健一',
    kana: 'カツラギ　ケンイチ',
    relation: 'father',
    custody: 'joint',
    contactMail: 'kenichi@example.jp',
    scope: ['records', 'ledger'],
    validFrom: null,
    validUntil: null,
  };

  function enter(more: Partial<NewGuardian> = {}, who = clerk) {
    return enterGuardian(acts.services, who, { ...father, pupilId, ...more });
  }

  async function linkOf(guardianId: string | null, who: PersonActor = person()) {
    const relation = guardianId === null ? 'self' : 'guardian';
    const { code } = valueOf(await issueLinkingCode(acts.services, clerk, { pupilId, relation, guardianId }));
    const { linkId, checkNumber } = valueOf(await redeemLinkingCode(acts.services, who, { code, birthDate }));
    return { linkId, checkNumber: checkNumber ?? '', who };
  }

  async function linked(guardianId: string | null, who: PersonActor = person()) {
    const link = await linkOf(guardianId, who);
    valueOf(await confirmLink(acts.services, principal, link));
    await acts.told();
    return link;
  }

  async function consent(guardianId: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const row = { id: crypto.randomUUID(), pupil_id: pupilId, guardian_id: guardianId, school_code: school };
    const terms = { given_by: 'x', scope: acts.admin.json(['health']), given_at: begun, until: '2027-01-01' };
    await acts.admin`insert into guardian_consents ${acts.admin({ ...row, ...terms, ...more })}`;
  }

  it('enters a record that gives nothing yet, and logs who did', async () => {
    const { id } = valueOf(await enter());
    expect(await acts.row('guardians', id)).toMatchObject({
      pupilId,
      schoolCode: school,
      name: father.name,
      kana: father.kana,
      relation: 'father',
      custody: 'joint',
      contactMail: 'kenichi@example.jp',
      seesRecords: true,
      seesHealth: false,
      seesLedger: true,
      validUntil: null,
      state: 'pending',
      enteredBy: clerk.staffId,
      enteredByKey: clerk.personKey,
      enteredAt: begun,
      confirmedAt: null,
      version: 1,
    });
    const days = await acts.admin`select valid_from::text, valid_until::text from guardians where id = ${id}`;
    expect(days).toMatchObject([{ validFrom: '2026-11-20', validUntil: null }]);
    expect(await acts.last()).toEqual({
      ...done,
      name: 'guardian.entered',
      role: 'clerk',
      detail: { ...by(clerk), guardian: id },
    });
    expect(await acts.told()).toEqual([]);
  });

  it('enters none out of its time, of age, too many, or for somebody else’s pupil', async () => {
    const outcome = (more: Partial<NewGuardian>, who = clerk) => outcomeOf(enter(more, who));
    const wrongDays = 'request.malformed guardian.until-before-from';
    expect(await outcome({ validUntil: '2026-11-19' })).toBe(wrongDays);
    expect(await outcome({ validFrom: '2027-01-01', validUntil: '2026-12-31' })).toBe(wrongDays);
    expect(await outcome({ validFrom: '2027-01-01', validUntil: '2027-01-01' })).toBe('done');
    expect(await outcome({ pupilId: 'nobody' })).toBe('pupil.not-found');
    expect(await outcome({}, staff('clerk', 'juniorHigh'))).toBe('pupil.not-found');
    expect(await outcome({}, teacher)).toMatch(/^policy\.denied /);
    await acts.set('guardians', valueOf(await enter()).id, { state: 'ended' });
    for (let count = 1; count < 10; count += 1) expect(await outcome({})).toBe('done');
    expect(await outcome({})).toBe('guardian.too-many');
    expect(await acts.last()).toMatchObject({ name: 'guardian.entered', reason: 'guardian.too-many' });
    await acts.set('pupils', pupilId, { birth_date: '2008-11-20' });
    expect(await outcome({})).toBe('guardian.pupil-of-age');
  });

  it('confirms it by a second person of another name, and tells', async () => {
    const { id } = valueOf(await enter());
    const confirm = (who = principal, guardianId = id) => outcomeOf(confirmGuardian(acts.services, who, guardianId));
    expect(await confirm(clerk)).toMatch(/^policy\.denied /);
    expect(await confirm(principal, long)).toBe('guardian.not-found');
    expect(await acts.last()).toMatchObject({ name: 'guardian.confirmed', detail: { guardian: long.slice(0, 64) } });
    expect(await confirm(staff('principal', 'juniorHigh'))).toBe('guardian.not-found');
    for (const own of [{ entered_by: principal.staffId }, { entered_by: 'x', entered_by_key: principal.personKey }]) {
      await acts.set('guardians', id, own);
      expect(await confirm()).toBe('guardian.four-eyes');
    }
    const [self] = await acts.admin<{ name: string }[]>`select name from staff where id = ${principal.staffId}`;
    await acts.set('guardians', id, { entered_by_key: 'x', name: self?.name });
    expect(await confirm()).toBe('guardian.own-name');
    await acts.set('guardians', id, { name: father.name, corrected_fields: ['name'] });
    expect(await confirm()).toBe('done');
    expect(await acts.row('guardians', id)).toMatchObject({
      state: 'confirmed',
      confirmedBy: principal.staffId,
      confirmedAt: begun,
      correctedFields: null,
      version: 2,
    });
    expect(await acts.last()).toEqual({
      ...done,
      name: 'guardian.confirmed',
      role: 'principal',
      detail: { ...by(principal), guardian: id },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'guardian-confirmed', alsoGuardian: id }]);
    for (const state of ['confirmed', 'disputed', 'ended']) {
      await acts.set('guardians', id, { state });
      expect(await confirm()).toBe(`guardian.wrong-state ${state}`);
    }
  });

  it('suspends it for a reason, and the principal settles it: as it was, or ended', async () => {
    const id = await acts.guardian(pupilId);
    await acts.told();
    const dispute = (guardianId = id, who = clerk) =>
      outcomeOf(disputeGuardian(acts.services, who, { guardianId, reason: '調停中' }));
    const settle = (outcome: 'restored' | 'ended', who = principal) =>
      outcomeOf(settleDispute(acts.services, who, { guardianId: id, outcome, reason: '審判' }));
    expect(await settle('restored')).toBe('guardian.wrong-state confirmed');
    expect(await dispute(long)).toBe('guardian.not-found');
    expect(await acts.last()).toMatchObject({ name: 'guardian.disputed', detail: { guardian: long.slice(0, 64) } });
    expect(await dispute(id, staff('schoolNurse'))).toMatch(/^policy\.denied /);
    expect(await dispute()).toBe('done');
    expect(await acts.row('guardians', id)).toMatchObject({ state: 'disputed', reason: '調停中' });
    const logged = { ...done, detail: { ...by(clerk), guardian: id } };
    expect(await acts.last()).toEqual({ ...logged, name: 'guardian.disputed', role: 'clerk' });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'guardian-disputed' }]);
    expect(await dispute()).toBe('guardian.wrong-state disputed');
    expect(await settle('restored', clerk)).toMatch(/^policy\.denied /);
    expect(await settle('restored')).toBe('done');
    expect(await acts.row('guardians', id)).toMatchObject({ state: 'confirmed', reason: '審判' });
    expect(await acts.last()).toEqual({
      ...done,
      name: 'guardian.settled',
      role: 'principal',
      detail: { ...by(principal), guardian: id, outcome: 'restored' },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'guardian-settled' }]);
    await acts.set('guardians', id, { state: 'disputed', confirmed_at: null });
    expect(await settle('restored')).toBe('done');
    expect(await acts.row('guardians', id)).toMatchObject({ state: 'pending' });
    expect(await dispute()).toBe('done');
    expect(await settle('ended')).toBe('done');
    expect(await acts.row('guardians', id)).toMatchObject({ state: 'ended' });
    const unknown = settleDispute(acts.services, principal, { guardianId: long, outcome: 'ended', reason: 'x' });
    expect(await outcomeOf(unknown)).toBe('guardian.not-found');
    expect(await acts.last()).toMatchObject({ detail: { guardian: long.slice(0, 64), outcome: 'ended' } });
  });

  it('ends it now or on a day to come, and takes that back by two persons', async () => {
    const id = await acts.guardian(pupilId);
    await acts.told();
    const end = (lastDay: string | null, guardianId = id, who = clerk) =>
      outcomeOf(endGuardian(acts.services, who, { guardianId, reason: '転居', lastDay }));
    const restore = (guardianId = id) => outcomeOf(restoreGuardian(acts.services, clerk, guardianId));
    expect(await restore()).toBe('guardian.wrong-state confirmed');
    expect(await end(null, id, teacher)).toMatch(/^policy\.denied /);
    expect(await end('2026-11-19')).toBe('request.malformed guardian.day-passed');
    expect(await end('2026-11-20')).toBe('done');
    const dated = acts.admin`select valid_until::text, state, reason from guardians where id = ${id}`;
    expect(await dated).toMatchObject([{ validUntil: '2026-11-20', state: 'confirmed', reason: '転居' }]);
    expect(await acts.last()).toEqual({
      ...done,
      name: 'guardian.ended',
      role: 'clerk',
      detail: { ...by(clerk), guardian: id, lastDay: '2026-11-20' },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'guardian-ended', alsoGuardian: id }]);
    acts.setDay(1);
    expect(await restore()).toBe('done');
    expect(await acts.row('guardians', id)).toMatchObject({
      state: 'pending',
      reason: null,
      validUntil: null,
      enteredBy: clerk.staffId,
      enteredByKey: clerk.personKey,
      enteredAt: inDays(1),
      confirmedBy: null,
      confirmedAt: null,
    });
    expect(await acts.last()).toMatchObject({ ...done, name: 'guardian.restored', detail: { guardian: id } });
    expect(await end(null)).toBe('done');
    expect(await acts.row('guardians', id)).toMatchObject({ state: 'ended', reason: '転居' });
    expect((await acts.last())?.detail).toEqual({ ...by(clerk), guardian: id });
    expect(await end(null)).toBe('guardian.wrong-state ended');
    expect(await restore()).toBe('done');
    for (const ask of [end(null, long), restore(long)]) {
      expect(await ask).toBe('guardian.not-found');
    }
    expect(await acts.last()).toMatchObject({ detail: { guardian: long.slice(0, 64) } });
  });

  it('is no machine’s and no person’s, and nobody’s before a log-in', async () => {
    const asks: readonly ((who: Parameters<typeof listGuardians>[1]) => Promise<Result<unknown>>)[] = [
      (who) => listGuardians(acts.services, who, pupilId),
      (who) => listPending(acts.services, who),
      (who) => confirmGuardian(acts.services, who, 'x'),
    ];
    for (const ask of asks) {
      expect(await outcomeOf(ask(machineActor()))).toBe('policy.denied staff-only');
      expect(await outcomeOf(ask(person()))).toBe('policy.denied staff-only');
      expect(await outcomeOf(ask({ kind: 'anonymous' }))).toBe('login.required');
    }
  });

  describe('as it is listed', () => {
    const list = async (who = clerk) => valueOf(await listGuardians(acts.services, who, pupilId));

    it('says what stands in the record, and what each may do with it', async () => {
      const id = await acts.guardian(pupilId);
      const listed = await list();
      const view = {
        id,
        pupilId,
        ...father,
        validFrom: '2026-11-20',
        state: 'confirmed',
        consent: null,
        reason: null,
        enteredAt: begun,
        confirmedAt: begun,
        corrected: [],
        version: 2,
        may: ['correct', 'suspend', 'end', 'issueCode'],
      };
      expect(listed).toEqual({
        pupil: { id: pupilId, name: '辻󠄀　一', kana: 'ツジ　ハジメ', homeroom },
        ofAgeFrom: '2030-05-05',
        isOfAge: false,
        guardians: [view],
        codes: [],
        isProtected: false,
        may: { enter: true, issueCode: true, protect: false },
      });
      expect((await list(principal)).may).toEqual({ enter: true, issueCode: true, protect: true });
      expect((await list(teacher)).may).toEqual({ enter: false, issueCode: false, protect: false });
      const mayOf = async (who = clerk) => (await list(who)).guardians[0]?.may;
      expect(await mayOf(teacher)).toEqual(['suspend']);
      await acts.set('guardians', id, { state: 'pending' });
      expect(await mayOf(teacher)).toEqual(['confirm', 'suspend']);
      expect(await mayOf(principal)).toEqual(['confirm', 'correct', 'suspend', 'end', 'issueCode']);
      await acts.set('guardians', id, { entered_by_key: principal.personKey });
      expect(await mayOf(principal)).toEqual(['correct', 'suspend', 'end', 'issueCode']);
      await acts.set('guardians', id, { state: 'disputed' });
      expect(await mayOf(principal)).toEqual(['settle']);
      expect(await mayOf()).toEqual([]);
      await acts.set('guardians', id, { state: 'ended' });
      expect(await mayOf()).toEqual(['restore']);
      expect(await mayOf(teacher)).toEqual([]);
      await acts.set('guardians', id, { state: 'confirmed', valid_from: '2026-01-01', valid_until: '2026-11-19' });
      expect(await mayOf()).toEqual(['correct', 'suspend', 'end', 'restore']);
      expect(await mayOf(staff('vicePrincipal'))).toEqual(['suspend']);
      await acts.set('guardians', id, { valid_until: null, corrected_fields: ['contactMail', 'seesHealth'] });
      await acts.set('pupils', pupilId, { birth_date: '2008-11-20' });
      const ofAge = await list();
      expect([ofAge.isOfAge, ofAge.may.enter]).toEqual([true, false]);
      expect(ofAge.guardians[0]).toMatchObject({ state: 'ofAge', corrected: ['mail', 'scope'], consent: null });
      expect(ofAge.guardians[0]?.may).toEqual(['correct', 'suspend', 'end']);
      await consent(id);
      expect((await list()).guardians[0]).toMatchObject({
        state: 'granted',
        consent: { givenOn: '2026-11-20', until: '2027-01-01', scope: ['health'] },
        may: ['correct', 'suspend', 'end', 'issueCode'],
      });
    });

    it('in the order of entering, and only to the own school and class', async () => {
      const first = await acts.guardian(pupilId);
      acts.setDay(1);
      const second = await acts.guardian(pupilId, { name: '真由美' });
      expect((await list()).guardians.map(({ id }) => id)).toEqual([first, second]);
      await acts.set('pupils', pupilId, { homeroom: '6年2組' });
      const ask = (who: StaffActor) => outcomeOf(listGuardians(acts.services, who, pupilId));
      expect(await ask(teacher)).toMatch(/^pupil\.not-found /);
      expect(await ask(staff('clerk', 'juniorHigh'))).toBe('pupil.not-found');
      expect(await ask(staff('schoolNurse'))).toMatch(/^policy\.denied /);
    });

    it('with the codes that were handed out, the newest first, and what has become of each', async () => {
      const id = await acts.guardian(pupilId);
      const issue = async (guardianId: string | null): Promise<IssuedLinkingCode> => {
        const relation = guardianId === null ? 'self' : 'guardian';
        return valueOf(await issueLinkingCode(acts.services, clerk, { pupilId, relation, guardianId }));
      };
      const { id: code } = await issue(id);
      const stateWhen = async (changes: Readonly<Record<string, unknown>>) => {
        await acts.set('linking_codes', code, changes);
        return (await list()).codes[0]?.state;
      };
      expect((await list()).codes).toEqual([
        { id: code, relation: 'guardian', guardianId: id, state: 'open', issuedAt: begun, expiresAt: inDays(14) },
      ]);
      expect(await stateWhen({ failed_tries: 4 })).toBe('open');
      expect(await stateWhen({ failed_tries: 5 })).toBe('wornOut');
      expect(await stateWhen({ expires_at: begun })).toBe('expired');
      expect(await stateWhen({ withdrawn_at: begun })).toBe('withdrawn');
      expect(await stateWhen({ redeemed_at: begun })).toBe('used');
      acts.setDay(1);
      const { id: own } = await issue(null);
      expect((await list()).codes.map((one) => one.id)).toEqual([own, code]);
    });
  });

  it('lists what waits for a second person, with what is known of whoever asked', async () => {
    await acts.admin`delete from pupil_links`;
    await acts.admin`update guardians set state = 'ended' where pupil_id <> ${pupilId}`;
    const confirmed = await acts.guardian(pupilId);
    const { linkId } = await linkOf(confirmed);
    const pending = await acts.guardian(pupilId, { name: '真由美' }, 'pending');
    acts.setDay(1);
    const { linkId: second } = await linkOf(pending);
    const { linkId: own } = await linkOf(null);
    acts.setDay(0);
    const list = async (who = principal) => valueOf(await listPending(acts.services, who));
    const pupil = { id: pupilId, name: '辻󠄀　一', kana: 'ツジ　ハジメ', homeroom };
    const [issuer] = await acts.admin<{ name: string }[]>`select name from staff where id = ${clerk.staffId}`;
    const { links, guardians } = await list();
    const viewOf = (id: string, state: string): unknown => expect.objectContaining({ id, state });
    expect(links[0]).toEqual({
      id: linkId,
      pupil,
      relation: 'guardian',
      guardian: viewOf(confirmed, 'confirmed'),
      askedAt: begun,
      assurance: 'certificate',
      issuedBy: issuer?.name,
      namedLikeIssuer: false,
      may: { confirm: true, refuse: true },
    });
    expect(
      links
        .map(({ id }) => id)
        .slice(1)
        .toSorted(),
    ).toEqual([second, own].toSorted());
    expect(links.find(({ id }) => id === own)).toMatchObject({
      relation: 'self',
      guardian: null,
      namedLikeIssuer: false,
    });
    expect(guardians).toEqual([{ pupil, guardian: viewOf(pending, 'pending') }]);
    const mayOf = async (id: string, who = principal) => (await list(who)).links.find((link) => link.id === id)?.may;
    expect(await mayOf(linkId, clerk)).toEqual({ confirm: false, refuse: true });
    expect(await mayOf(linkId, teacher)).toEqual({ confirm: true, refuse: true });
    await acts.set('pupil_links', linkId, { issued_by_key: principal.personKey });
    expect(await mayOf(linkId)).toEqual({ confirm: false, refuse: true });
    await acts.set('pupil_links', linkId, { issued_by_key: 'x', issued_by: 'nobody' });
    await acts.set('guardians', confirmed, { entered_by_key: principal.personKey });
    expect(await mayOf(linkId)).toEqual({ confirm: true, refuse: true });
    expect((await list()).links.find(({ id }) => id === linkId)).toMatchObject({ issuedBy: '' });
    await acts.set('guardians', pending, { entered_by_key: principal.personKey, name: issuer?.name });
    expect(await mayOf(second)).toEqual({ confirm: false, refuse: true });
    expect((await list()).links.find(({ id }) => id === second)).toMatchObject({ namedLikeIssuer: true });
    await acts.set('guardians', confirmed, { state: 'disputed' });
    expect(await mayOf(linkId)).toEqual({ confirm: false, refuse: true });
    expect((await list()).guardians.map(({ guardian }) => guardian.state).toSorted()).toEqual(['disputed', 'pending']);
    await acts.set('pupils', pupilId, { homeroom: '6年2組' });
    expect(await list(teacher)).toEqual({ links: [], guardians: [] });
    expect(await list(staff('principal', 'juniorHigh'))).toEqual({ links: [], guardians: [] });
    expect(await outcomeOf(listPending(acts.services, staff('schoolNurse')))).toMatch(/^policy\.denied /);
  });

  describe('is told', () => {
    async function tell(payload: JobPayload) {
      const handler = tellGuardiansHandler(acts.services);
      const job = { id: crypto.randomUUID(), kind: tellGuardiansJob, payload, attempt: 1, createdAt: begun };
      await handler(job, AbortSignal.timeout(5000));
      await handler(job, AbortSignal.timeout(5000));
      const mails: JobPayload[] = [];
      await drain(acts.world.database, {
        [guardianMailJob]: async (mail) => void mails.push(mail.payload),
        [tellGuardiansJob]: async () => undefined,
      });
      const notices = await acts.admin<{ receiver: string; personId: string | null; subject: string; at: Date }[]>`
        select receiver, person_id, subject, at from guardian_notices where job_id = ${job.id}`;
      return { mails, notices: [...notices] };
    }

    it('to those with custody and to the pupil, each once, and not to whoever did it or is in dispute', async () => {
      const [one, two] = [await acts.guardian(pupilId), await acts.guardian(pupilId, { contactMail: null })];
      const care = await acts.guardian(pupilId, { custody: 'none' });
      const { who } = await linked(two);
      const { who: self } = await linked(null);
      const notice = { subject: 'link-made', at: begun };
      const toOne = { ...notice, receiver: `guardian:${one}`, personId: null };
      const toTwo = { ...notice, receiver: `guardian:${two}`, personId: who.personId };
      const toSelf = { ...notice, receiver: `person:${self.personId}`, personId: self.personId };
      const told = await tell({ pupilId, subject: 'link-made' });
      expect(told.mails).toEqual([{ guardian: one, subject: 'link-made' }]);
      expect(told.notices).toHaveLength(3);
      expect(told.notices).toEqual(expect.arrayContaining([toOne, toTwo, toSelf]));
      const without = async (exceptPerson: string) =>
        (await tell({ pupilId, subject: 'link-made', exceptPerson })).notices
          .map(({ receiver }) => receiver)
          .toSorted();
      expect(await without(who.personId)).toEqual([toOne.receiver, toSelf.receiver].toSorted());
      expect(await without(self.personId)).toEqual([toOne.receiver, toTwo.receiver].toSorted());
      const also = await tell({ pupilId, subject: 'link-made', alsoGuardian: care });
      expect(also.mails).toEqual(expect.arrayContaining([{ guardian: care, subject: 'link-made' }]));
      await acts.set('guardians', care, { state: 'disputed' });
      await acts.set('guardians', one, { state: 'disputed' });
      expect((await tell({ pupilId, subject: 'link-made', alsoGuardian: care })).mails).toEqual([]);
    });

    it('on their own page: the newest twenty, by name only while they may know it', async () => {
      const { who } = await linked(await acts.guardian(pupilId));
      for (let day = 0; day < 21; day += 1) {
        acts.setDay(day);
        await tell({ pupilId, subject: 'link-made' });
      }
      const list = async (pupils: PersonActor['pupils']) =>
        valueOf(await listNotices(acts.services, { ...who, pupils }));
      const now = await list([{ pupilId, relation: 'guardian', scope: ['records'] }]);
      expect(now).toHaveLength(20);
      expect(now[0]).toEqual({ pupilId, pupilName: '辻󠄀　一', subject: 'link-made', requestId: null, at: inDays(20) });
      expect(now[19]?.at).toEqual(inDays(1));
      expect((await list([]))[0]).toMatchObject({ pupilId, pupilName: null });
      const ask = (actor: Parameters<typeof listNotices>[1]) => outcomeOf(listNotices(acts.services, actor));
      expect(await ask(clerk)).toBe('policy.denied person-only');
      expect(await ask({ kind: 'anonymous' })).toBe('login.required');
      expect(await ask({ kind: 'unboundStaff', staffId: 'x', sessionId: 'x' })).toBe('login.required');
    });

    it('at the address of the record, of a change of it at the former one, and nothing that nobody knows', async () => {
      const id = await acts.guardian(pupilId);
      const contact = (guardian: string, subject: 'link-made' | 'guardian-mail-changed') =>
        findGuardianContact(acts.world.database, { guardian, subject });
      expect(await contact(id, 'link-made')).toBe('kenichi@example.jp');
      expect(await contact(id, 'guardian-mail-changed')).toBeNull();
      await acts.set('guardians', id, { former_mail: 'former@example.jp' });
      expect(await contact(id, 'guardian-mail-changed')).toBe('former@example.jp');
      expect(await contact('nobody', 'link-made')).toBeNull();
      await expect(tell({ pupilId, subject: 'nothing' })).rejects.toThrow('it needs pupilId and subject');
      await expect(tell({ subject: 'link-made' })).rejects.toThrow('it needs pupilId and subject');
    });

    it('that the pupil comes of age: thirty days ahead and on the day, of records in force', async () => {
      await acts.admin`update guardians set state = 'ended'`;
      const id = await acts.guardian(pupilId);
      await acts.told();
      const announced = async (born: string) => {
        await acts.set('pupils', pupilId, { birth_date: born });
        await acts.set('guardians', id, { majority_ahead_at: null, majority_told_at: null });
        const count = await announceMajority(acts.services);
        return [count, ...(await acts.told()).map(({ subject }) => subject)];
      };
      expect(await announced('2008-12-21')).toEqual([0]);
      expect(await announced('2008-12-20')).toEqual([1, 'majority-ahead']);
      expect(await acts.row('guardians', id)).toMatchObject({ majorityAheadAt: begun, majorityToldAt: null });
      expect(await announced('2008-11-21')).toEqual([1, 'majority-ahead']);
      expect(await announced('2008-11-20')).toEqual([1, 'majority-reached']);
      expect(await acts.row('guardians', id)).toMatchObject({ majorityAheadAt: null, majorityToldAt: begun });
      expect(await announceMajority(acts.services)).toBe(0);
      const other = await acts.guardian(pupilId).catch(() => null);
      expect(other).toBeNull();
      await acts.set('guardians', id, { state: 'pending' });
      expect(await announced('2008-11-20')).toEqual([0]);
    });
  });

  it('lets its person see the pupil from the confirmation on, as far as the school has said', async () => {
    const id = await acts.guardian(pupilId);
    const link = await linkOf(id);
    const seen = () =>
      acts.world.database.transaction(scopeOf(link.who), (tx) => findEntitlements(tx, link.who.personId, '2026-11-20'));
    expect(await seen()).toEqual([]);
    valueOf(await confirmLink(acts.services, principal, link));
    expect(await seen()).toEqual([{ pupilId, relation: 'guardian', scope: ['records', 'ledger'] }]);
    await acts.set('guardians', id, { state: 'disputed' });
    expect(await seen()).toEqual([]);
    const { who } = await linked(null);
    const own = acts.world.database.transaction(scopeOf(who), (tx) => findEntitlements(tx, who.personId, '2026-11-20'));
    expect(await own).toEqual([{ pupilId, relation: 'self', scope: ['records', 'health', 'ledger'] }]);
    const confirmed = await acts.guardian(pupilId, { name: '真由美' });
    const found = acts.world.database.transaction(scopeOf(clerk), (tx) => findConfirmedGuardians(tx, pupilId));
    expect(await found).toEqual([{ id: confirmed, name: '真由美' }]);
  });

  it('fails aloud when what lay under the lock is not there', async () => {
    const run = (work: Parameters<typeof acts.world.database.transaction<unknown>>[1]) =>
      acts.world.database.transaction(systemScope('linking'), work);
    const id = await acts.guardian(pupilId);
    await expect(run((tx) => changeGuardian(tx, { id, version: 9 }, { state: 'ended' }))).rejects.toThrow(
      'could not be changed',
    );
    const { linkId } = await linked(id);
    await expect(run((tx) => markLinkConfirmed(tx, { linkId, by: 'x', at: begun }))).rejects.toThrow(
      'could not be confirmed',
    );
  });
});

describe('the form of a guardian', () => {
  const full = {
    name: ' 葛城　健一 ',
    kana: 'カツラギ',
    relation: 'father',
    custody: 'joint',
    contactMail: 'kenichi@example.jp',
    validUntil: '2029-03-31',
    scope: ['records', 'health'],
  };

  it('is read as the API has it; an empty field is none, and one box is a list', () => {
    const read = { ...full, name: '葛城　健一' };
    expect(parseGuardianForm(full)).toMatchObject({
      ok: true,
      value: { value: { ...read, validFrom: null }, values: read },
    });
    const bare = { ...full, contactMail: '', validUntil: '', scope: 'records' };
    expect(parseGuardianForm(bare)).toMatchObject({
      ok: true,
      value: { value: { contactMail: null, validUntil: null, scope: ['records'] }, values: { scope: ['records'] } },
    });
    const { contactMail: _, validUntil: __, ...less } = full;
    expect(parseGuardianForm(less)).toMatchObject({
      ok: true,
      value: { value: { contactMail: null, validUntil: null } },
    });
  });

  it('says of each field what is wrong, and keeps what was typed', () => {
    const wrong = parseGuardianForm({ contactMail: 'nowhere', validUntil: 'soon', name: 'x', scope: undefined });
    expect(wrong).toMatchObject({
      ok: false,
      fault: {
        values: { name: 'x', contactMail: 'nowhere', validUntil: 'soon', scope: [] },
        errors: {
          kana: 'guardian.field-missing',
          relation: 'component.choose',
          custody: 'component.choose',
          contactMail: 'guardian.mail-wrong',
          validUntil: 'guardian.field-missing',
          scope: 'guardian.scope-missing',
        },
      },
    });
    expect(wrong.ok ? [] : Object.keys(wrong.fault.errors)).not.toContain('name');
  });
});
