import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { staff } from '../../src/directory/tables.ts';
import { approvals } from '../../src/transfers/tables.ts';
import { openSessionOf } from '../support/session.ts';
import { addDocument, bodyOf, caseAt, record, refusalIn, take } from './support/procedure.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from './support/world.ts';

describe('four eyes', { timeout: 60_000 }, () => {
  let world: HostileWorld;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  async function digestOf(caseId: string): Promise<string> {
    const shown = bodyOf(await (await world.as('juniorHigh-clerk')).json('GET', `/api/cases/${caseId}`));
    return shown.contentDigest ?? '';
  }

  async function approve(caseId: string, subject = 'juniorHigh-principal') {
    const contentDigest = await digestOf(caseId);
    return (await world.as(subject)).json('POST', `/api/cases/${caseId}/approval`, { contentDigest });
  }

  async function seal(caseId: string, confirmation = codeOf('cityHigh').slice(-4), subject = 'juniorHigh-clerk') {
    return (await world.as(subject)).json('POST', `/api/cases/${caseId}/seal`, { confirmation });
  }

  function events(name: 'package.approved' | 'package.sealed', caseId: string) {
    return world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.name, name), eq(auditEvents.caseId, caseId))),
    );
  }

  async function inForce(caseId: string): Promise<number> {
    const school = { actor: 'staff:test', school: codeOf('juniorHigh') };
    const rows = await world.running.gateway.database.transaction(school, (tx) =>
      tx.select().from(approvals).where(eq(approvals.caseId, caseId)),
    );
    return rows.filter(({ voidedAt }) => voidedAt === null).length;
  }

  it('Z-04 denies approval to whoever drafted, whatever the role', async () => {
    const principal = await world.as('juniorHigh-principal');
    const draft = bodyOf(
      await principal.json('POST', '/api/cases', {
        kind: 'advancement',
        pupilId: 'pupil-01',
        recipientCode: codeOf('cityHigh'),
      }),
    );
    await addDocument(world, { id: draft.id, from: 'juniorHigh' }, record());
    await principal.json('POST', `/api/cases/${draft.id}/submission`, { confirmIncomplete: true });
    expect(refusalIn(await approve(draft.id))).toBe('403 approval.own-draft');
    expect([await inForce(draft.id), await events('package.approved', draft.id)]).toEqual([0, []]);
    // Whoever drafted is told that another person has to approve; everybody else waits for the principal.
    const shown = (role: string) =>
      world.as(`juniorHigh-${role}`).then((one) => one.json('GET', `/api/cases/${draft.id}`));
    expect((await shown('principal')).body).toMatchObject({ approvalByAnother: true });
    expect((await shown('clerk')).body).toMatchObject({ approvalByAnother: false });
    const page = await principal.send('GET', `/cases/${draft.id}`, undefined, { accept: 'text/html' });
    expect(await page.text()).toContain('あなたが起案したので、決裁は別の人が行います');
  });

  it('Z-04 denies approval to a second account of the same person', async () => {
    const made = await caseAt(world, { upTo: 'submitted', from: 'elementary', to: 'juniorHigh' });
    // From now on the principal's account is known to be the clerk's second one.
    await samePerson('elementary-principal', 'elementary-clerk');
    const shown = bodyOf(await (await world.as('elementary-clerk')).json('GET', `/api/cases/${made.id}`));
    const principal = await openSessionOf(world.origin, 'elementary-principal');
    const answer = await principal.json('POST', `/api/cases/${made.id}/approval`, {
      contentDigest: shown.contentDigest,
    });
    await samePerson('elementary-principal', 'elementary-principal');
    expect(refusalIn(answer)).toBe('403 approval.own-draft');
  });

  async function samePerson(account: string, personKey: string): Promise<void> {
    await world.job('directory', (tx) => tx.update(staff).set({ personKey }).where(eq(staff.id, account)));
  }

  it('denies approval to every other role, and to the recipient', async () => {
    const made = await caseAt(world, { upTo: 'submitted' });
    for (const role of ['clerk', 'vicePrincipal', 'schoolNurse', 'homeroomTeacher']) {
      const answer = await approve(made.id, `juniorHigh-${role}`);
      expect([role, answer.status === 403 || answer.status === 404]).toEqual([role, true]);
    }
    expect(refusalIn(await approve(made.id, 'cityHigh-principal'))).toBe('404 case.not-found');
    expect(await inForce(made.id)).toBe(0);
  });

  it('takes an approval from nobody whose log-in is older than ten minutes, and says so in the log', async () => {
    const made = await caseAt(world, { upTo: 'submitted' });
    const contentDigest = await digestOf(made.id);
    const stale = await openSessionOf(world.origin, 'juniorHigh-principal');
    world.clock.pass(11 * 60_000);
    const answer = await stale.json('POST', `/api/cases/${made.id}/approval`, { contentDigest });
    expect(refusalIn(answer)).toBe('403 login.fresh-required');
    // RFC 9470: a program learns what is wanted; a person gets a page that leads there and back.
    expect(answer.headers.get('www-authenticate')).toBe(
      'Session error="insufficient_user_authentication", max_age="600"',
    );
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const referer = { referer: `${world.origin}/cases/${made.id}` };
    const posted = await stale.send('POST', `/cases/${made.id}/approval`, `contentDigest=${contentDigest}`, {
      ...form,
      ...referer,
    });
    expect(posted.status).toBe(403);
    expect(await posted.text()).toMatch(new RegExp(`action="/login/again"[^]*value="/cases/${made.id}"`));
    const early = await stale.send('GET', '/seal-key', undefined, { accept: 'text/html' });
    expect(await early.text()).toContain('href="/login/again?next=%2Fseal-key"');
    expect(await inForce(made.id)).toBe(0);
    const [refused] = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.reason, 'login.fresh-required:sender')),
    );
    expect(refused).toMatchObject({ name: 'package.approved', outcome: 'refused', actorRole: 'principal' });
    expect((await approve(made.id)).status).toBe(200);
  });

  it('Z-05 voids the approval when a document is added afterwards', async () => {
    const made = await caseAt(world, { upTo: 'approved' });
    await addDocument(world, made, record(200));
    expect([await inForce(made.id), await stateOf(made.id)]).toEqual([0, 'draft']);
    expect(refusalIn(await seal(made.id))).toBe('409 case.wrong-state');
  });

  it('Z-05 voids the approval and the seal when a document is taken out, or the recipient changed', async () => {
    for (const upTo of ['approved', 'sealed'] as const) {
      const made = await caseAt(world, { upTo, documents: [record(), record(300)] });
      const clerk = await world.as('juniorHigh-clerk');
      const [document] = made.documents;
      if (upTo === 'approved') await clerk.json('DELETE', `/api/cases/${made.id}/documents/${document?.id}`);
      else await clerk.json('PUT', `/api/cases/${made.id}/recipient`, { recipientCode: codeOf('privateHigh') });
      expect([upTo, await inForce(made.id), await stateOf(made.id)]).toEqual([upTo, 0, 'draft']);
      const deposit = await clerk.json('POST', `/api/cases/${made.id}/deposit`, {});
      expect(refusalIn(deposit)).toBe('409 case.wrong-state');
    }
  });

  it('Z-05 refuses the yes to content that has changed since it was read', async () => {
    const made = await caseAt(world, { upTo: 'submitted' });
    const seen = await digestOf(made.id);
    await addDocument(world, made, record(400));
    await take(world, made, 'submitted');
    const principal = await world.as('juniorHigh-principal');
    const answer = await principal.json('POST', `/api/cases/${made.id}/approval`, { contentDigest: seen });
    expect(refusalIn(answer)).toBe('409 approval.content-changed');
    expect(await inForce(made.id)).toBe(0);
  });

  it('Z-06 lets one of many approvals at once count', async () => {
    const made = await caseAt(world, { upTo: 'submitted' });
    const contentDigest = await digestOf(made.id);
    const browsers = await Promise.all([1, 2, 3].map(() => openSessionOf(world.origin, 'juniorHigh-principal')));
    const answers = await Promise.all(
      [...browsers, ...browsers, ...browsers].map((browser) =>
        browser.json('POST', `/api/cases/${made.id}/approval`, { contentDigest }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(8);
    expect([await inForce(made.id), (await events('package.approved', made.id)).length]).toEqual([1, 1]);
  });

  it('Z-03 refuses a body that brings state, school or approver along', async () => {
    const made = await caseAt(world, { upTo: 'draft' });
    const clerk = await world.as('juniorHigh-clerk');
    const draft = { kind: 'advancement', pupilId: 'pupil-01', recipientCode: codeOf('cityHigh') };
    const path = `/api/cases/${made.id}`;
    const bodies = [
      ['POST', '/api/cases', draft],
      ['PUT', `${path}/recipient`, { recipientCode: codeOf('cityHigh') }],
      ['POST', `${path}/submission`, { confirmIncomplete: true }],
      ['POST', `${path}/approval`, { contentDigest: 'a'.repeat(64) }],
      ['POST', `${path}/seal`, { confirmation: '0000' }],
      ['POST', `${path}/opening`, { acceptanceCode: 'AAAA' }],
      ['POST', `${path}/withdrawal`, { reason: 'x' }],
      ['POST', `${path}/return`, { reason: 'x' }],
    ] as const;
    for (const [method, url, body] of bodies) {
      for (const more of [
        { state: 'approved' },
        { orgId: codeOf('cityHigh') },
        { approvedBy: 'x' },
        { senderCode: codeOf('elementary') },
        { id: 'x' },
      ]) {
        const answer = await clerk.json(method, url, { ...body, ...more });
        expect([url, more, refusalIn(answer)]).toEqual([url, more, '400 request.malformed']);
      }
    }
    expect(await stateOf(made.id)).toBe('draft');
  });

  it('seals nothing for a role that may not, nor for the recipient', async () => {
    const made = await caseAt(world, { upTo: 'approved' });
    for (const role of ['vicePrincipal', 'schoolNurse', 'homeroomTeacher']) {
      const answer = await seal(made.id, undefined, `juniorHigh-${role}`);
      expect([role, answer.status === 403 || answer.status === 404]).toEqual([role, true]);
    }
    expect(refusalIn(await seal(made.id, undefined, 'cityHigh-clerk'))).toBe('404 case.not-found');
    expect([await stateOf(made.id), await events('package.sealed', made.id)]).toEqual(['approved', []]);
  });

  it('seals nothing until the end of the recipient’s code was typed', async () => {
    const made = await caseAt(world, { upTo: 'approved' });
    const code = codeOf('cityHigh');
    for (const wrong of ['', '0000', code.slice(-3), code.slice(0, 4), code, codeOf('prefecturalHigh').slice(-4)]) {
      expect([wrong, refusalIn(await seal(made.id, wrong))]).toEqual([wrong, '422 recipient.not-confirmed']);
    }
    expect(await stateOf(made.id)).toBe('approved');
    expect((await seal(made.id)).status).toBe(200);
  });

  it('Z-07 seals nothing under an approval that has expired', async () => {
    const made = await caseAt(world, { upTo: 'approved' });
    world.clock.pass(14 * day + 1000);
    expect(refusalIn(await seal(made.id))).toBe('409 approval.missing');
    expect(await stateOf(made.id)).toBe('approved');
    // Taken back, submitted and approved again, it goes on; the old yes does not.
    const clerk = await world.as('juniorHigh-clerk');
    expect((await clerk.json('POST', `/api/cases/${made.id}/revision`)).status).toBe(200);
    await take(world, made, 'submitted');
    await take(world, made, 'approved');
    expect(await inForce(made.id)).toBe(1);
  });

  // The lists are good for a week, and two have passed: the time-stamp authority can no longer be checked.
  it('seals nothing while the revocation lists are stale, and says to try later', async () => {
    const made = await caseAt(world, { upTo: 'approved' });
    expect(refusalIn(await seal(made.id))).toBe('503 seal.time-unavailable');
    expect(await stateOf(made.id)).toBe('approved');
  });

  async function stateOf(caseId: string): Promise<string> {
    return bodyOf(await (await world.as('juniorHigh-clerk')).json('GET', `/api/cases/${caseId}`)).state;
  }
});
