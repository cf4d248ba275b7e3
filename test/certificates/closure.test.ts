import { and, desc, eq } from 'drizzle-orm';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { issuedCertificates } from '../../src/certificates/tables.ts';
import { verifyPdf } from '../../src/crypto/pdf/verify/verify-pdf.ts';
import { organisations } from '../../src/directory/tables.ts';
import { proofOf } from '../../src/records/certificate-proof.ts';
import { certificateStatement } from '../../src/records/certificate-statement.ts';
import { sealKeys } from '../../src/records/tables.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { drawnText } from './support/drawn-text.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const own = '/api/own-certificates';
const office = '/api/certificate-requests';
const issued = '/api/issued-certificates';
const register = '/api/certificate-register';
const closed = codeOf('juniorHigh');
const heir = codeOf('cityHigh');
const number = '卒業 1024';

describe('certificates of a school that has closed', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let clerk: Session;
  let principal: Session;
  let entryId: string;
  let old: { readonly id: string; readonly number: string; readonly code: string; readonly pdf: Uint8Array };

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world);
    await openOffice(world, [], 'cityHigh');
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    entryId = await enterPupil(world, 'pupil-01', { number, leftOn: '2026-03-31', leaving: 'graduated', grade: null });
    const id = bodyOf(await sakura.json('POST', own, { ...wish, kind: 'graduationCertificate', copies: 1 })).id;
    const copy = await issue(id, await world.as('juniorHigh-clerk'), await world.as('juniorHigh-principal'));
    old = { ...copy, code: await codeOfCopy(copy.id, closed), pdf: await fileOf(copy.id) };
    await settle({ state: 'closed', successorCode: heir });
    clerk = await world.as('cityHigh-clerk');
    principal = await world.as('cityHigh-principal');
  }, 180_000);
  afterAll(() => world?.close());

  async function settle(changes: { readonly state: 'open' | 'closed'; readonly successorCode: string | null }) {
    await world.job('directory', (tx) => tx.update(organisations).set(changes).where(eq(organisations.code, closed)));
  }
  async function issue(id: string, by: Session, second: Session) {
    bodyOf(await by.json('POST', `${office}/${id}/check`));
    bodyOf(await second.json('POST', `${office}/${id}/approval`));
    return vi.waitFor(
      async () => {
        const { request } = bodyOf(await by.json('GET', `${office}/${id}`)) as never as {
          request: { state: string; problem: unknown; certificates: readonly { id: string; number: string }[] };
        };
        const [first] = request.certificates;
        if (first === undefined) throw new Error(`still ${request.state}: ${JSON.stringify(request.problem)}`);
        return first;
      },
      { timeout: 30_000, interval: 200 },
    );
  }
  async function codeOfCopy(id: string, school: string): Promise<string> {
    const [row] = await world.running.gateway.database.transaction(
      { actor: 'staff:test', school, role: 'principal' },
      (tx) => tx.select().from(issuedCertificates).where(eq(issuedCertificates.id, id)),
    );
    return row?.code ?? '';
  }
  async function fileOf(id: string): Promise<Uint8Array> {
    return new Uint8Array(await (await sakura.send('GET', `${issued}/${id}`)).arrayBuffer());
  }
  async function stateOf(code: string): Promise<Record<string, unknown>> {
    return (await (await fetch(`${world.origin}/api/certificate-states/${code}`)).json()) as Record<string, unknown>;
  }
  async function statementIn(pdf: Uint8Array) {
    const [file] = (await PDFDocument.load(pdf, { updateMetadata: false })).getAttachments();
    return certificateStatement.parse(JSON.parse(Buffer.from(file?.data ?? []).toString()));
  }

  it('stay what they are: the seal verifies, the state is valid, and says that the school has closed', async () => {
    const { trust, clock } = world.running.gateway;
    const { document, signatures } = await verifyPdf(old.pdf, {
      anchors: trust.seal,
      timestampAnchors: trust.time,
      revocation: trust.revocation,
      at: clock.now(),
    });
    expect([document.reasons, signatures[0]?.path.status]).toEqual([[], 'trusted']);
    expect(await stateOf(old.code)).toMatchObject({
      state: 'valid',
      school: { code: closed, state: 'closed', successor: { code: heir } },
    });
    expect(await (await fetch(`${world.origin}/c/${old.code}`)).text()).toContain('発行した学校は閉校しています');
    expect((await sakura.send('GET', `${issued}/${old.id}`)).status).toBe(200);
  });

  it('keep their seal known by its digest after its key has ended, unless the key was in doubt', async () => {
    const [key] = await world.job('directory', (tx) =>
      tx.select().from(sealKeys).where(eq(sealKeys.schoolCode, closed)),
    );
    const kid = Buffer.from(key?.fingerprint ?? '', 'hex').toString('base64url');
    const change = (changes: Partial<typeof sealKeys.$inferSelect>) =>
      world.job('directory', (tx) => tx.update(sealKeys).set(changes).where(eq(sealKeys.schoolCode, closed)));
    const published = async () => (await fetch(`${world.origin}/verify/seals/${kid}`)).status;
    await change({ retiredAt: new Date() });
    expect(await published()).toBe(200);
    await change({ doubtedAt: new Date() });
    expect(await published()).toBe(404);
    await change({ doubtedAt: null });
  });

  it('are asked of the successor, which certifies under its own name and seal and names the closed school', async () => {
    const offered = bodyOf(await sakura.json('GET', own)) as never as { offers: readonly { school: string }[] };
    expect(offered.offers.map(({ school }) => school)).toEqual([heir]);
    const request = bodyOf(await sakura.json('POST', own, { ...wish, kind: 'graduationCertificate', copies: 1 }));
    expect(request).toMatchObject({ school: heir, formerSchool: { code: closed } });
    const listed = bodyOf(await clerk.json('GET', `${office}/${request.id}`)) as never as Record<string, unknown>;
    expect(listed).toMatchObject({
      request: { formerSchool: { code: closed, name: 'ひばり野市立見本中学校' } },
      outlook: { can: true },
    });
    const copy = await issue(request.id, clerk, principal);
    const pdf = await fileOf(copy.id);
    const statement = await statementIn(pdf);
    expect(statement).toMatchObject({
      school: { code: heir },
      successorOf: { code: closed },
      person: { officialName: '葛\u{E0100}城　さくら' },
    });
    expect(proofOf(statement)).toMatchObject({ school: heir, for: closed });
    const text = await drawnText(pdf);
    expect(text).toContain('ひばり野市立見本中学校は閉校した');
    expect(text).toContain('ひばり野市立見本北高等学校が、その引継校として証明する');
    const { trust, clock } = world.running.gateway;
    const { signatures } = await verifyPdf(pdf, {
      anchors: trust.seal,
      timestampAnchors: trust.time,
      revocation: trust.revocation,
      at: clock.now(),
    });
    expect(signatures[0]?.signer?.name).toContain('見本北高等学校');
  });

  it('are handed out, and could be revoked, by the office of the successor', async () => {
    const listed = bodyOf(await clerk.json('GET', `${office}?state=issued`)) as never as {
      items: readonly { certificates: readonly { id: string }[] }[];
    };
    expect(listed.items.flatMap(({ certificates }) => certificates.map(({ id }) => id))).toContain(old.id);
    expect((await clerk.send('GET', `${issued}/${old.id}`)).status).toBe(200);
    bodyOf(await clerk.json('POST', `${issued}/${old.id}/revocation`, { reason: 'fraud' }));
    bodyOf(await principal.json('POST', `${issued}/${old.id}/revocation/refusal`, { reason: 'notProven' }));
    const stranger = await world.as('prefecturalHigh-clerk');
    for (const path of [`${issued}/${old.id}/revocation`, `${issued}/${old.id}/replacement`]) {
      expect(
        refusalIn(await stranger.json('POST', path, { reason: path.endsWith('revocation') ? 'fraud' : 'loss' })),
      ).toBe('404 certificate.not-found');
    }
    expect((await stranger.send('GET', `${issued}/${old.id}`)).status).toBe(404);
  });

  it('are replaced by the successor when one was lost, and lead to it', async () => {
    const request = bodyOf(await sakura.json('POST', `${issued}/${old.id}/loss`, { consent: true }));
    expect(request).toMatchObject({ school: heir, formerSchool: { code: closed } });
    const copy = await issue(request.id, clerk, principal);
    expect(await stateOf(old.code)).toMatchObject({
      state: 'superseded',
      supersededBy: { number: copy.number, code: await codeOfCopy(copy.id, heir) },
    });
  });

  it('are entered for an agent from the register of the closed school', async () => {
    const found = bodyOf(await clerk.json('GET', `${register}?number=${encodeURIComponent(number)}`)) as never as {
      items: readonly { id: string; formerSchool: { code: string } | null }[];
    };
    expect(found.items).toMatchObject([{ id: entryId, formerSchool: { code: closed } }]);
    const { pupilId: _pupil, consent: _consent, ...asked } = wish;
    const body = { ...asked, kind: 'graduationCertificate', entryId, agentReference: '委任 1' };
    expect(bodyOf(await clerk.json('POST', office, body))).toMatchObject({
      school: heir,
      formerSchool: { code: closed },
    });
  });

  it('are corrected by the successor on a stated ground, which stays beside the entry and in the log', async () => {
    const path = `${register}/${entryId}`;
    const shown = async (by = clerk) =>
      bodyOf(await by.json('GET', path)) as never as {
        facts: Record<string, unknown>;
        version: number;
        corrections: readonly Record<string, unknown>[];
      };
    const { facts, version, corrections } = await shown();
    expect(corrections).toEqual([]);
    const correction = { ground: 'evidence', reference: '訂正 令8-3' };
    const changed = { pupilId: 'pupil-01', facts: { ...facts, kana: 'かつらき　さくら' } };
    expect(refusalIn(await clerk.json('PUT', path, changed))).toBe('422 certificate.ground-missing');
    for (const wrong of [
      { ...correction, ground: 'whim' },
      { ...correction, reference: '' },
      { ...correction, reference: 'x'.repeat(41) },
      { ground: 'evidence' },
    ]) {
      expect((await clerk.json('PUT', path, { ...changed, correction: wrong })).status).toBe(400);
    }
    // About nobody else than before, neither of its own roll nor of nobody's.
    for (const pupilId of [null, 'pupil-02']) {
      const other = await clerk.json('PUT', path, { ...changed, pupilId, correction });
      expect(refusalIn(other)).toBe('404 pupil.not-found');
    }
    bodyOf(await clerk.json('PUT', path, { ...changed, correction }));
    expect(await shown()).toMatchObject({
      facts: { kana: 'かつらき　さくら' },
      version: version + 1,
      corrections: [{ ...correction, version: version + 1, bySchool: { code: heir } }],
    });
    const [event] = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(eq(auditEvents.name, 'certificate-register.changed'))
        .orderBy(desc(auditEvents.at)),
    );
    expect([event?.outcome, event?.organisation]).toEqual(['done', heir]);
    // By its number as before, and by nobody who does not answer for it.
    const found = bodyOf(await clerk.json('GET', `${register}?number=${encodeURIComponent(number)}`));
    expect(found).toMatchObject({ items: [{ id: entryId }] });
    for (const subject of ['prefecturalHigh-clerk', 'privateHigh-principal']) {
      const other = await world.as(subject);
      const answer = await other.json('PUT', path, { ...changed, correction });
      expect([subject, refusalIn(answer)]).toEqual([subject, '404 certificate.entry-not-found']);
    }
  });

  it('are answered for by the open end of a chain of closures, and by nobody in between', async () => {
    const between = codeOf('closedJuniorHigh');
    const put = (code: string, changes: Partial<typeof organisations.$inferSelect>) =>
      world.job('directory', (tx) => tx.update(organisations).set(changes).where(eq(organisations.code, code)));
    const ask = () => sakura.json('POST', own, { ...wish, kind: 'graduationCertificate', copies: 1 });
    const isAnswered = async () => {
      const request = bodyOf(await ask());
      expect(request).toMatchObject({ school: heir, formerSchool: { code: closed } });
      bodyOf(await clerk.json('GET', `${office}/${request.id}`));
      bodyOf(await clerk.json('GET', `${register}/${entryId}`));
      bodyOf(await sakura.json('POST', `${own}/${request.id}/withdrawal`));
    };
    const isAnsweredByNobody = async () => {
      expect(refusalIn(await ask())).toBe('409 certificate.school-closed');
      expect(refusalIn(await clerk.json('GET', `${register}/${entryId}`))).toBe('404 certificate.entry-not-found');
      expect(await stateOf(old.code)).toMatchObject({ school: { state: 'closed', successor: null } });
    };
    await settle({ state: 'closed', successorCode: between });
    await put(between, { state: 'closed', successorCode: heir });
    await isAnswered();
    expect(await stateOf(old.code)).toMatchObject({ school: { successor: { code: heir } } });
    // A board of education names which school of its own answers.
    await put(between, { state: 'closed', successorCode: codeOf('cityBoard') });
    await isAnsweredByNobody();
    await put(codeOf('cityBoard'), { successorCode: heir });
    await isAnswered();
    // A circle, and a school that points at itself.
    await put(between, { state: 'closed', successorCode: closed });
    await isAnsweredByNobody();
    await settle({ state: 'closed', successorCode: closed });
    await isAnsweredByNobody();
    await settle({ state: 'closed', successorCode: heir });
    await put(between, { state: 'closed', successorCode: null });
    await put(codeOf('cityBoard'), { successorCode: null });
  });

  it('are followed over five steps and no further', async () => {
    const [template] = await world.job('directory', (tx) =>
      tx.select().from(organisations).where(eq(organisations.code, closed)),
    );
    if (template === undefined) throw new Error('no school');
    const links = Array.from({ length: 5 }, (_one, index) => `C1112991000${index}X`);
    const chain = [...links, heir];
    await world.job('directory', (tx) =>
      tx
        .insert(organisations)
        .values(
          links.map((code, index) => ({ ...template, code, name: code, successorCode: chain[index + 1] ?? null })),
        ),
    );
    const offered = async () => {
      const { offers } = bodyOf(await sakura.json('GET', own)) as never as { offers: readonly { kinds: unknown[] }[] };
      return (offers[0]?.kinds.length ?? 0) > 0;
    };
    const readable = async () => (await clerk.json('GET', `${register}/${entryId}`)).status;
    // Four between: five steps.
    await settle({ state: 'closed', successorCode: links[1] ?? null });
    expect([await offered(), await readable()]).toEqual([true, 200]);
    await settle({ state: 'closed', successorCode: links[0] ?? null });
    expect([await offered(), await readable()]).toEqual([false, 404]);
    await settle({ state: 'closed', successorCode: heir });
  });

  it('are nobody else’s business: another school finds neither entry nor key', async () => {
    const stranger = await world.as('prefecturalHigh-clerk');
    expect(refusalIn(await stranger.json('GET', `${register}/${entryId}`))).toBe('404 certificate.entry-not-found');
    const { pupilId: _pupil, consent: _consent, ...asked } = wish;
    const body = { ...asked, kind: 'graduationCertificate', entryId, agentReference: '委任 1' };
    expect(refusalIn(await stranger.json('POST', office, body))).toBe('404 certificate.entry-not-found');
    const keys = await world.running.gateway.database.transaction(
      { actor: 'staff:test', school: codeOf('prefecturalHigh'), role: 'principal' },
      (tx) => world.running.gateway.locker.findCaseKey(tx, entryId, closed),
    );
    expect(keys).toBeNull();
  });

  it('are not issued any more in the name of the closed school, nor asked for where nobody has taken its place', async () => {
    await settle({ state: 'closed', successorCode: null });
    expect(refusalIn(await sakura.json('POST', own, { ...wish, kind: 'graduationCertificate', copies: 1 }))).toBe(
      '409 certificate.school-closed',
    );
    expect(bodyOf(await sakura.json('GET', own))).toMatchObject({ offers: [{ kinds: [] }] });
    expect(refusalIn(await clerk.json('GET', `${register}/${entryId}`))).toBe('404 certificate.entry-not-found');
    const before = await world.as('juniorHigh-clerk');
    const { pupilId: _pupil, consent: _consent, ...asked } = wish;
    const body = { ...asked, kind: 'graduationCertificate', entryId, agentReference: '委任 1' };
    expect(refusalIn(await before.json('POST', office, body))).toBe('409 certificate.school-closed');
    await settle({ state: 'closed', successorCode: heir });
  });

  it('leave the issue of the successor in the successor’s part of the log', async () => {
    const rows = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.name, 'certificate.issued'), eq(auditEvents.organisation, heir)))
        .orderBy(desc(auditEvents.at)),
    );
    expect(rows.length).toBeGreaterThanOrEqual(2);
  });
});
