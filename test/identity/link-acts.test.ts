import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirmLink } from '../../src/identity/guardians/confirm-link.ts';
import { endLink } from '../../src/identity/guardians/end-link.ts';
import { withdrawLinkingCode } from '../../src/identity/guardians/withdraw-code.ts';
import { type CodeFor, issueLinkingCode, linkingCodeHash } from '../../src/identity/links/issue-linking-code.ts';
import { listLinkablePupils, listLinks } from '../../src/identity/links/links.ts';
import { redeemLinkingCode } from '../../src/identity/links/redeem-linking-code.ts';
import type { PersonActor } from '../../src/policy/actor.ts';
import { machineActor } from '../policy/support/decisions.ts';
import { type Acts, begun, birthDate, homeroom, openActs, outcomeOf, person, staff, valueOf } from './support/acts.ts';
import { origin, schoolCode } from './support/world.ts';

const school = schoolCode('elementary');
const clerk = staff('clerk');
const principal = staff('principal');
const teacher = staff('homeroomTeacher');
const long = 'x'.repeat(100);
const inDays = (days: number) => new Date(begun.getTime() + days * 86_400_000);

/** What each act on a link or its code leaves behind, verb by verb: rows, log and jobs. */
describe('an act on a link', () => {
  let acts: Acts;
  let pupilId: string;
  let father: string;
  let asker: PersonActor;

  beforeAll(async () => {
    acts = await openActs();
  });
  afterAll(() => acts?.close());
  beforeEach(async () => {
    acts.setDay(0);
    pupilId = await acts.pupil();
    father = await acts.guardian(pupilId);
    asker = person();
    await acts.told();
  });

  const bySchool = { organisation: school, side: 'gateway', role: 'clerk', outcome: 'done', reason: null };
  const by = { by: clerk.staffId, assurance: 'organisationMember' };

  function issue(more: Partial<CodeFor> = {}, who = clerk) {
    return issueLinkingCode(acts.services, who, { pupilId, relation: 'guardian', guardianId: father, ...more });
  }
  const ofPupil = { relation: 'self', guardianId: null } as const;

  function redeem(code: string, who = asker, born = birthDate) {
    return redeemLinkingCode(acts.services, who, { code, birthDate: born });
  }

  async function asked(more: Partial<CodeFor> = {}, who = asker) {
    const { linkId, checkNumber } = valueOf(await redeem(valueOf(await issue(more)).code, who));
    await acts.told();
    return { linkId, checkNumber: checkNumber ?? '' };
  }

  async function linked(more: Partial<CodeFor> = {}, who = asker): Promise<string> {
    const link = await asked(more, who);
    valueOf(await confirmLink(acts.services, principal, link));
    await acts.told();
    return link.linkId;
  }

  it('issues a code for fourteen days, for the pupil or one guardian, and logs who did', async () => {
    const issued = valueOf(await issue());
    expect(issued.address).toBe(`${origin}/links/new#code=${issued.code}`);
    expect(issued.expiresAt).toEqual(inDays(14));
    expect(await acts.row('linking_codes', issued.id)).toMatchObject({
      codeHash: linkingCodeHash(issued.code),
      pupilId,
      schoolCode: school,
      relation: 'guardian',
      guardianId: father,
      issuedBy: clerk.staffId,
      issuedByKey: clerk.personKey,
      issuedAt: begun,
      expiresAt: inDays(14),
      redeemedAt: null,
    });
    expect(await acts.last()).toEqual({
      ...bySchool,
      name: 'linking-code.issued',
      detail: { ...by, code: issued.id, pupil: pupilId },
    });
    const own = valueOf(await issue(ofPupil));
    expect(await acts.row('linking_codes', own.id)).toMatchObject({ relation: 'self', guardianId: null });
  });

  it('stores of a code what stands here, or nobody could redeem theirs any more', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(linkingCodeHash('abcde-00000-11111-22222-33333-4')).toBe(
      hash('hikitsugi/linking-code/ABCDE000001111122222333334'),
    );
    expect(linkingCodeHash('none')).toBe(hash('hikitsugi/linking-code/'));
  });

  it('issues no code for whom there is none, and says why', async () => {
    expect(await outcomeOf(issue({ relation: 'self' }))).toBe('request.malformed problem.field');
    expect(await outcomeOf(issue({ guardianId: null }))).toBe('request.malformed linking.guardian-missing');
    expect(await outcomeOf(issue({ guardianId: 'nobody' }))).toBe('guardian.not-found');
    const other = await acts.guardian(await acts.pupil());
    expect(await outcomeOf(issue({ guardianId: other }))).toBe('guardian.not-found');
    for (const state of ['disputed', 'ended']) {
      await acts.set('guardians', father, { state });
      expect(await outcomeOf(issue())).toBe(`guardian.wrong-state ${state}`);
      expect(await acts.last()).toMatchObject({ name: 'linking-code.issued', outcome: 'refused', reason: state });
    }
    await acts.set('guardians', father, { state: 'pending' });
    expect(await outcomeOf(issue())).toBe('done');
    await acts.set('pupils', pupilId, { birth_date: '2008-11-20' });
    expect(await outcomeOf(issue())).toBe('guardian.pupil-of-age');
    expect(await outcomeOf(issue(ofPupil))).toBe('done');
    expect(await outcomeOf(issue({ pupilId: long }))).toBe('pupil.not-found');
    expect(await acts.last()).toMatchObject({ reason: 'pupil.not-found', detail: { pupil: long.slice(0, 64) } });
    expect(await outcomeOf(issue({}, staff('vicePrincipal')))).toMatch(/^policy\.denied /);
  });

  it('asks for the link by a code, once, and tells the others', async () => {
    const { id: codeId, code } = valueOf(await issue());
    const { linkId, ...answer } = valueOf(await redeem(code));
    const checkNumber: unknown = expect.stringMatching(/^\d{6}$/);
    expect(answer).toEqual({ relation: 'guardian', state: 'pending', checkNumber });
    expect(await acts.row('pupil_links', linkId)).toMatchObject({
      pupilId,
      personId: asker.personId,
      schoolCode: school,
      relation: 'guardian',
      guardianId: father,
      linkedAt: begun,
      assurance: 'certificate',
      checkNumber: answer.checkNumber,
      issuedBy: clerk.staffId,
      issuedByKey: clerk.personKey,
      confirmedAt: null,
      endedAt: null,
    });
    expect(await acts.row('linking_codes', codeId)).toMatchObject({ redeemedAt: begun, redeemedBy: asker.personId });
    expect(await acts.last()).toEqual({
      name: 'linking-code.redeemed',
      outcome: 'done',
      reason: null,
      organisation: school,
      side: 'person',
      role: 'person',
      detail: { person: asker.personId, assurance: 'certificate', link: linkId },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'link-made', exceptPerson: asker.personId }]);
  });

  it('finds the same link again by another code, and another one of another kind', async () => {
    const { linkId, checkNumber } = await asked();
    const again = valueOf(await redeem(valueOf(await issue()).code));
    expect(again).toEqual({ linkId, relation: 'guardian', state: 'pending', checkNumber });
    expect(await acts.told()).toEqual([]);
    valueOf(await confirmLink(acts.services, principal, { linkId, checkNumber }));
    const confirmed = valueOf(await redeem(valueOf(await issue()).code));
    expect(confirmed).toEqual({ linkId, relation: 'guardian', state: 'confirmed', checkNumber: null });
    const mother = await acts.guardian(pupilId, { name: '真由美', relation: 'mother' });
    expect((await asked({ guardianId: mother })).linkId).not.toBe(linkId);
    expect(valueOf(await redeem(valueOf(await issue(ofPupil)).code)).relation).toBe('self');
  });

  it('refuses a code that is over, with the reason in the log alone', async () => {
    const { id, code } = valueOf(await issue());
    const refusedFor = async (born = birthDate) => {
      const outcome = await outcomeOf(redeem(code, person(), born));
      expect(await acts.last()).toMatchObject({ outcome: 'refused', organisation: school });
      expect(outcome).toBe(`link.refused ${(await acts.last())?.reason ?? ''}`);
      return outcome.replace('link.refused ', '');
    };
    expect(await refusedFor('2012-05-06')).toBe('birth-date-differs');
    expect(await acts.row('linking_codes', id)).toMatchObject({ failedTries: 1 });
    for (const [changes, reason] of [
      [{ redeemed_at: begun }, 'code-used'],
      [{ redeemed_at: null, withdrawn_at: begun }, 'code-withdrawn'],
      [{ withdrawn_at: null, expires_at: begun }, 'code-expired'],
      [{ expires_at: inDays(1), failed_tries: 5 }, 'code-worn-out'],
    ] as const) {
      await acts.set('linking_codes', id, changes);
      expect(await refusedFor()).toBe(reason);
    }
    await acts.set('linking_codes', id, { failed_tries: 4 });
    for (const [changes, reason] of [
      [{ state: 'disputed' }, 'guardian-disputed'],
      [{ state: 'ended' }, 'guardian-ended'],
      [{ state: 'confirmed', valid_until: '2026-11-19' }, 'guardian-over'],
    ] as const) {
      await acts.set('guardians', father, changes);
      expect(await refusedFor()).toBe(reason);
      await acts.set('linking_codes', id, { failed_tries: 4 });
    }
    await acts.set('guardians', father, { valid_until: null });
    await acts.set('pupils', pupilId, { birth_date: '2008-11-20' });
    expect(await refusedFor('2008-11-20')).toBe('guardian-ofAge');
    await acts.set('linking_codes', id, { failed_tries: 4 });
    await acts.set('guardians', father, { state: 'pending' });
    expect(await refusedFor('2008-11-20')).toBe('guardian-pending');
    await acts.set('linking_codes', id, { failed_tries: 4 });
    await acts.set('pupils', pupilId, { birth_date: birthDate });
    await acts.set('guardians', father, { state: 'confirmed', valid_from: '2026-11-21' });
    expect(await outcomeOf(redeem(code))).toBe('done');
  });

  it('takes a code for a guardian whom nobody has confirmed yet, whose link then waits with the record', async () => {
    await acts.set('guardians', father, { state: 'pending' });
    expect(await outcomeOf(redeem(valueOf(await issue()).code))).toBe('done');
  });

  it('is asked for by no paper of the school and no card that nobody could check', async () => {
    const { code } = valueOf(await issue());
    expect(await outcomeOf(redeem(code, { ...asker, assurance: 'schoolCode' }))).toMatch(/^policy\.denied /);
    expect(await outcomeOf(redeem(code, { ...asker, revocation: 'notChecked' }))).toBe('login.not-checked');
    expect(await acts.last()).toMatchObject({
      name: 'linking-code.redeemed',
      reason: 'session-not-checked',
      organisation: null,
      detail: { person: asker.personId },
    });
    for (let tried = 0; tried < 10; tried += 1) expect(await outcomeOf(redeem('no code'))).toMatch(/^link\.refused/);
    expect(await outcomeOf(redeem(code))).toBe('link.locked');
    expect(await acts.last()).toMatchObject({ reason: 'person-locked', organisation: null });
    acts.setDay(1);
    expect(await outcomeOf(redeem(code, { ...asker, authenticatedAt: inDays(1) }))).toBe('done');
  });

  it('withdraws a code that was not used, once', async () => {
    const { id } = valueOf(await issue());
    const withdraw = (codeId: string, who = clerk) => outcomeOf(withdrawLinkingCode(acts.services, who, codeId));
    expect(await withdraw(id, staff('clerk', 'juniorHigh'))).toBe('linking-code.not-found');
    expect(await withdraw(id, teacher)).toMatch(/^policy\.denied /);
    expect(await withdraw(id)).toBe('done');
    expect(await acts.row('linking_codes', id)).toMatchObject({ withdrawnAt: begun, withdrawnBy: clerk.staffId });
    expect(await acts.last()).toEqual({ ...bySchool, name: 'linking-code.withdrawn', detail: { ...by, code: id } });
    expect(await withdraw(id)).toBe('linking-code.not-found');
    expect(await withdraw(long)).toBe('linking-code.not-found');
    expect(await acts.last()).toMatchObject({ outcome: 'refused', detail: { code: long.slice(0, 64) } });
  });

  it('is confirmed by the number as people write it, and takes the place of the one before', async () => {
    const before = await linked();
    const other = person();
    const { linkId, checkNumber } = await asked({}, other);
    const confirm = (number: string, id = linkId, who = principal) =>
      outcomeOf(confirmLink(acts.services, who, { linkId: id, checkNumber: number }));
    expect(await confirm(checkNumber === '000000' ? '000001' : '000000')).toBe('link.number-differs');
    expect(await confirm(checkNumber, 'none')).toBe('link.not-found');
    expect(await confirm(checkNumber, linkId, clerk)).toMatch(/^policy\.denied /);
    expect(await confirm(checkNumber, linkId, staff('principal', 'juniorHigh'))).toBe('link.not-found');
    expect(await acts.row('pupil_links', before)).toMatchObject({ endedAt: null });
    const wide = checkNumber.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    expect(await confirm(` ${wide.slice(0, 3)}-${wide.slice(3)} `)).toBe('done');
    const actor = `staff:${principal.staffId}`;
    expect(await acts.row('pupil_links', linkId)).toMatchObject({ confirmedBy: actor, confirmedAt: begun });
    expect(await acts.row('pupil_links', before)).toMatchObject({
      endedAt: begun,
      endedBy: actor,
      replacedBy: linkId,
    });
    expect(await acts.last()).toEqual({
      ...bySchool,
      name: 'person.linked',
      role: 'principal',
      detail: { by: principal.staffId, assurance: 'organisationMember', link: linkId },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'link-confirmed', alsoGuardian: father }]);
    expect(await confirm(checkNumber)).toBe('guardian.wrong-state link-confirmed');
    expect(await confirm(checkNumber, long)).toBe('link.not-found');
    expect(await acts.last()).toMatchObject({ detail: { link: long.slice(0, 64) } });
    // The pupil's own takes the place of the pupil's own, and of no guardian's.
    const [first, second] = [await linked(ofPupil), await linked(ofPupil, person())];
    expect(await acts.row('pupil_links', first)).toMatchObject({ replacedBy: second });
    expect(await acts.row('pupil_links', linkId)).toMatchObject({ endedAt: null });
  });

  it('confirms a record that waits with its link, by somebody who did neither', async () => {
    const waiting = await acts.guardian(pupilId, {}, 'pending');
    const link = await asked({ guardianId: waiting });
    const confirm = (who = principal) => outcomeOf(confirmLink(acts.services, who, link));
    await acts.set('guardians', waiting, { entered_by: principal.staffId, entered_by_key: 'other' });
    expect(await confirm()).toBe('guardian.four-eyes');
    await acts.set('guardians', waiting, { entered_by: 'other', entered_by_key: principal.personKey });
    expect(await confirm()).toBe('guardian.four-eyes');
    await acts.set('guardians', waiting, { entered_by_key: 'other' });
    await acts.set('pupil_links', link.linkId, { issued_by: principal.staffId });
    expect(await confirm()).toBe('guardian.four-eyes');
    await acts.set('pupil_links', link.linkId, { issued_by: 'other' });
    const [self] = await acts.admin<{ name: string }[]>`select name from staff where id = ${principal.staffId}`;
    await acts.set('guardians', waiting, { name: (self?.name ?? '').replace(/\s/g, '') });
    expect(await confirm()).toBe('guardian.own-name');
    await acts.set('guardians', waiting, { name: '葛城' });
    for (const state of ['disputed', 'ended']) {
      await acts.set('guardians', waiting, { state });
      expect(await confirm()).toBe(`guardian.wrong-state ${state}`);
    }
    await acts.set('guardians', waiting, { state: 'pending' });
    expect(await confirm()).toBe('done');
    expect(await acts.row('guardians', waiting)).toMatchObject({
      state: 'confirmed',
      confirmedBy: principal.staffId,
      confirmedAt: begun,
    });
    // Whoever entered a record that another has confirmed may confirm its link.
    const second = await asked({ guardianId: waiting }, person());
    await acts.set('guardians', waiting, { entered_by: principal.staffId, confirmed_by: 'other' });
    expect(await outcomeOf(confirmLink(acts.services, principal, second))).toBe('done');
    expect(await acts.row('guardians', waiting)).toMatchObject({ confirmedBy: 'other' });
  });

  it('ends by the school, with what a pupil of age has given by it', async () => {
    const linkId = await linked();
    const end = (id: string, who = clerk) => outcomeOf(endLink(acts.services, who, id));
    expect(await end(linkId, staff('clerk', 'juniorHigh'))).toBe('link.not-found');
    expect(await end(linkId, staff('schoolNurse'))).toMatch(/^policy\.denied /);
    expect(await end(linkId)).toBe('done');
    const endedBy = `staff:${clerk.staffId}`;
    expect(await acts.row('pupil_links', linkId)).toMatchObject({ endedAt: begun, endedBy });
    expect(await acts.last()).toEqual({ ...bySchool, name: 'person.unlinked', detail: { ...by, link: linkId } });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'link-ended', alsoGuardian: father }]);
    expect(await end(linkId)).toBe('link.not-found');
    expect(await end(long)).toBe('link.not-found');
    expect(await acts.last()).toMatchObject({ reason: 'link.not-found', detail: { link: long.slice(0, 64) } });
    const own = await linked(ofPupil);
    const consent = { id: crypto.randomUUID(), pupil_id: pupilId, guardian_id: father, school_code: school };
    const terms = { given_by: asker.personId, scope: '["records"]', given_at: begun, until: '2027-01-01' };
    await acts.admin`insert into guardian_consents ${acts.admin({ ...consent, ...terms })}`;
    expect(await end(own, teacher)).toBe('done');
    expect(await acts.row('guardian_consents', consent.id)).toMatchObject({ withdrawnAt: begun });
    const told = await acts.told();
    expect(told).toHaveLength(2);
    expect(told).toContainEqual({ pupilId, subject: 'access-withdrawn', alsoGuardian: father });
    expect(told).toContainEqual({ pupilId, subject: 'link-ended' });
  });

  it('ends by the person themselves, at once, and by nobody else', async () => {
    const linkId = await linked();
    const end = (id: string, who: PersonActor = asker) => outcomeOf(endLink(acts.services, who, id));
    expect(await end(linkId, person())).toBe('link.not-found');
    expect(await acts.last()).toMatchObject({ reason: 'link-not-found', organisation: null });
    expect(await end(linkId, { ...asker, assurance: 'schoolCode' })).toMatch(/^policy\.denied /);
    expect(await acts.row('pupil_links', linkId)).toMatchObject({ endedAt: null });
    expect(await end(linkId)).toBe('done');
    const endedBy = `person:${asker.personId}`;
    expect(await acts.row('pupil_links', linkId)).toMatchObject({ endedAt: begun, endedBy });
    expect(await acts.last()).toEqual({
      name: 'person.unlinked',
      outcome: 'done',
      reason: null,
      organisation: school,
      side: 'person',
      role: 'person',
      detail: { link: linkId, by: endedBy, assurance: 'certificate' },
    });
    expect(await acts.told()).toEqual([{ pupilId, subject: 'link-ended' }]);
    expect(await end(linkId)).toBe('link.not-found');
    expect(await end(long)).toBe('link.not-found');
    expect(await acts.last()).toMatchObject({ detail: { link: long.slice(0, 64) } });
  });

  describe('as it is listed', () => {
    const listed = async (who: Parameters<typeof listLinks>[1], of: string | null = pupilId) =>
      valueOf(await listLinks(acts.services, who, of));

    it('to its person: with the number while it waits, with the name once it is confirmed', async () => {
      const { linkId, checkNumber } = await asked();
      const scope = ['records', 'ledger'];
      const known = { id: linkId, pupilId, schoolCode: school, relation: 'guardian', guardianId: father };
      const waiting = { ...known, scope, linkedAt: begun, pupilName: null, state: 'pending', checkNumber };
      // The second wall shuts the pupil until the link is confirmed: not even the age is known.
      expect(await listed(asker, null)).toEqual([{ ...waiting, until: null }]);
      expect(await listed(clerk)).toEqual([
        { ...waiting, until: '2030-05-04', pupilName: '辻󠄀　一', checkNumber: null },
      ]);
      valueOf(await confirmLink(acts.services, principal, { linkId, checkNumber }));
      const confirmed = { ...waiting, pupilName: '辻󠄀　一', state: 'confirmed', checkNumber: null };
      await acts.set('guardians', father, { valid_until: '2028-03-31' });
      expect(await listed(asker, null)).toEqual([{ ...confirmed, until: '2028-03-31' }]);
      await acts.set('guardians', father, { valid_until: '2031-03-31' });
      expect(await listed(asker, null)).toEqual([{ ...confirmed, until: '2030-05-04' }]);
      await acts.set('guardians', father, { state: 'disputed' });
      const disputed = { ...confirmed, state: 'disputed', until: '2030-05-04' };
      expect(await listed(asker, null)).toEqual([
        { ...disputed, pupilName: null, schoolCode: null, until: '2031-03-31' },
      ]);
      expect(await listed(clerk)).toEqual([disputed]);
    });

    it('while nobody has confirmed it: in dispute or ended as the record is, else waiting', async () => {
      await asked();
      const stateWhen = async (changes: Readonly<Record<string, unknown>>) => {
        await acts.set('guardians', father, changes);
        return (await listed(clerk)).map(({ state }) => state);
      };
      expect(await stateWhen({ state: 'disputed' })).toEqual(['disputed']);
      expect(await stateWhen({ state: 'ended' })).toEqual(['ended']);
      expect(await stateWhen({ state: 'confirmed', valid_until: '2026-11-19' })).toEqual(['pending']);
    });

    it('of the pupil: everything, without an end', async () => {
      const linkId = await linked(ofPupil);
      expect(await listed(clerk)).toMatchObject([
        { id: linkId, relation: 'self', state: 'confirmed', scope: ['records', 'health', 'ledger'], until: null },
      ]);
    });

    it('of a guardian whom the pupil, of age, lets see: this much, until that day', async () => {
      await linked();
      await acts.set('pupils', pupilId, { birth_date: '2008-11-20' });
      expect(await listed(clerk)).toMatchObject([{ state: 'ofAge', until: '2026-11-19' }]);
      const consent = { id: crypto.randomUUID(), pupil_id: pupilId, guardian_id: father, school_code: school };
      const terms = { given_by: 'x', scope: acts.admin.json(['health']), given_at: begun, until: '2027-01-01' };
      await acts.admin`insert into guardian_consents ${acts.admin({ ...consent, ...terms })}`;
      expect(await listed(clerk)).toMatchObject([{ state: 'granted', scope: ['health'], until: '2027-01-01' }]);
    });

    it('to a homeroom teacher of the own class, and to nobody who may not know', async () => {
      const linkId = await linked();
      expect(await listed(teacher)).toMatchObject([{ id: linkId }]);
      await acts.set('pupils', pupilId, { homeroom: '6年2組' });
      expect(await listed(teacher)).toEqual([]);
      expect(await listed(clerk)).toMatchObject([{ id: linkId }]);
      const ask = (who: Parameters<typeof listLinks>[1], of: string | null = pupilId) =>
        outcomeOf(listLinks(acts.services, who, of));
      expect(await ask(clerk, null)).toBe('pupil.not-found');
      expect(await ask(staff('schoolNurse'))).toMatch(/^policy\.denied /);
      expect(await ask(machineActor('transfers:read'))).toMatch(/^policy\.denied /);
      expect(await ask({ kind: 'anonymous' })).toBe('login.required');
      expect(await listed(staff('clerk', 'juniorHigh'))).toEqual([]);
      expect(await listed(person(), null)).toEqual([]);
    });
  });

  it('begins with the pupils of the school, page by page, or of the own class', async () => {
    await acts.admin`delete from pupils where id <> ${pupilId}`;
    await acts.set('pupils', pupilId, { kana: 'ア', homeroom: '6年2組' });
    const names = { official_name: '\u{F0000}　一', display_name: '辻　一', kana: 'ツジ　ハジメ' };
    const rest = { school_code: school, grade: '6', birth_date: birthDate, homeroom };
    const more = Array.from({ length: 50 }, (_, place) => ({
      id: `p-${String(place).padStart(2, '0')}`,
      ...names,
      ...rest,
    }));
    await acts.admin`insert into pupils ${acts.admin(more)}`;
    const page = async (after: string | null, who = clerk) =>
      valueOf(await listLinkablePupils(acts.services, who, after));
    const first = await page(null);
    expect([first.pupils.length, first.next]).toEqual([50, first.pupils[49]?.id]);
    const second = await page(first.next);
    expect([second.pupils.length, second.next]).toEqual([1, null]);
    const all = [...first.pupils, ...second.pupils];
    expect(new Set(all.map(({ id }) => id)).size).toBe(51);
    // The display form where a font of its own would be needed.
    expect(all).toContainEqual({ id: 'p-00', name: '辻　一', kana: 'ツジ　ハジメ', homeroom });
    expect(all).toContainEqual({ id: pupilId, name: '辻󠄀　一', kana: 'ア', homeroom: '6年2組' });
    const own = await page(null, teacher);
    expect([own.pupils.length, own.next]).toEqual([50, null]);
    expect((await page(null, { ...teacher, homeroom: null })).pupils).toEqual([]);
    const ask = (who: Parameters<typeof listLinkablePupils>[1]) =>
      outcomeOf(listLinkablePupils(acts.services, who, null));
    expect(await ask(staff('schoolNurse'))).toMatch(/^policy\.denied /);
    expect(await ask(machineActor('transfers:read'))).toMatch(/^policy\.denied /);
    expect(await ask(person())).toMatch(/^policy\.denied /);
    await acts.admin`delete from pupils where id like 'p-%'`;
  });
});
