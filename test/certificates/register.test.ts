import { readFile } from 'node:fs/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEventName } from '../../src/audit/event-names.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { shredCaseKey } from '../../src/locker/case-key.ts';
import { refusalIn } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { readAnswer } from '../support/answer.ts';
import type { Session } from '../support/session.ts';

const path = '/api/certificate-register';
const facts = {
  officialName: '見本　花子',
  kana: 'ミホン　ハナコ',
  birthDate: '2002-04-02',
  enrolledOn: '2018-04-08',
  leftOn: '2021-03-10',
  leaving: 'graduated',
  subjects: [{ schoolYear: 2020, name: '国語', credits: 4, grade: 5 }],
};

describe('the register that certificates are made from', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let clerk: Session;
  let count = 0;

  beforeAll(async () => {
    world = await openHostileWorld();
    clerk = await world.as('juniorHigh-clerk');
  }, 120_000);
  afterAll(() => world?.close());

  const newNumber = () => `第${++count}号`;

  async function entered(more: Readonly<Record<string, unknown>> = {}, pupilId: string | null = null) {
    const number = newNumber();
    const answer = await clerk.json('POST', path, { pupilId, facts: { ...facts, number, ...more } });
    expect(answer.status).toBe(201);
    return { id: answer.body.id, number };
  }

  async function events(name: AuditEventName) {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(auditEvents.at),
    );
    return rows.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`.trim());
  }

  it('keeps an entry with its exact characters, sealed, and tells what can be certified from it', async () => {
    const name = `葛\u{E0100}城　さくら`;
    const { id, number } = await entered({ officialName: name });
    expect((await events('certificate-register.changed')).at(-1)).toBe('done');
    const { body, headers } = await clerk.json('GET', `${path}/${id}`);
    expect(headers.get('etag')).toBe('"v1"');
    expect(body).toMatchObject({ facts: { officialName: name, number, subjects: facts.subjects } });
    const shown = JSON.stringify(body);
    for (const [asked, kind] of [
      ['graduationCertificate', 'graduationCertificate'],
      ['transcript', 'inabilityCertificate'],
    ]) {
      expect(shown).toContain(JSON.stringify({ asked, answer: { can: true, kind, until: null } }));
    }
    const [stored] = await world.job('locker', (tx) =>
      tx.execute(sql`select count(*) as keys from case_keys where case_id = ${id}`),
    );
    expect(stored).toEqual({ keys: '1' });
    const found = await clerk.json('GET', `${path}?number=${encodeURIComponent(` ${number} `)}`);
    expect(found.body.items.map((one) => one.id)).toEqual([id]);
  });

  it('lets nothing personal stand in its table, and nothing be opened once the key is gone', async () => {
    const { id, number } = await entered();
    const school = { actor: 'staff:test', school: 'C111299900116', role: 'principal' };
    const { gateway } = world.running;
    const rows = await gateway.database.transaction(school, (tx) =>
      tx.execute(sql`select * from certificate_register where id = ${id}`),
    );
    expect(rows).toHaveLength(1);
    const text = JSON.stringify(rows) + Buffer.from(rows[0]?.['sealed_facts'] as Uint8Array).toString('latin1');
    for (const secret of [facts.officialName, facts.birthDate, number]) expect(text).not.toContain(secret);
    await world.job('locker', (tx) => shredCaseKey(tx, id));
    expect(refusalIn(await clerk.json('GET', `${path}/${id}`))).toBe('404 certificate.entry-not-found');
  });

  it('changes an entry, and refuses a change of what somebody else has changed since', async () => {
    const { id, number } = await entered();
    const changed = { facts: { ...facts, number, kana: 'ミホン　ハナ' } };
    expect((await clerk.json('PUT', `${path}/${id}`, changed, { 'if-match': '"v1"' })).status).toBe(200);
    expect(refusalIn(await clerk.json('PUT', `${path}/${id}`, changed, { 'if-match': '"v1"' }))).toBe(
      '412 request.precondition-failed',
    );
    expect((await clerk.json('GET', `${path}/${id}`)).body).toMatchObject({ version: 2, facts: changed.facts });
  });

  it('takes one entry for each number and each pupil', async () => {
    const { number } = await entered({}, 'pupil-02');
    const again = await clerk.json('POST', path, { facts: { ...facts, number: number.normalize('NFKD') } });
    expect(refusalIn(again)).toBe('409 certificate.number-taken');
    const samePupil = await clerk.json('POST', path, { pupilId: 'pupil-02', facts: { ...facts, number: newNumber() } });
    expect(refusalIn(samePupil)).toBe('409 certificate.number-taken');
    expect((await events('certificate-register.changed')).at(-1)).toBe('refused certificate.number-taken');
    const otherSchools = await clerk.json('POST', path, {
      pupilId: 'pupil-05',
      facts: { ...facts, number: newNumber() },
    });
    expect(refusalIn(otherSchools)).toBe('404 pupil.not-found');
  });

  it('refuses to take one entry’s number for another’s, without a broken answer', async () => {
    const [one, two] = [await entered(), await entered()];
    const answer = await clerk.json('PUT', `${path}/${two.id}`, { facts: { ...facts, number: one.number } });
    expect(refusalIn(answer)).toBe('409 certificate.number-taken');
  });

  it('refuses days that do not fit together, and says which field', async () => {
    const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{ leaving: null }, 'leaving'],
      [{ leftOn: null }, 'leaving'],
      [{ leftOn: '2018-04-07' }, 'order'],
      [{ birthDate: '2018-04-08' }, 'birth'],
    ];
    for (const [more, field] of wrong) {
      const answer = await clerk.json('POST', path, { facts: { ...facts, number: newNumber(), ...more } });
      expect(refusalIn(answer)).toBe('422 certificate.facts');
      expect(JSON.stringify(answer.body)).toContain(field);
    }
    expect((await events('certificate-register.changed')).at(-1)).toBe('refused certificate.facts');
    const malformed = await clerk.json('POST', path, { facts: { ...facts, number: 'a\u0000b' } });
    expect(refusalIn(malformed)).toBe('400 request.malformed');
  });

  it('enters once what is sent twice under one key', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() };
    const body = { facts: { ...facts, number: newNumber() } };
    const [first, second] = [await clerk.json('POST', path, body, key), await clerk.json('POST', path, body, key)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    const other = await clerk.json('POST', path, { facts: { ...body.facts, kana: 'ア' } }, key);
    expect(refusalIn(other)).toBe('422 request.idempotency-mismatch');
  });

  it('lets nobody but clerk and principal in, and no other school', async () => {
    const { id, number } = await entered();
    for (const role of ['vicePrincipal', 'homeroomTeacher', 'schoolNurse']) {
      const session = await world.as(`juniorHigh-${role}`);
      expect(refusalIn(await session.json('GET', `${path}/${id}`))).toBe('403 policy.denied');
      expect(refusalIn(await session.json('POST', path, { facts: { ...facts, number: 'x' } }))).toBe(
        '403 policy.denied',
      );
    }
    const stranger = await world.as('elementary-clerk');
    for (const one of [id, crypto.randomUUID()]) {
      expect(refusalIn(await stranger.json('GET', `${path}/${one}`))).toBe('404 certificate.entry-not-found');
      expect(refusalIn(await stranger.json('PUT', `${path}/${one}`, { facts: { ...facts, number } }))).toBe(
        '404 certificate.entry-not-found',
      );
    }
    // Numbers are each school's own.
    expect((await stranger.json('POST', path, { facts: { ...facts, number } })).status).toBe(201);
  });

  it('goes out of sight with a pupil who is protected, and comes back with the end of it', async () => {
    const { id } = await entered({}, 'pupil-03');
    const principal = await world.as('juniorHigh-principal');
    const order = { subject: { kind: 'pupil', id: 'pupil-03' }, source: 'court', startsOn: '2026-04-01' };
    const order2 = { ...order, reviewOn: '2099-01-01' };
    expect((await principal.json('POST', '/api/protections', order2)).status).toBe(201);
    expect(refusalIn(await clerk.json('GET', `${path}/${id}`))).toBe('404 certificate.entry-not-found');
    const shown = (await clerk.json('GET', path)).body.items.map((one) => one.id);
    expect(shown).not.toContain(id);
    expect((await principal.json('GET', `${path}/${id}`)).status).toBe(200);
  });

  it('fills the fields from the core of a record without keeping any of it', async () => {
    const file = new URL('../vectors/core/core.json', import.meta.url);
    // Sound: our own vectors.
    const vectors = JSON.parse(await readFile(file, 'utf8')) as { valid: { text: string }[] };
    const before = (await clerk.json('GET', path)).body.items.length;
    const answer = await clerk.json('POST', `${path}/core`, JSON.parse(vectors.valid[0]?.text ?? ''));
    expect(answer.body).toMatchObject({ kana: 'カツラギ　サクラ', birthDate: '2011-04-02' });
    expect(refusalIn(await clerk.json('POST', `${path}/core`, {}))).toBe('422 document.core-invalid');
    expect((await clerk.json('GET', path)).body.items).toHaveLength(before);
  });

  it('is loaded from a CSV after a look at it: all of it or nothing, and once', async () => {
    const header = '番号,氏名,ふりがな,生年月日,入学日,卒業・修了・退学日,区分,科目';
    const lines = [1, 2, 3].map(
      (n) => `CSV-${n},見本　${n},ミホン,2002-04-02,2018-04-08,2021-03-10,卒業,2020:国語:4:5`,
    );
    const csv = [header, ...lines].join('\r\n');
    const send = async (to: string, text: string) => {
      const answer = await clerk.send('POST', `${path}/import${to}`, text, { 'content-type': 'text/csv' });
      return { status: answer.status, headers: answer.headers, body: readAnswer(await answer.text()) };
    };
    expect((await send('/preview', csv)).body).toMatchObject({ changes: 3, faults: 0 });
    const broken = csv.replace('CSV-2,見本　2', 'CSV-2,');
    expect((await send('/preview', broken)).body.lines[1]).toMatchObject({ outcome: 'wrong', faults: ['name'] });
    expect(refusalIn(await send('', broken))).toBe('422 import.refused');
    expect((await events('certificate-register.imported')).at(-1)).toBe('refused import.refused');
    expect((await clerk.json('GET', `${path}?number=CSV-1`)).body.items).toEqual([]);
    expect((await send('', csv)).body).toEqual({ changes: 3 });
    expect(refusalIn(await send('', csv))).toBe('422 import.empty');
    const changed = csv.replace('見本　3,', '見本　三,');
    expect((await send('/preview', changed)).body.lines.map(({ outcome }) => outcome)).toEqual([
      'same',
      'same',
      'changed',
    ]);
    expect((await send('', changed)).body).toEqual({ changes: 1 });
    expect(refusalIn(await send('', 'x'))).toBe('422 import.register-unreadable');
    expect(refusalIn(await send('', 'x'.repeat(91 * 1024)))).toBe('413 request.too-large');
  });
});
