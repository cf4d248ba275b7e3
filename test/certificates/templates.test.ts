import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEventName } from '../../src/audit/event-names.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { personKinds } from '../../src/records/certificate-kinds.ts';
import { refusalIn } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { png } from './support/png.ts';

const path = '/api/certificate-templates';
const wording = {
  titleJa: '卒業証明書',
  bodyJa: '卒業したことを証明する。',
  titleEn: 'Certificate of Graduation',
  bodyEn: 'This is to certify that the person named above graduated.',
  principalJa: '校長　山吹　武',
  principalEn: 'Takeshi YAMABUKI, Principal',
};
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('templates and what is offered', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let clerk: Session;
  let principal: Session;

  beforeAll(async () => {
    world = await openHostileWorld();
  }, 120_000);
  beforeEach(async () => {
    clerk = await world.as('juniorHigh-clerk');
    principal = await world.as('juniorHigh-principal');
  });
  afterAll(() => world?.close());

  async function drafted(kind: string, more: Readonly<Record<string, unknown>> = {}) {
    const answer = await clerk.json('POST', path, { kind, wording, ...more });
    expect(answer.status).toBe(201);
    return answer.body;
  }
  const publish = (id: string, session = principal) => session.json('POST', `${path}/${id}/publication`);
  async function statesOf(kind: string) {
    const { items } = (await clerk.json('GET', path)).body;
    return items.filter((one) => one.kind === kind).map(({ version, state }) => `${version} ${state}`);
  }
  async function lastEvent(name: AuditEventName) {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(auditEvents.at),
    );
    return `${rows.at(-1)?.outcome} ${rows.at(-1)?.reason ?? ''}`.trim();
  }
  function settings(version: number, more: Readonly<Record<string, unknown>> = {}) {
    const none = { offered: false, feeYen: 0, atOnce: false };
    return { version, kinds: { ...Object.fromEntries(personKinds.map((kind) => [kind, none])), ...more } };
  }

  it('are drafted by the clerk, seen whole, and in force once the principal has published them', async () => {
    const image = base64(png(40, 40));
    const first = await drafted('graduationCertificate', { sealImage: image });
    expect(first).toMatchObject({ version: 1, state: 'draft', hasSealImage: true });
    expect((await clerk.json('GET', `${path}/${first.id}`)).body).toMatchObject({ wording, sealImage: image });
    expect(await lastEvent('certificate-template.drafted')).toBe('done');
    expect(refusalIn(await publish(first.id, clerk))).toBe('403 policy.denied');
    expect(await lastEvent('certificate-template.published')).toMatch(/^refused policy\.denied/);
    expect((await publish(first.id)).body).toMatchObject({ state: 'published' });
    expect(await lastEvent('certificate-template.published')).toBe('done');
    expect(refusalIn(await publish(first.id))).toBe('409 certificate.template-published');
    // The next version keeps the picture, and the former one stays.
    const second = await drafted('graduationCertificate');
    expect(second).toMatchObject({ version: 2, hasSealImage: true });
    await publish(second.id);
    expect(await statesOf('graduationCertificate')).toEqual(['2 published', '1 replaced']);
  });

  it('has one version in force, also when two are published at once', async () => {
    const both = [await drafted('completionCertificate'), await drafted('completionCertificate')];
    const answers = await Promise.all(both.map(({ id }) => publish(id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await statesOf('completionCertificate')).map((one) => one.slice(2)).toSorted()).toEqual([
      'published',
      'replaced',
    ]);
  });

  it('takes as a seal a small whole picture that says nothing else', async () => {
    const whole = png(40, 40);
    const wrong: Readonly<Record<string, Uint8Array>> = {
      'no picture': new TextEncoder().encode('%PDF-1.7'),
      cut: whole.subarray(0, whole.length - 20),
      wide: png(1_201, 10),
      high: png(10, 1_201),
      'with metadata': png(40, 40, '撮影場所'),
      large: new Uint8Array(101 * 1024),
    };
    for (const [name, bytes] of Object.entries(wrong)) {
      const answer = await clerk.json('POST', path, { kind: 'transcript', wording, sealImage: base64(bytes) });
      expect([name, refusalIn(answer)]).toEqual([name, '422 certificate.seal-image']);
    }
    expect(await lastEvent('certificate-template.drafted')).toMatch(/^refused certificate\.seal-image/);
    const admission = await clerk.json('POST', path, { kind: 'admissionReport', wording });
    expect(refusalIn(admission)).toBe('400 request.malformed');
  });

  it('are not another school’s business', async () => {
    const { id } = await drafted('enrolmentCertificate');
    const stranger = await world.as('elementary-principal');
    for (const one of [id, crypto.randomUUID()]) {
      expect(refusalIn(await stranger.json('GET', `${path}/${one}`))).toBe('404 certificate.template-not-found');
      expect(refusalIn(await publish(one, stranger))).toBe('404 certificate.template-not-found');
    }
    expect((await stranger.json('GET', path)).body.items).toEqual([]);
  });

  it('offers what has a template in force, by the principal alone', async () => {
    const offer = { transcript: { offered: true, feeYen: 400, atOnce: true } };
    const change = (session: Session, body: unknown) => session.json('PUT', '/api/certificate-settings', body);
    expect((await clerk.json('GET', '/api/certificate-settings')).body).toEqual(settings(0));
    expect(refusalIn(await change(principal, settings(0, offer)))).toBe('409 certificate.template-missing');
    await publish((await drafted('transcript')).id);
    expect(refusalIn(await change(clerk, settings(0, offer)))).toBe('403 policy.denied');
    expect((await change(principal, settings(0, offer))).body).toEqual(settings(1, offer));
    expect(await lastEvent('certificate-settings.changed')).toBe('done');
    expect(refusalIn(await change(principal, settings(0)))).toBe('412 request.precondition-failed');
    expect((await change(principal, settings(1))).body).toEqual(settings(2));
    const tooMuch = { transcript: { offered: true, feeYen: 10_001, atOnce: false } };
    expect(refusalIn(await change(principal, settings(2, tooMuch)))).toBe('400 request.malformed');
  });

  it('wants a fresh log-in of who publishes or decides what is offered', async () => {
    const { id } = await drafted('studentFareCertificate');
    const old = await world.as('juniorHigh-principal');
    world.clock.pass(20 * 60_000);
    expect(refusalIn(await publish(id, old))).toBe('403 login.fresh-required');
    expect(refusalIn(await old.json('PUT', '/api/certificate-settings', settings(2)))).toBe('403 login.fresh-required');
    expect(await lastEvent('certificate-settings.changed')).toMatch(/^refused login\.fresh-required/);
  });
});
