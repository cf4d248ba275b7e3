import { createHash } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { certifiedFields, statementOf } from '../../src/certificates/statement.ts';
import { certificateRequests } from '../../src/certificates/tables.ts';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import type { FlattenedJws } from '../../src/crypto/jose.ts';
import { certificateKinds, personKinds } from '../../src/records/certificate-kinds.ts';
import { type ConsentStatement, signConsent } from '../../src/records/consent.ts';
import { examineFile, kindOf } from '../../src/verification/examine.ts';
import type { TrustMaterial } from '../../src/verification/trust-material.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession, openPersonSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { enterPupil, openOffice, wish } from './support/office.ts';

const own = '/api/own-certificates';
const office = '/api/certificate-requests';
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

describe('what a certificate of a kind says', () => {
  const facts = {
    number: '1',
    officialName: '葛城　さくら',
    nonStandardCharacters: [],
    kana: 'かつらぎ　さくら',
    nameEnglish: 'KATSURAGI Sakura',
    birthDate: '2008-04-02',
    course: '普通科',
    grade: '3',
    enrolledOn: '2024-04-08',
    leftOn: '2026-03-31',
    leaving: 'graduated' as const,
    subjects: [{ schoolYear: 2025, name: '国語', credits: 4, grade: 5 }],
  };

  it.each(personKinds)('%s: exactly the fields that are consented to', (kind) => {
    const text = { titleJa: 't', bodyJa: 'b', titleEn: 't', bodyEn: 'b', principalJa: 'p', principalEn: 'p' };
    const { person, course, grade, enrolledOn, leftOn, subjects } = statementOf(
      { can: true, kind, until: null },
      {
        number: '1',
        copy: { number: 1, of: 1 },
        asked: kind,
        language: 'ja',
        issuedOn: '2026-04-01',
        assurance: 'certificate',
        school: { code: 'x', name: 'x', nameEnglish: 'x' },
        facts,
        wording: text,
        verifyAt: 'https://locker.example/c/x',
      },
    );
    const [first] = subjects;
    const said = {
      ...person,
      course,
      grade,
      enrolledOn,
      leftOn,
      subjects: first?.name ?? null,
      credits: first?.credits ?? null,
      grades: first?.grade ?? null,
    };
    const fields = Object.entries(said).flatMap(([name, value]) => (value === null ? [] : [name]));
    expect(fields.toSorted()).toEqual([...certifiedFields(kind)].toSorted());
  });
});

describe('consent to a certificate', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let mayumi: Session;
  let clerk: Session;
  let trust: TrustMaterial;
  const shown = '選んだ種類の証明書に書かれることを';

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    mayumi = await openLinkedSession(world, 'mayumi', 'juniorHigh');
    clerk = await world.as('juniorHigh-clerk');
    await enterPupil(world, 'pupil-01');
    const { gateway } = world.running;
    trust = { ...gateway.trust, logKeys: [], at: gateway.clock.now() };
  }, 120_000);
  afterAll(() => world?.close());

  async function offered(by: Session, language = 'ja') {
    const headers = { 'accept-language': language };
    return bodyOf(await by.json('GET', own, undefined, headers)) as never as {
      consent: { language: string; shown: string; sha256: string };
      offers: readonly { kinds: readonly { kind: string; fields: readonly string[] }[] }[];
    };
  }
  async function ask(by: Session, more: Record<string, unknown> = {}): Promise<string> {
    const { id } = bodyOf(await by.json('POST', own, { ...wish, copies: 1, ...more }));
    return id;
  }
  async function consentOf(by: Session, path: string): Promise<FlattenedJws> {
    const answer = await by.send('GET', path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    return (await answer.json()) as FlattenedJws;
  }
  function examined(jws: unknown) {
    const bytes = new TextEncoder().encode(JSON.stringify(jws));
    expect(kindOf(bytes)).toBe('consent');
    return examineFile({ kind: 'consent', bytes, proof: null, trust: async () => trust });
  }
  const codes = async (jws: unknown) => (await examined(jws)).verdicts.map(({ code }) => code);
  const statementIn = ({ payload }: FlattenedJws) =>
    JSON.parse(Buffer.from(payload, 'base64url').toString()) as ConsentStatement;

  it('is saved by the holder, verified without the gateway, and says who, what, by which log-in and which words', async () => {
    const { consent, offers } = await offered(sakura);
    expect(consent.shown).toContain(shown);
    expect(consent.sha256).toBe(sha256(consent.shown));
    const id = await ask(sakura, { purpose: 'fare', consentText: consent.sha256 });
    const jws = await consentOf(sakura, `${own}/${id}/consent`);
    expect(await codes(jws)).toEqual(['signature.valid', 'issuer.valid', 'statement.valid']);
    const statement = statementIn(jws);
    expect(statement).toMatchObject({
      version: 'hikitsugi-consent/2',
      request: id,
      relation: 'self',
      school: codeOf('juniorHigh'),
      kind: 'enrolmentCertificate',
      purpose: 'fare',
      copies: 1,
      feeYen: 400,
      replaces: null,
      text: { language: 'ja', shown: consent.shown, sha256: consent.sha256 },
      assurance: 'certificate',
    });
    const kind = offers[0]?.kinds.find((one) => one.kind === 'enrolmentCertificate');
    expect(statement.fields).toEqual(kind?.fields);
    // Whoever has the file learns of no person and no pupil; whoever knows both ids finds them again.
    expect(JSON.stringify(statement)).not.toMatch(/pupil-01|葛|さくら|2011/);
    const [row] = await world.running.gateway.database.transaction(
      { actor: 'staff:test', school: codeOf('juniorHigh'), role: 'principal' },
      (tx) => tx.select().from(certificateRequests).where(eq(certificateRequests.id, id)),
    );
    const known = { request: id, person: row?.personId ?? '' };
    expect(statement.person).toBe(sha256(canonicalJson(known)));
    expect(statement.pupil).toBe(sha256(canonicalJson({ ...known, pupil: 'pupil-01' })));
    expect(Date.parse(statement.loggedInAt)).toBeLessThanOrEqual(Date.parse(statement.consentedAt));
    const { facts, remarks } = await examined(jws);
    expect(remarks).toEqual(['consent-by-gateway']);
    expect(facts).toMatchObject({ text: consent.shown, certificateKind: 'enrolmentCertificate' });
    // The log holds its digest.
    const [entry] = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.name, 'certificate.requested')).orderBy(desc(auditEvents.at)),
    );
    expect(entry?.objectDigest).toBe(sha256(canonicalJson(jws)));
    // The school rests on it, and has it too.
    expect(await consentOf(clerk, `${office}/${id}/consent`)).toEqual(jws);
  });

  it('of a guardian names the guardian’s log-in, commits to another person, and to nobody twice in the same way', async () => {
    const [mine, other] = [await ask(mayumi), await ask(mayumi)];
    const first = statementIn(await consentOf(mayumi, `${own}/${mine}/consent`));
    const second = statementIn(await consentOf(mayumi, `${own}/${other}/consent`));
    expect([first.relation, first.text]).toEqual(['guardian', null]);
    expect(new Set([first.person, second.person, first.pupil, second.pupil]).size).toBe(4);
    expect((await examined(await consentOf(sakura, `${own}/${mine}/consent`))).remarks).toContain(
      'consent-text-elsewhere',
    );
  });

  it('is to the words that were read: in English too, and refused once they have changed', async () => {
    const { consent } = await offered(sakura, 'en');
    expect([consent.language, consent.shown.startsWith('I agree')]).toEqual(['en', true]);
    const id = await ask(sakura, { consentText: consent.sha256 });
    expect(statementIn(await consentOf(sakura, `${own}/${id}/consent`)).text).toMatchObject({ language: 'en' });
    const body = { ...wish, consentText: sha256('other words') };
    expect(refusalIn(await sakura.json('POST', own, body))).toBe('409 certificate.consent-changed');
    expect((await sakura.json('POST', own, { ...wish, consentText: 'x' })).status).toBe(400);
  });

  it('is nobody else’s: a stranger, another guardian and another school find none, and an agent’s request has none', async () => {
    const id = await ask(mayumi);
    const kenichi = await openLinkedSession(world, 'kenichi', 'juniorHigh');
    const stranger = await openPersonSession(world, 'kamome');
    for (const by of [kenichi, stranger]) {
      expect(refusalIn(await by.json('GET', `${own}/${id}/consent`))).toBe('404 certificate.request-not-found');
    }
    const elsewhere = await world.as('cityHigh-clerk');
    expect(refusalIn(await elsewhere.json('GET', `${office}/${id}/consent`))).toBe('404 certificate.request-not-found');
    const teacher = await world.as('juniorHigh-homeroomTeacher');
    expect(refusalIn(await teacher.json('GET', `${office}/${id}/consent`))).toBe('403 policy.denied');
    const entryId = await enterPupil(world, null);
    const { pupilId: _pupil, consent: _consent, ...asked } = wish;
    const agent = bodyOf(await clerk.json('POST', office, { ...asked, entryId, agentReference: '委任 9' }));
    expect(refusalIn(await clerk.json('GET', `${office}/${agent.id}/consent`))).toBe('404 certificate.consent-none');
  });

  it('is told as bad when anything in it was changed, signed by another, or says what its words do not', async () => {
    const id = await ask(sakura, { consentText: (await offered(sakura)).consent.sha256 });
    const jws = await consentOf(sakura, `${own}/${id}/consent`);
    const statement = statementIn(jws);
    const forged = (changes: object) => ({
      ...jws,
      payload: Buffer.from(canonicalJson({ ...statement, ...changes })).toString('base64url'),
    });
    expect(await codes(forged({ purpose: 'employment' }))).toEqual(['signature.invalid']);
    expect(await codes({ ...jws, signature: `${jws.signature.slice(0, -4)}AAAA` })).toEqual(['signature.invalid']);
    const { evidence } = world.running.gateway;
    const resigned = (changes: object) => signConsent({ ...statement, ...changes }, evidence);
    const text = statement.text === null ? null : { ...statement.text, shown: 'I agree to everything.' };
    expect(await codes(await resigned({ text }))).toEqual(['signature.valid', 'issuer.valid', 'statement.invalid']);
    expect((await codes(await resigned({ more: 1 }))).at(-1)).toBe('statement.invalid');
    expect((await codes(await resigned({ kind: 'x' }))).at(-1)).toBe('statement.invalid');
    expect(certificateKinds).toContain(statement.kind);
  });
});
