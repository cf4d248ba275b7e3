import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEventName } from '../../src/audit/event-names.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { forgetShares } from '../../src/certificates/shares/forget-shares.ts';
import { openShare } from '../../src/certificates/shares/open-share.ts';
import { certificateShares, certificateWatchers } from '../../src/certificates/shares/tables.ts';
import { readSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import { verifyCredential } from '../../src/crypto/sd-jwt/verify.ts';
import { pupils } from '../../src/directory/tables.ts';
import { pupilLinks } from '../../src/identity/links/tables.ts';
import { openLocker } from '../../src/locker/locker.ts';
import { outbox } from '../../src/notices/tables.ts';
import { idempotencyKeys } from '../../src/transfers/tables.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession, openPersonSession } from '../hostile/support/sessions.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { issueAtOnce } from './support/issued.ts';
import { enterPupil, openOffice } from './support/office.ts';
import { faceOf, mailsTo, viewAt } from './support/shared.ts';

const share = { audience: '見本大学 入学課', fields: ['officialName', 'subjects/2025'] };

describe('sharing a certificate', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let mayumi: Session;
  let certificate: string;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world, ['transcript']);
    await enterPupil(world, 'pupil-01', {
      subjects: [
        { schoolYear: 2024, name: '国語', credits: null, grade: 4 },
        { schoolYear: 2025, name: '数学', credits: null, grade: 5 },
      ],
    });
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    mayumi = await openLinkedSession(world, 'mayumi', 'juniorHigh');
    certificate = await issuedTo(sakura);
  }, 180_000);
  afterAll(() => world?.close());

  const issuedTo = async (by: Session) => (await issueAtOnce(by)).copy.id;
  const sharesOf = (id: string) => `/api/issued-certificates/${id}/shares`;
  async function made(by: Session, more: object = {}, of = certificate): Promise<{ id: string; url: string }> {
    const body = bodyOf(await by.json('POST', sharesOf(of), { ...share, ...more }));
    return { id: body.share.id, url: body.url ?? '' };
  }
  const shown = async (id: string, by = sakura) => bodyOf(await by.json('GET', `/api/certificate-shares/${id}`));
  const withdraw = (id: string, by = sakura) => by.json('POST', `/api/certificate-shares/${id}/withdrawal`);
  async function events(name: AuditEventName, limit = 1) {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(desc(auditEvents.at)).limit(limit),
    );
    return rows.map(({ outcome, reason }) => `${outcome} ${reason ?? ''}`.trim());
  }

  it('shows the holder of the link what was chosen and nothing else, and the verdict of the certificate', async () => {
    const fields = bodyOf(await sakura.json('GET', `/api/issued-certificates/${certificate}/share-fields`));
    expect(fields.fields).toEqual([
      'officialName',
      'kana',
      'nameEnglish',
      'birthDate',
      'enrolledOn',
      'subjects/2024',
      'subjects/2025',
    ]);
    const { id, url } = await made(sakura);
    expect(await events('certificate.share-made')).toEqual(['done']);
    // 256 random bits, and nothing else in the address.
    expect(url).toMatch(new RegExp(`^${world.origin}/s/[\\w-]{43}$`));
    const opened = await viewAt(url, { pin: '' });
    expect(opened.status).toBe(200);
    for (const text of ['葛\u{E0100}城　さくら', '数学', share.audience, 'This certificate is valid', '/verify']) {
      expect(opened.html).toContain(text);
    }
    for (const text of ['2011', 'KATSURAGI', 'かつらぎ', '国語', '/file']) expect(opened.html).not.toContain(text);
    expect(/<title>([^<]*)/.exec(opened.html)?.[1]).toMatch(/^Shared certificate/);
    expect(await events('certificate.share-opened')).toEqual(['done']);
    expect(await shown(id)).toMatchObject({ state: 'open', fields: share.fields, audience: share.audience });
  });

  it('D-12 is not opened, counted or used up by looking at the link', async () => {
    const { id, url } = await made(sakura, { once: true });
    for (let times = 0; times < 3; times += 1) {
      const looked = await viewAt(url);
      expect(looked.status).toBe(200);
      expect(looked.html).not.toMatch(/葛|数学|見本大学/);
      expect(looked.headers.get('x-robots-tag')).toBe('noindex');
      expect(looked.headers.get('cache-control')).toBe('no-store');
      expect(looked.headers.get('referrer-policy')).toBe('same-origin');
    }
    expect((await shown(id)).views).toEqual([]);
    expect((await viewAt(url, {})).status).toBe(200);
    expect((await viewAt(url, {})).status).toBe(410);
  });

  it('looks the same before the button is pressed, whatever the link', async () => {
    const { url } = await made(sakura, { pin: '123456' });
    const nothing = `${world.origin}/s/${'A'.repeat(43)}`;
    expect(faceOf(await viewAt(url), url)).toBe(faceOf(await viewAt(nothing), nothing));
  });

  it('answers alike to a wrong link, a wrong PIN and a share that too many of them have locked', async () => {
    const { id, url } = await made(sakura, { pin: '123456' });
    const nothing = `${world.origin}/s/${'B'.repeat(43)}`;
    const unknown = faceOf(await viewAt(nothing, { pin: '123456' }), nothing);
    expect(await events('certificate.share-opened')).toEqual(['refused share.not-opened:unknown']);
    expect(unknown).toContain('It could not be opened');
    expect((await viewAt(url, { pin: '１２３ ４５６' })).status).toBe(200);
    for (let tries = 0; tries < 10; tries += 1) {
      expect(faceOf(await viewAt(url, { pin: `00000${tries}` }), url)).toBe(unknown);
    }
    expect(await events('certificate.share-opened')).toEqual(['refused share.not-opened:wrong-pin']);
    expect(await shown(id)).toMatchObject({ state: 'locked', wrongPins: 10 });
    expect(faceOf(await viewAt(url, { pin: '123456' }), url)).toBe(unknown);
    expect(await events('certificate.share-opened')).toEqual(['refused share.not-opened:locked']);
  });

  it('P-10 takes no more than twenty tries of one link in a minute, from wherever they come', async () => {
    const link = `${world.origin}/s/${'C'.repeat(43)}`;
    const answers = await Promise.all(Array.from({ length: 30 }, () => viewAt(link, { pin: '1' })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(8);
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    // Another link is not kept waiting.
    expect((await viewAt(`${world.origin}/s/${'D'.repeat(43)}`, { pin: '1' })).status).toBe(404);
  });

  it('looks at no more than ten PINs that come at once', async () => {
    const { id, url } = await made(sakura, { pin: '123456' });
    await Promise.all(Array.from({ length: 15 }, (_, index) => viewAt(url, { pin: String(900_000 + index) })));
    expect(await shown(id)).toMatchObject({ state: 'locked', wrongPins: 10 });
  });

  it('uses nothing up while the key service is down', async () => {
    const pin = '123456';
    const { id, url } = await made(sakura, { pin, once: true });
    const { gateway } = world.running;
    const secret = new URL(url).pathname.slice('/s/'.length);
    const file = world.demo.environment['KEYS_FILE'] ?? '';
    await rename(file, `${file}.away`);
    try {
      for (let times = 0; times < 11; times += 1) {
        // As a process that has opened no key of this school yet.
        const fresh = { ...gateway, locker: openLocker(gateway) };
        await expect(openShare(fresh, { secret, pin })).rejects.toThrow();
      }
    } finally {
      await rename(`${file}.away`, file);
    }
    expect(await shown(id)).toMatchObject({ state: 'open', wrongPins: 0, views: [] });
    expect((await viewAt(url, { pin })).status).toBe(200);
  });

  it('tells whoever has link and PIN that it has ended, and not how', async () => {
    const pin = '123456';
    const shares = [
      await made(sakura, { pin }),
      await made(sakura, { pin, once: true }),
      await made(sakura, { pin, days: 1 }),
    ];
    const [ended, used, expired] = shares;
    bodyOf(await withdraw(ended?.id ?? ''));
    expect(await events('certificate.share-withdrawn')).toEqual(['done']);
    expect((await viewAt(used?.url ?? '', { pin })).status).toBe(200);
    await world.job('certificate-share', (tx) =>
      tx
        .update(certificateShares)
        .set({ expiresAt: world.clock.now() })
        .where(eq(certificateShares.id, expired?.id ?? '')),
    );
    const faces = await Promise.all(shares.map(async ({ url }) => faceOf(await viewAt(url, { pin }), url)));
    expect(new Set(faces).size).toBe(1);
    expect(faces[0]).toContain('410');
    expect(faces[0]).toContain('This share has ended');
    const states = await Promise.all(shares.map(async ({ id }) => (await shown(id)).state));
    expect(states).toEqual(['withdrawn', 'used', 'expired']);
    expect((await viewAt(ended?.url ?? '', { pin })).status).toBe(410);
    expect(await events('certificate.share-opened')).toEqual(['refused share.ended:withdrawn']);
    // Without the PIN there is no share at all.
    expect((await viewAt(ended?.url ?? '', { pin: '1' })).status).toBe(404);
    expect(bodyOf(await withdraw(ended?.id ?? ''))).toMatchObject({ state: 'withdrawn' });
  });

  it('lets one of several in who come at once, where it opens a single time; the one reads on', async () => {
    const { id, url } = await made(sakura, { once: true });
    const answers = await Promise.all(Array.from({ length: 6 }, () => viewAt(url, {})));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410, 410, 410, 410, 410]);
    const { ticket } = answers.find(({ status }) => status === 200) ?? { ticket: '' };
    const again = await viewAt(`${url}?lang=ja`, { ticket });
    expect([again.status, again.html.includes('証明されている内容')]).toEqual([200, true]);
    expect((await shown(id)).views.map(({ times }) => times)).toEqual([1]);
    // Not everything was chosen: no file, whatever somebody sends.
    expect((await viewAt(`${url}/file`, { ticket })).status).toBe(404);
    expect((await viewAt(url, { ticket: `${ticket.slice(0, -1)}_` })).status).toBe(404);
    const { url: other } = await made(sakura);
    expect((await viewAt(other, { ticket })).status).toBe(404);
    bodyOf(await withdraw(id));
    expect((await viewAt(url, { ticket })).status).toBe(410);
  });

  it('reads on for half an hour', async () => {
    const { url } = await made(sakura);
    const { ticket } = await viewAt(url, {});
    expect((await viewAt(url, { ticket })).status).toBe(200);
    world.clock.pass(31 * 60_000);
    expect((await viewAt(url, { ticket })).status).toBe(404);
    sakura = await openPersonSession(world, 'sakura');
    mayumi = await openPersonSession(world, 'mayumi');
  });

  it('gives the file along when everything was chosen, each time with its log entry', async () => {
    const { url } = await made(sakura, { fields: 'all' });
    const { ticket, html } = await viewAt(url, {});
    expect(html).toContain('KATSURAGI Sakura');
    const answer = await fetch(`${url}/file`, { method: 'POST', body: new URLSearchParams({ ticket }) });
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="transcript-20\d\d-\d{6}\.pdf"$/);
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    const digest = (bytes: ArrayBuffer) => createHash('sha256').update(Buffer.from(bytes)).digest('hex');
    const own = await sakura.send('GET', `/api/issued-certificates/${certificate}`);
    expect(digest(await answer.arrayBuffer())).toBe(digest(await own.arrayBuffer()));
    expect(await events('certificate.handed-over', 2)).toEqual(['done', 'done']);
  });

  it('hands out a credential that discloses what was chosen and nothing else, by the school’s seal, one for each share', async () => {
    const mine = await issuedTo(sakura);
    const { url } = await made(sakura, {}, mine);
    const { ticket } = await viewAt(url, {});
    const headers = { 'accept-language': 'en' };
    const take = () => fetch(`${url}/credential`, { method: 'POST', headers, body: new URLSearchParams({ ticket }) });
    const answer = await take();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/dc+sd-jwt']);
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    expect(answer.headers.get('content-disposition')).toMatch(/filename="transcript-20\d\d-\d{6}\.sd-jwt"$/);
    const credential = await answer.text();
    expect(await events('certificate.handed-over')).toEqual(['done']);
    const held = await readSdJwt(credential);
    expect(held.ok && held.value.claims).toMatchObject({
      document_kind: 'transcript',
      official_name: '葛\u{E0100}城　さくら',
      subjects: [{ school_year: 2025, name: '数学', grade: 5 }],
    });
    const names = held.ok ? Object.keys(held.value.claims) : [];
    for (const name of ['kana', 'name_english', 'birthdate', 'enrolled_on']) expect(names).not.toContain(name);
    const { trust, clock } = world.running.gateway;
    const anybodys = { anchors: trust.seal, revocation: trust.revocation, at: clock.now() };
    const judged = await verifyCredential({
      presentation: credential,
      ...anybodys,
      types: null,
      holder: null,
      status: null,
    });
    expect([judged.integrity, judged.issuer?.status, judged.time]).toEqual(['valid', 'trusted', 'valid']);
    // Another viewer gets the same one, and takes nothing from what the holder may have.
    expect(await (await take()).text()).toBe(credential);
    const { url: whole } = await made(sakura, { fields: 'all' }, mine);
    const all = { ticket: (await viewAt(whole, {})).ticket };
    const full = await readSdJwt(
      await (await fetch(`${whole}/credential`, { method: 'POST', body: new URLSearchParams(all) })).text(),
    );
    expect(full.ok && full.value.claims).toMatchObject({ birthdate: '2011-04-02', subjects: [{}, {}] });
    await revoke(mine);
    expect(await (await take()).text()).toContain('This certificate has been revoked');
    expect(await events('certificate.handed-over')).toEqual(['refused certificate.revoked']);
  });

  it('is the holder’s alone: no other person, no school, no other guardian', async () => {
    const { id } = await made(sakura);
    const fumi = await openLinkedSession(world, 'fumi', 'juniorHigh');
    for (const other of [mayumi, fumi, await openPersonSession(world, 'kamome')]) {
      expect(refusalIn(await other.json('POST', sharesOf(certificate), share))).toBe('404 certificate.not-found');
      expect(refusalIn(await other.json('GET', sharesOf(certificate)))).toBe('404 certificate.not-found');
      expect(refusalIn(await other.json('GET', `/api/certificate-shares/${id}`))).toBe('404 share.not-found');
      expect(refusalIn(await withdraw(id, other))).toBe('404 share.not-found');
    }
    const principal = await world.as('juniorHigh-principal');
    expect(refusalIn(await principal.json('POST', sharesOf(certificate), share))).toBe('403 policy.denied');
    expect(refusalIn(await principal.json('GET', `/api/certificate-shares/${id}`))).toBe('403 policy.denied');
    const school = { actor: 'staff:x', school: codeOf('juniorHigh'), role: 'principal' };
    const rows = await world.running.gateway.database.transaction(school, (tx) => tx.select().from(certificateShares));
    expect(rows).toEqual([]);
  });

  it('lets the pupil see and end what a guardian shares', async () => {
    const childs = await issuedTo(mayumi);
    const { id, url } = await made(mayumi, {}, childs);
    expect(bodyOf(await sakura.json('GET', sharesOf(childs))).shares[0]).toMatchObject({
      id,
      audience: share.audience,
    });
    bodyOf(await withdraw(id, sakura));
    expect((await viewAt(url, {})).status).toBe(410);
  });

  it('refuses what is not on the certificate, PINs that are none, and more than ninety days', async () => {
    const ask = (more: object) => sakura.json('POST', sharesOf(certificate), { ...share, ...more });
    expect(refusalIn(await ask({ fields: ['subjects/1999'] }))).toBe('422 share.fields');
    expect(await events('certificate.share-made')).toEqual(['refused share.fields']);
    for (const more of [
      { pin: '12345' },
      { pin: 'abcdef' },
      { days: 91 },
      { days: 0 },
      { audience: ' ' },
      { fields: [] },
    ]) {
      expect(refusalIn(await ask(more))).toBe('400 request.malformed');
    }
  });

  it('makes one share under one idempotency key, and does not show the link a second time', async () => {
    const headers = { 'idempotency-key': 'one-share' };
    const first = bodyOf(await sakura.json('POST', sharesOf(certificate), share, headers));
    const second = bodyOf(await sakura.json('POST', sharesOf(certificate), share, headers));
    expect(second).toEqual({ share: first.share, url: null });
    const kept = await world.job('housekeeping', (tx) => tx.select().from(idempotencyKeys));
    expect(kept.length).toBeGreaterThan(0);
    expect(JSON.stringify(kept)).not.toContain('見本大学');
  });

  it('keeps neither link nor PIN nor anything typed or certified in the clear', async () => {
    const { url } = await made(sakura, { pin: '918273' });
    const rows = await world.job('certificate-share', (tx) => tx.select().from(certificateShares));
    const text = rows
      .map((row) => JSON.stringify({ ...row, sealed: Buffer.from(row.sealed).toString('latin1') }))
      .join();
    for (const secret of [new URL(url).pathname.slice(3), '918273', '見本大学', 'さくら', 'officialName']) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('latin1'));
    }
  });

  it('tells the holder of the first view, once, and nobody else', async () => {
    const told = async (by: Session) =>
      (await (await by.send('GET', '/links?lang=en')).text()).split(firstView).length - 1;
    // Nothing of the tests before is on its way any more.
    await vi.waitFor(
      async () => expect(await world.job('outbox', (tx) => tx.select().from(outbox))).toEqual([]),
      10_000,
    );
    const [pupils, guardians] = [await told(sakura), await told(mayumi)];
    const { url } = await made(mayumi, {}, await issuedTo(mayumi));
    for (let times = 0; times < 2; times += 1) expect((await viewAt(url, {})).status).toBe(200);
    await mailsTo(world, { address: 'guardian-mayumi@example.jp', saying: firstView, count: 1 });
    expect([await told(sakura), await told(mayumi)]).toEqual([pupils, guardians + 1]);
  });

  it('ends for everybody outside when the school ends the holder’s link, and opens again with it', async () => {
    const { url } = await made(sakura);
    const school = { actor: 'staff:test', school: codeOf('juniorHigh'), role: 'principal' };
    const set = (endedAt: Date | null) =>
      world.running.gateway.database.transaction(school, (tx) =>
        tx.update(pupilLinks).set({ endedAt }).where(eq(pupilLinks.relation, 'self')),
      );
    await set(world.clock.now());
    expect((await viewAt(url, {})).status).toBe(410);
    expect(await events('certificate.share-opened')).toEqual(['refused share.ended:holder']);
    await set(null);
    expect((await viewAt(url, {})).status).toBe(200);
  });

  it('ends with a guardian’s say at the pupil’s eighteenth birthday', async () => {
    const childs = await issuedTo(mayumi);
    const { url } = await made(mayumi, {}, childs);
    const { ticket } = await viewAt(url, {});
    const born = (birthDate: string) =>
      world.job('directory', (tx) => tx.update(pupils).set({ birthDate }).where(eq(pupils.id, 'pupil-01')));
    await born('2001-04-02');
    expect((await viewAt(url, {})).status).toBe(410);
    expect((await viewAt(url, { ticket })).status).toBe(410);
    expect(refusalIn(await mayumi.json('POST', sharesOf(childs), share))).toBe('404 certificate.not-found');
    await born('2011-04-02');
  });

  it('tells viewers who want to know, at an address that they have confirmed by a button, once', async () => {
    const mine = await issuedTo(sakura);
    const { id, url } = await made(sakura, {}, mine);
    const { ticket } = await viewAt(url, {});
    const watch = (address: string, by = ticket) => viewAt(`${url}/watchers`, { ticket: by, address });
    expect((await watch('nobody')).status).toBe(422);
    expect((await watch('admissions@example.ac.jp', 'x')).status).toBe(404);
    const faces = [await watch('admissions@example.ac.jp'), await watch('Admissions@example.ac.jp')];
    expect(faces.map(({ status }) => status)).toEqual([200, 200]);
    for (let count = 0; count < 6; count += 1) await watch(`office-${count}@example.ac.jp`);
    const kept = () =>
      world.job('certificate-share', (tx) =>
        tx.select().from(certificateWatchers).where(eq(certificateWatchers.shareId, id)),
      );
    expect((await kept()).length).toBe(5);
    expect(JSON.stringify(await kept())).not.toContain('example.ac.jp');
    const address = 'admissions@example.ac.jp';
    const [asked = ''] = await mailsTo(world, { address, saying: 'Confirm within 48 hours', count: 1 });
    expect(asked).not.toMatch(/さくら|葛|中学校|Junior/);
    const link = /https?:\/\/\S+\/w\/[\w-]{43}/.exec(asked)?.[0] ?? '';
    expect((await viewAt(link)).html).toContain('Tell this address');
    expect((await kept()).filter(({ confirmedAt }) => confirmedAt !== null)).toEqual([]);
    expect((await viewAt(link, {})).html).not.toContain('Tell this address');
    await revoke(mine);
    const [told = ''] = await mailsTo(world, { address, saying: 'is not in force any more', count: 1 });
    expect(told).toContain(link);
    const page = await viewAt(link);
    expect(page.html).toContain('This certificate has been revoked');
    expect(page.html).not.toMatch(/さくら|葛/);
    expect((await viewAt(`${link}/removal`, {})).status).toBe(200);
    expect((await viewAt(link)).status).toBe(404);
    expect((await kept()).length).toBe(4);
  });

  it('shows of a revoked certificate that it is, since when, and nothing that it said; the file is gone', async () => {
    const mine = await issuedTo(sakura);
    const { url } = await made(sakura, { fields: 'all' }, mine);
    const { ticket } = await viewAt(url, {});
    await revoke(mine);
    const opened = await viewAt(url, {});
    expect(opened.html).toContain('This certificate has been revoked');
    expect(opened.html).toContain('Out of force since');
    expect(opened.html).not.toMatch(/さくら|葛|数学|\/file/);
    expect((await viewAt(`${url}/file`, { ticket })).status).toBe(410);
    expect(await events('certificate.handed-over')).toEqual(['refused certificate.revoked']);
    expect(refusalIn(await sakura.json('POST', sharesOf(mine), share))).toBe('410 certificate.revoked');
  });

  it('tells viewers of a certificate that another replaced, and shows nothing that the former one said', async () => {
    const mine = await issuedTo(sakura);
    const { url } = await made(sakura, {}, mine);
    const address = 'office@example.com';
    const { ticket } = await viewAt(url, {});
    await viewAt(`${url}/watchers`, { ticket, address });
    const [asked = ''] = await mailsTo(world, { address, saying: 'Confirm within 48 hours', count: 1 });
    await viewAt(/https?:\/\/\S+\/w\/[\w-]{43}/.exec(asked)?.[0] ?? '', {});
    const clerk = await world.as('juniorHigh-clerk');
    const path = `/api/issued-certificates/${mine}/replacement`;
    const { id } = bodyOf(await clerk.json('POST', path, { reason: 'correction' }));
    bodyOf(await clerk.json('POST', `/api/certificate-requests/${id}/check`));
    const principal = await world.as('juniorHigh-principal');
    bodyOf(await principal.json('POST', `/api/certificate-requests/${id}/approval`));
    await mailsTo(world, { address, saying: 'is not in force any more', count: 1 });
    const opened = await viewAt(url, {});
    expect(opened.html).toContain('A new certificate has taken the place of this one');
    expect(opened.html).toContain('Out of force since');
    expect(opened.html).not.toMatch(/さくら|葛|数学/);
    expect(refusalIn(await sakura.json('POST', sharesOf(mine), share))).toBe('410 certificate.superseded');
  });

  it('keeps no more than twenty open links of one certificate, also when many are made at once', async () => {
    const mine = await issuedTo(sakura);
    const answers = await Promise.all(Array.from({ length: 22 }, () => sakura.json('POST', sharesOf(mine), share)));
    expect(answers.filter(({ status }) => status === 201).length).toBe(20);
    expect(refusalIn(await sakura.json('POST', sharesOf(mine), share))).toBe('409 share.too-many');
  });

  it('P-02 goes out of sight with a protection order that shuts the holder out', async () => {
    const mine = await issuedTo(mayumi);
    const { id, url } = await made(mayumi, {}, mine);
    expect((await viewAt(url, {})).status).toBe(200);
    const principal = await world.as('juniorHigh-principal');
    const subject = { kind: 'pupil', id: 'pupil-01' };
    const terms = { source: 'court', startsOn: '2026-04-01', reviewOn: '2099-01-01' };
    expect((await principal.json('POST', '/api/protections', { subject, ...terms })).status).toBe(201);
    expect((await viewAt(url, {})).status).toBe(410);
    expect(refusalIn(await mayumi.json('GET', `/api/certificate-shares/${id}`))).toBe('404 share.not-found');
    expect(refusalIn(await mayumi.json('POST', sharesOf(mine), share))).toBe('404 certificate.not-found');
  });

  it('is forgotten half a year after its end, with its history and the viewers’ addresses', async () => {
    const { gateway } = world.running;
    const all = () =>
      world.job('certificate-share', async (tx) => [
        (await tx.select().from(certificateShares)).length,
        (await tx.select().from(certificateWatchers)).length,
      ]);
    const [shares, watchers] = await all();
    expect([shares, watchers].every((count) => (count ?? 0) > 0)).toBe(true);
    const later = (days: number) => ({
      ...gateway,
      clock: { now: () => new Date(gateway.clock.now().getTime() + days * day) },
    });
    await forgetShares(later(3));
    // One address was confirmed.
    expect(await all()).toEqual([shares, 1]);
    await forgetShares(later(30 + 181));
    expect(await all()).toEqual([0, 0]);
  });

  async function revoke(id: string): Promise<void> {
    const path = `/api/issued-certificates/${id}/revocation`;
    bodyOf(await (await world.as('juniorHigh-clerk')).json('POST', path, { reason: 'error' }));
    bodyOf(await (await world.as('juniorHigh-principal')).json('POST', `${path}/confirmation`));
  }
});

const firstView = 'A certificate that you share was opened for the first time';
