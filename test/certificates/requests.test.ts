import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEventName } from '../../src/audit/event-names.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { certificateRequests } from '../../src/certificates/tables.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession, openPersonSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const own = '/api/own-certificates';
const office = '/api/certificate-requests';

describe('asking for a certificate', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let mayumi: Session;
  let clerk: Session;
  let principal: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    mayumi = await openLinkedSession(world, 'mayumi', 'juniorHigh');
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
  }, 120_000);
  afterAll(() => world?.close());

  async function asked(by: Session, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return bodyOf(await by.json('POST', own, { ...wish, ...more })).id;
  }
  const check = (id: string, by = clerk) => by.json('POST', `${office}/${id}/check`);
  const approve = (id: string, by = principal) => by.json('POST', `${office}/${id}/approval`);
  const decline = (id: string, by = clerk) => by.json('POST', `${office}/${id}/refusal`, { reason: 'identity' });
  const withdraw = (id: string, by: Session) => by.json('POST', `${own}/${id}/withdrawal`);

  async function lastEvent(name: AuditEventName) {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.at)).limit(1),
    );
    return `${rows[0]?.outcome} ${rows[0]?.reason ?? ''}`.trim();
  }
  async function rowOf(id: string) {
    const scope = { actor: 'staff:test', school: codeOf('juniorHigh'), role: 'principal' };
    const [row] = await world.running.gateway.database.transaction(scope, (tx) =>
      tx.select().from(certificateRequests).where(eq(certificateRequests.id, id)),
    );
    return row;
  }

  it('goes from the pupil over the clerk to the principal, who approves exactly what was checked', async () => {
    const entry = await enterPupil(world, 'pupil-01');
    const offers = bodyOf(await sakura.json('GET', own));
    const enrolment = { kind: 'enrolmentCertificate', feeYen: 400, atOnce: false };
    expect(offers).toMatchObject({
      offers: [{ kinds: expect.arrayContaining([expect.objectContaining(enrolment)]) as unknown }],
    });
    const id = await asked(sakura);
    expect(await lastEvent('certificate.requested')).toBe('done');
    const shown = bodyOf(await clerk.json('GET', `${office}/${id}`));
    expect(shown).toMatchObject({
      request: {
        state: 'requested',
        relation: 'self',
        feeYen: 800,
        assurance: 'certificate',
        pupilName: '葛城　さくら',
      },
      outlook: { can: true, statement: { person: { officialName: '葛\u{E0100}城　さくら' }, grade: '3' } },
    });
    expect(bodyOf(await check(id))).toMatchObject({ state: 'checked', entryId: entry });
    expect(await lastEvent('certificate.checked')).toBe('done');
    expect(bodyOf(await approve(id))).toMatchObject({ state: 'approved', approval: 'principal' });
    expect(await lastEvent('certificate.approved')).toBe('done');
    expect(bodyOf(await sakura.json('GET', `${own}/${id}`))).toMatchObject({ state: 'approved' });
    expect(refusalIn(await withdraw(id, sakura))).toBe('409 certificate.wrong-state');
  });

  it('needs the word of consent, a kind that is offered, and a pupil of one’s own', async () => {
    expect(refusalIn(await sakura.json('POST', own, { ...wish, consent: false }))).toBe('400 request.malformed');
    expect(refusalIn(await sakura.json('POST', own, { ...wish, kind: 'admissionReport' }))).toBe(
      '400 request.malformed',
    );
    expect(refusalIn(await sakura.json('POST', own, { ...wish, copies: 6 }))).toBe('400 request.malformed');
    expect(refusalIn(await sakura.json('POST', own, { ...wish, kind: 'studentFareCertificate' }))).toBe(
      '409 certificate.not-offered',
    );
    expect(await lastEvent('certificate.requested')).toBe('refused certificate.not-offered');
    for (const pupilId of ['pupil-02', 'pupil-99']) {
      expect(refusalIn(await sakura.json('POST', own, { ...wish, pupilId }))).toBe('404 pupil.not-found');
    }
    const stranger = await openPersonSession(world, 'kamome');
    expect(refusalIn(await stranger.json('POST', own, wish))).toBe('404 pupil.not-found');
    expect(bodyOf(await stranger.json('GET', own))).toMatchObject({ offers: [], requests: [] });
    expect(refusalIn(await clerk.json('POST', own, wish))).toBe('403 policy.denied');
  });

  it('lets a guardian ask for a minor; the pupil sees it, another guardian does not, and only who asked takes it back', async () => {
    const id = await asked(mayumi);
    expect(bodyOf(await sakura.json('GET', `${own}/${id}`))).toMatchObject({ relation: 'guardian' });
    const fumi = await openLinkedSession(world, 'fumi', 'juniorHigh');
    expect(refusalIn(await fumi.json('GET', `${own}/${id}`))).toBe('404 certificate.request-not-found');
    expect(refusalIn(await withdraw(id, sakura))).toBe('404 certificate.request-not-found');
    expect(bodyOf(await withdraw(id, mayumi))).toMatchObject({ state: 'withdrawn' });
    expect(refusalIn(await withdraw(id, mayumi))).toBe('409 certificate.wrong-state');
  });

  it('takes the same request once under one idempotency key', async () => {
    const headers = { 'idempotency-key': 'one-wish' };
    const first = bodyOf(await sakura.json('POST', own, wish, headers));
    expect(bodyOf(await sakura.json('POST', own, wish, headers))).toEqual(first);
    expect(refusalIn(await sakura.json('POST', own, { ...wish, copies: 1 }, headers))).toBe(
      '422 request.idempotency-mismatch',
    );
    bodyOf(await withdraw(first.id, sakura));
  });

  it('lets one person have five under way, also when several are asked for at once', async () => {
    const fumi = await openLinkedSession(world, 'fumi', 'juniorHigh').catch(() => openPersonSession(world, 'fumi'));
    const answers = await Promise.all(
      Array.from({ length: 7 }, () => fumi.json('POST', own, { ...wish, pupilId: 'pupil-02' })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 201, 201, 201, 409, 409]);
    for (const { status, body } of answers) if (status === 201) bodyOf(await decline(body.id));
  });

  it('is refused by the office with a reason of the list, once', async () => {
    const id = await asked(sakura);
    expect(refusalIn(await clerk.json('POST', `${office}/${id}/refusal`, { reason: 'x' }))).toBe(
      '400 request.malformed',
    );
    expect(bodyOf(await decline(id))).toMatchObject({ state: 'refused', refusal: 'identity' });
    expect(await lastEvent('certificate.request-refused')).toBe('done');
    expect(refusalIn(await decline(id))).toBe('409 certificate.wrong-state');
    expect(await lastEvent('certificate.request-refused')).toBe('refused certificate.wrong-state:refused');
    expect(refusalIn(await check(id))).toBe('409 certificate.wrong-state');
  });

  it('cannot be approved unchecked, by the clerk, or when the register has changed since the check', async () => {
    const entry = await enterPupil(world, null, { officialName: '見本　一郎' });
    const agent = { ...wish, pupilId: undefined, consent: undefined, entryId: entry, agentReference: '委任-12' };
    const { id } = bodyOf(await clerk.json('POST', office, agent));
    expect(refusalIn(await approve(id))).toBe('409 certificate.wrong-state');
    bodyOf(await check(id));
    expect(refusalIn(await approve(id, clerk))).toBe('403 policy.denied');
    expect(await lastEvent('certificate.approved')).toMatch(/^refused policy\.denied/);
    const { facts, pupilId } = bodyOf(await clerk.json('GET', `/api/certificate-register/${entry}`)) as never as {
      facts: Record<string, unknown>;
      pupilId: null;
    };
    bodyOf(await clerk.json('PUT', `/api/certificate-register/${entry}`, { pupilId, facts: { ...facts, grade: '2' } }));
    expect(refusalIn(await approve(id))).toBe('409 certificate.content-changed');
    bodyOf(await check(id));
    bodyOf(await approve(id));
  });

  it('is not approved by whoever checked it, under whatever account', async () => {
    const id = await asked(sakura);
    bodyOf(await check(id));
    const scope = { actor: 'staff:test', school: codeOf('juniorHigh'), role: 'principal' };
    await world.running.gateway.database.transaction(scope, (tx) =>
      tx.update(certificateRequests).set({ checkedBy: 'juniorHigh-principal' }).where(eq(certificateRequests.id, id)),
    );
    expect(refusalIn(await approve(id))).toBe('403 certificate.own-check');
    expect(await lastEvent('certificate.approved')).toBe('refused certificate.own-check');
    bodyOf(await decline(id));
  });

  it('wants a fresh log-in for the approval', async () => {
    const id = await asked(sakura);
    bodyOf(await check(id));
    const late = await world.as('juniorHigh-principal');
    const { clock } = world;
    clock.pass(11 * 60_000);
    expect(refusalIn(await approve(id, late))).toBe('403 login.fresh-required');
    [clerk, principal] = [await world.as('juniorHigh-clerk'), await world.as('juniorHigh-principal')];
    bodyOf(await approve(id));
  });

  it('names the character that cannot be printed, and what else is missing, already at the check', async () => {
    const entered = async (more: Parameters<typeof enterPupil>[2], wanted: Readonly<Record<string, unknown>> = {}) => {
      const entryId = await enterPupil(world, null, more);
      const body = { ...wish, pupilId: undefined, consent: undefined, entryId, agentReference: '7', ...wanted };
      return bodyOf(await clerk.json('POST', office, body)).id;
    };
    const strange = await check(await entered({ officialName: '\uE001藤　結衣' }));
    expect(refusalIn(strange)).toBe('409 certificate.character-missing');
    expect(strange.body.title).toContain('U+E001');
    expect(refusalIn(await check(await entered({ nameEnglish: null }, { language: 'en' })))).toBe(
      '409 certificate.name-english-missing',
    );
    expect(refusalIn(await check(await entered({}, { kind: 'graduationCertificate' })))).toBe(
      '409 certificate.not-certifiable',
    );
    expect(await lastEvent('certificate.checked')).toBe('refused certificate.not-certifiable:not-fulfilled');
    const unknown = await asked(await openPersonSession(world, 'fumi'), { pupilId: 'pupil-02' });
    expect(refusalIn(await check(unknown))).toBe('409 certificate.entry-missing');
    bodyOf(await decline(unknown));
  });

  it('is not there for another school', async () => {
    const id = await asked(sakura);
    const stranger = await world.as('cityHigh-clerk');
    expect(refusalIn(await stranger.json('GET', `${office}/${id}`))).toBe('404 certificate.request-not-found');
    expect(refusalIn(await check(id, stranger))).toBe('404 certificate.request-not-found');
    expect(bodyOf(await stranger.json('GET', office)).items).toEqual([]);
    bodyOf(await withdraw(id, sakura));
  });

  it('tells the office by a mail that holds the number and nothing else', async () => {
    const id = await asked(sakura);
    const folder = world.demo.environment['MAIL_DIRECTORY'] ?? '';
    const text = await vi.waitFor(
      async () => {
        const mails = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
        const bodies = mails.map((mail) => Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString());
        const found = bodies.find((body) => body.includes(id));
        if (found === undefined) throw new Error('no mail yet');
        return found;
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(text).toContain(`/certificate-requests/${id}`);
    expect(text).not.toMatch(/葛|さくら|pupil-01|C1112/);
    bodyOf(await withdraw(id, sakura));
  });

  it('lets nothing personal stand in its table', async () => {
    const id = await asked(sakura);
    expect(JSON.stringify(await rowOf(id))).not.toMatch(/葛|さくら|KATSURAGI|2011-04-02/);
    bodyOf(await withdraw(id, sakura));
  });
});
