import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEventName } from '../../src/audit/event-names.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { issuedCertificates } from '../../src/certificates/tables.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const own = '/api/own-certificates';
const office = '/api/certificate-requests';
const issued = '/api/issued-certificates';
const school = codeOf('juniorHigh');

interface Copy {
  readonly id: string;
  readonly number: string;
  readonly state: string;
}

describe('the life of a certificate', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let clerk: Session;
  let principal: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
    await enterPupil(world, 'pupil-01');
  }, 120_000);
  afterAll(() => world?.close());

  async function events(name: AuditEventName) {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.at)),
    );
    return rows.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`.trim());
  }
  async function issue(id: string): Promise<readonly Copy[]> {
    bodyOf(await clerk.json('POST', `${office}/${id}/check`));
    bodyOf(await principal.json('POST', `${office}/${id}/approval`));
    return vi.waitFor(
      async () => {
        const { request } = bodyOf(await clerk.json('GET', `${office}/${id}`)) as never as {
          request: { state: string; certificates: readonly Copy[] };
        };
        if (request.state !== 'issued') throw new Error(`still ${request.state}`);
        return request.certificates;
      },
      { timeout: 30_000, interval: 200 },
    );
  }
  async function issueFor(by: Session, copies: number): Promise<readonly Copy[]> {
    return issue(bodyOf(await by.json('POST', own, { ...wish, copies })).id);
  }
  async function codeOfCopy(id: string): Promise<string> {
    const [row] = await world.running.gateway.database.transaction(
      { actor: 'staff:test', school, role: 'principal' },
      (tx) => tx.select().from(issuedCertificates).where(eq(issuedCertificates.id, id)),
    );
    return row?.code ?? '';
  }
  async function stateOf(id: string): Promise<Record<string, unknown>> {
    const answer = await fetch(`${world.origin}/api/certificate-states/${await codeOfCopy(id)}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  it('replaces all copies that hold a mistake, without a fee, and leads from the old ones to the new ones', async () => {
    const old = await issueFor(sakura, 2);
    const request = bodyOf(await clerk.json('POST', `${issued}/${old[0]?.id}/replacement`, { reason: 'correction' }));
    expect(request).toMatchObject({ copies: 2, feeYen: 0, replacement: { of: old[0]?.id, reason: 'correction' } });
    expect(await stateOf(old[0]?.id ?? '')).toMatchObject({ state: 'valid', supersededBy: null });
    // The school corrects itself: nobody outside takes that back.
    expect(refusalIn(await sakura.json('POST', `${own}/${request.id}/withdrawal`))).toBe('409 certificate.wrong-state');
    const fresh = await issue(request.id);
    for (const [index, copy] of old.entries()) {
      const successor = fresh[index];
      expect(await stateOf(copy.id)).toMatchObject({
        state: 'superseded',
        reason: null,
        supersededBy: { number: successor?.number, code: await codeOfCopy(successor?.id ?? '') },
      });
      expect(refusalIn(await sakura.json('GET', `${issued}/${copy.id}`))).toBe('410 certificate.superseded');
    }
    expect(await stateOf(fresh[0]?.id ?? '')).toMatchObject({ state: 'valid' });
    expect((await events('certificate.superseded')).slice(0, 2)).toEqual(['done', 'done']);
    expect((await sakura.send('GET', `${issued}/${fresh[0]?.id}`)).status).toBe(200);
    const page = await (await fetch(`${world.origin}/c/${await codeOfCopy(old[0]?.id ?? '')}`)).text();
    expect(page).toContain(`/c/${await codeOfCopy(fresh[0]?.id ?? '')}`);
    expect(page).not.toMatch(/葛|さくら|2011/);
    const told = await sakura.json('GET', `${own}/${request.id}`);
    expect(told.body).toMatchObject({ replacement: { number: old[0]?.number } });
    for (const act of [
      { path: `${issued}/${old[0]?.id}/replacement`, body: { reason: 'loss' } },
      { path: `${issued}/${old[0]?.id}/revocation`, body: { reason: 'error' } },
    ]) {
      expect(refusalIn(await clerk.json('POST', act.path, act.body))).toBe('409 certificate.wrong-state');
    }
  });

  it('gives another for a lost one, and leaves the other copy as it was', async () => {
    const old = await issueFor(sakura, 2);
    const path = `${issued}/${old[0]?.id}/loss`;
    const request = bodyOf(await sakura.json('POST', path, { consent: true }));
    expect(request).toMatchObject({ copies: 1, feeYen: 400, relation: 'self', replacement: { reason: 'loss' } });
    expect(refusalIn(await sakura.json('POST', path, { consent: true }))).toBe('409 certificate.replacement-asked');
    const [fresh] = await issue(request.id);
    expect(await stateOf(old[0]?.id ?? '')).toMatchObject({
      state: 'superseded',
      supersededBy: { number: fresh?.number },
    });
    expect(await stateOf(old[1]?.id ?? '')).toMatchObject({ state: 'valid', supersededBy: null });
    expect(refusalIn(await sakura.json('POST', path, { consent: true }))).toBe('409 certificate.wrong-state');
  });

  it('may be asked again for once the former wish was taken back, and by the office too', async () => {
    const [old] = await issueFor(sakura, 1);
    const first = bodyOf(await sakura.json('POST', `${issued}/${old?.id}/loss`, { consent: true }));
    bodyOf(await sakura.json('POST', `${own}/${first.id}/withdrawal`));
    const again = bodyOf(await clerk.json('POST', `${issued}/${old?.id}/replacement`, { reason: 'loss' }));
    expect(again).toMatchObject({ copies: 1, feeYen: 400 });
    bodyOf(await clerk.json('POST', `${office}/${again.id}/refusal`, { reason: 'fee' }));
    expect(await stateOf(old?.id ?? '')).toMatchObject({ state: 'valid' });
  });

  it('replaces nothing of another school or another person, and nothing without consent', async () => {
    const [old] = await issueFor(sakura, 1);
    const stranger = await world.as('cityHigh-clerk');
    expect(refusalIn(await stranger.json('POST', `${issued}/${old?.id}/replacement`, { reason: 'loss' }))).toBe(
      '404 certificate.not-found',
    );
    const kenichi = await openLinkedSession(world, 'kenichi', 'juniorHigh');
    expect(refusalIn(await kenichi.json('POST', `${issued}/${old?.id}/loss`, { consent: true }))).toBe(
      '404 certificate.not-found',
    );
    expect((await sakura.json('POST', `${issued}/${old?.id}/loss`, {})).status).toBe(400);
    const byPerson = await sakura.json('POST', `${issued}/${old?.id}/replacement`, { reason: 'loss' });
    expect(refusalIn(byPerson)).toBe('404 case.not-found');
    expect(refusalIn(await clerk.json('POST', `${issued}/${old?.id}/loss`, { consent: true }))).toBe(
      '403 policy.denied',
    );
  });

  it('stays revoked when the new one comes after that', async () => {
    const [old] = await issueFor(sakura, 1);
    const request = bodyOf(await clerk.json('POST', `${issued}/${old?.id}/replacement`, { reason: 'correction' }));
    bodyOf(await clerk.json('POST', `${issued}/${old?.id}/revocation`, { reason: 'error' }));
    bodyOf(await principal.json('POST', `${issued}/${old?.id}/revocation/confirmation`));
    await issue(request.id);
    expect(await stateOf(old?.id ?? '')).toMatchObject({ state: 'revoked', reason: 'error', supersededBy: null });
  });

  it('goes on counting when the second person declines to revoke it, who says why', async () => {
    const [old] = await issueFor(sakura, 1);
    const path = `${issued}/${old?.id}/revocation`;
    expect(refusalIn(await principal.json('POST', `${path}/refusal`, { reason: 'correct' }))).toBe(
      '409 certificate.wrong-state',
    );
    bodyOf(await clerk.json('POST', path, { reason: 'fraud' }));
    expect(refusalIn(await clerk.json('POST', `${path}/refusal`, { reason: 'correct' }))).toBe('403 policy.denied');
    expect(bodyOf(await principal.json('POST', `${path}/refusal`, { reason: 'notProven' }))).toMatchObject({
      state: 'valid',
      reason: null,
    });
    expect((await events('certificate.revocation-declined'))[0]).toBe('done');
    expect(refusalIn(await principal.json('POST', `${path}/confirmation`))).toBe('409 certificate.wrong-state');
    const listed = bodyOf(await clerk.json('GET', `${office}?state=issued`)) as never as {
      items: readonly { certificates: readonly (Copy & { declined: string | null })[] }[];
    };
    const copies = listed.items.flatMap(({ certificates }) => certificates);
    expect(copies.find(({ id }) => id === old?.id)).toMatchObject({ declined: 'notProven', revocation: null });
    bodyOf(await clerk.json('POST', path, { reason: 'error' }));
    expect(await stateOf(old?.id ?? '')).toMatchObject({ state: 'valid', reason: null });
  });

  it('is taken back by whoever asked for the revocation, and by nobody else', async () => {
    const [old] = await issueFor(sakura, 1);
    const path = `${issued}/${old?.id}/revocation`;
    expect(refusalIn(await clerk.json('POST', `${path}/withdrawal`))).toBe('409 certificate.wrong-state');
    bodyOf(await clerk.json('POST', path, { reason: 'fraud' }));
    const asker = (revocationAskedBy: string, revocationAskedByKey: string) =>
      world.running.gateway.database.transaction({ actor: 'staff:test', school, role: 'principal' }, (tx) =>
        tx
          .update(issuedCertificates)
          .set({ revocationAskedBy, revocationAskedByKey })
          .where(eq(issuedCertificates.id, old?.id ?? '')),
      );
    await asker('juniorHigh-principal', 'somebody else');
    expect(refusalIn(await clerk.json('POST', `${path}/withdrawal`))).toBe('403 certificate.not-asker');
    // Nobody declines what they asked for themselves.
    expect(refusalIn(await principal.json('POST', `${path}/refusal`, { reason: 'correct' }))).toBe(
      '403 certificate.own-check',
    );
    await asker('juniorHigh-clerk', 'somebody else');
    bodyOf(await clerk.json('POST', `${path}/withdrawal`));
    expect((await events('certificate.revocation-taken-back'))[0]).toBe('done');
    expect(refusalIn(await principal.json('POST', `${path}/confirmation`))).toBe('409 certificate.wrong-state');
    expect(await stateOf(old?.id ?? '')).toMatchObject({ state: 'valid' });
  });
});
