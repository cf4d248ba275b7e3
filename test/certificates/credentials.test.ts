import { createHash } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditEvents } from '../../src/audit/tables.ts';
import { holderProofType } from '../../src/certificates/credentials/holder-proof.ts';
import { openIssuer } from '../../src/certificates/credentials/open-issuer.ts';
import { maxLiveCredentials } from '../../src/certificates/credentials/rules.ts';
import { credentialStatusLists, credentials } from '../../src/certificates/credentials/tables.ts';
import { issuedCertificates } from '../../src/certificates/tables.ts';
import { signCompactJwt } from '../../src/crypto/jose.ts';
import { bindSdJwt, presentSdJwt, readSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import { verifyCredential as judge } from '../../src/crypto/sd-jwt/verify.ts';
import { sealKeys } from '../../src/records/tables.ts';
import { fetchStatusList } from '../../src/verification/fetch-status-list.ts';
import { audience, createHolder, expectHolder, type Holder } from '../crypto/support/credentials.ts';
import { valueOf } from '../crypto/support/trust.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { issueAtOnce } from './support/issued.ts';
import { enterPupil, openOffice } from './support/office.ts';

const school = codeOf('juniorHigh');
const subjects = [
  { schoolYear: 2025, name: '国語', credits: null, grade: 5 },
  { schoolYear: 2025, name: '数学', credits: null, grade: 4 },
  { schoolYear: 2025, name: '体育', credits: null, grade: 3 },
];

describe('the credential of a certificate', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let certificate: string;
  let holder: Holder;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world, ['transcript']);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    await enterPupil(world, 'pupil-01', { subjects });
    certificate = (await issueAtOnce(sakura)).copy.id;
    holder = await createHolder();
  }, 180_000);
  afterAll(() => world?.close());

  const asSchool = { actor: 'staff:test', school, role: 'principal' };
  const path = (id: string) => `/api/issued-certificates/${id}/credentials`;
  const take = (id = certificate, proof: string | null = null, by = sakura) => by.json('POST', path(id), { proof });

  /** The file as it comes, which is no JSON. */
  async function taken(id = certificate, proof: string | null = null, by = sakura): Promise<string> {
    const json = { 'content-type': 'application/json' };
    const answer = await by.send('POST', path(id), JSON.stringify({ proof }), json);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/dc+sd-jwt']);
    return answer.text();
  }

  async function proofOf(claims: Readonly<Record<string, unknown>> = {}, by = holder, jwk: unknown = by.jwk) {
    return signCompactJwt({
      header: { typ: holderProofType, jwk },
      claims: {
        aud: world.origin,
        iat: Math.floor(world.clock.now().getTime() / 1000),
        nonce: certificate,
        ...claims,
      },
      signer: by.signer,
    });
  }

  const verified = (presentation: string, more: Partial<Parameters<typeof judge>[0]> = {}) => {
    const { trust, clock } = world.running.gateway;
    const anybodys = { anchors: trust.seal, revocation: trust.revocation, at: clock.now() };
    return judge({ presentation, ...anybodys, types: null, holder: null, status: null, ...more });
  };

  async function verdictsOf(content: string, statusLists: readonly string[] = []) {
    const answer = await fetch(`${world.origin}/api/verifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items: [{ content: Buffer.from(content).toString('base64'), statusLists }] }),
    });
    // Sound: the route's schema describes it.
    const { items } = (await answer.json()) as {
      items: readonly { kind: string; verdicts: readonly { code: string; reasons: readonly string[] }[] }[];
    };
    return items[0]?.verdicts.map(({ code, reasons }) => [code, ...reasons].join(' ')) ?? [];
  }

  async function lastEvent() {
    const [row] = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(eq(auditEvents.name, 'credential.issued'))
        .orderBy(desc(auditEvents.at))
        .limit(1),
    );
    return [row?.outcome, row?.reason];
  }

  it('is signed by the school, and says exactly what the certificate says', async () => {
    const sdJwt = await taken();
    expect(await lastEvent()).toEqual(['done', null]);
    const judged = await verified(sdJwt);
    expect([judged.integrity, judged.issuer?.status, judged.time, judged.status]).toEqual([
      'valid',
      'trusted',
      'valid',
      'unknown',
    ]);
    expect(judged.claims).toMatchObject({
      iss: `https://hikitsugi.example/schools/${school}`,
      school_code: school,
      document_kind: 'transcript',
      official_name: '葛\u{E0100}城　さくら',
      birthdate: '2011-04-02',
      assurance: 'certificate',
      subjects: subjects.map(({ name, grade, schoolYear }) => ({ school_year: schoolYear, name, grade })),
    });
    const { exp, iat, nbf } = judged.claims as never as { exp: number; iat: number; nbf: number };
    expect([exp - iat, nbf - iat]).toEqual([30 * 24 * 3600, 0]);
    expect(JSON.stringify(judged.claims)).not.toContain('null');
    expect(judged.claims).not.toHaveProperty('cnf');
    const { x5c } = z
      .strictObject({ alg: z.literal('ES256'), typ: z.literal('dc+sd-jwt'), x5c: z.array(z.base64()) })
      .parse(JSON.parse(Buffer.from(sdJwt.split('.')[0] ?? '', 'base64url').toString()));
    // The school's and the issuing authority's, without the root.
    expect(x5c).toHaveLength(2);
  });

  it('lets every field be withheld by itself, and shows not even how many subjects there are', async () => {
    const held = valueOf(await readSdJwt(await taken()));
    const { iss, vct, iat, nbf, exp, status, school_code, document_kind, ...hidden } = held.payload;
    expect([iss, vct, iat, nbf, exp, status, school_code, document_kind].includes(undefined)).toBe(false);
    expect(Object.keys(hidden).sort()).toEqual(['_sd', '_sd_alg', 'vct#integrity']);
    const places = held.disclosed.map(({ path: place }) => place.join('.'));
    expect(places).toEqual(expect.arrayContaining(['subjects', 'subjects.0', 'subjects.1', 'subjects.2']));
    const list = held.disclosed.find(({ path: place }) => place.join('.') === 'subjects')?.disclosure.value;
    expect((list as readonly unknown[]).length % 8).toBe(0);
    const shown = valueOf(await presentSdJwt(await taken(), (place) => place.join('.') === 'subjects.1'));
    const { claims } = await verified(shown);
    expect(claims?.['subjects']).toEqual([{ school_year: 2025, name: '数学', grade: 4 }]);
    expect(claims).not.toHaveProperty('official_name');
  });

  it('names a page about its kind, in both languages, by its hash', async () => {
    const { claims } = await verified(await taken());
    const { vct } = claims as never as { vct: string };
    expect(vct).toBe(`${world.origin}/credential-types/transcript/1`);
    const answer = await fetch(vct);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(claims?.['vct#integrity']).toBe(`sha256-${createHash('sha256').update(bytes).digest('base64')}`);
    const page = z
      .object({ claims: z.array(z.object({ path: z.array(z.string().nullable()) })) })
      .loose()
      .parse(JSON.parse(bytes.toString()));
    expect(page).toMatchObject({
      vct,
      display: [
        { locale: 'ja-JP', name: '成績証明書' },
        { locale: 'en-US', name: 'Academic transcript' },
      ],
    });
    const held = valueOf(await readSdJwt(await taken()));
    const named = page.claims.map(({ path: [first] }) => first);
    for (const { path: place } of held.disclosed) expect(named).toContain(place[0]);
    expect([
      (await fetch(`${world.origin}/credential-types/transcript/2`)).status,
      (await fetch(`${world.origin}/credential-types/nothing/1`)).status,
    ]).toEqual([404, 404]);
  });

  it('is bound to the key of a holder who proves to have it', async () => {
    const sdJwt = await taken(certificate, await proofOf());
    const { claims } = await verified(sdJwt);
    expect(claims?.['cnf']).toEqual({ jwk: holder.jwk });
    const { exp, iat } = claims as never as { exp: number; iat: number };
    expect(exp - iat).toBe(365 * 24 * 3600);
    const at = world.clock.now();
    const shown = valueOf(await presentSdJwt(sdJwt, (place) => place[0] === 'birthdate'));
    const bound = await bindSdJwt({ presentation: shown, audience, nonce: 'n-1', at, signer: holder.signer });
    expect((await verified(bound, { holder: expectHolder('n-1') })).holder).toBe('proved');
    const foreign = await createHolder();
    const stolen = await bindSdJwt({ presentation: shown, audience, nonce: 'n-1', at, signer: foreign.signer });
    expect((await verified(stolen, { holder: expectHolder('n-1') })).reasons).toContain('holder-signature-invalid');
  });

  it('is not bound to a key that is proved badly', async () => {
    const foreign = await createHolder();
    const old = Math.floor(world.clock.now().getTime() / 1000) - 900;
    const [head = '', body = ''] = (await proofOf()).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: holderProofType, jwk: holder.jwk })).toString(
      'base64url',
    );
    const proofs = [
      await proofOf({ aud: 'https://elsewhere.example' }),
      await proofOf({ nonce: 'another' }),
      await proofOf({ nonce: undefined }),
      await proofOf({ iat: old }),
      await proofOf({ iat: undefined }),
      // Signed by one key, named another.
      await proofOf({}, foreign, holder.jwk),
      await proofOf({}, holder, { ...holder.jwk, d: 'AAAA' }),
      await proofOf({}, holder, { ...holder.jwk, crv: 'P-384' }),
      await proofOf({}, holder, null),
      `${none}.${body}.`,
      `${none}.${body}.AAAA`,
      `${head}.${body}.`,
      'x',
      '',
    ];
    for (const proof of proofs) expect(refusalIn(await take(certificate, proof))).toBe('422 credential.proof-refused');
    expect(await lastEvent()).toEqual(['refused', 'credential.proof-refused:malformed']);
  });

  it('is handed to whoever may have the certificate, and to nobody else', async () => {
    const yoko = await openLinkedSession(world, 'fumi', 'juniorHigh');
    const clerk = await world.as('juniorHigh-clerk');
    const principal = await world.as('juniorHigh-principal');
    const elsewhere = await world.as('cityHigh-clerk');
    expect(refusalIn(await take(certificate, null, yoko))).toBe('404 certificate.not-found');
    expect(refusalIn(await take('nothing'))).toBe('404 certificate.not-found');
    for (const one of [clerk, principal, elsewhere]) {
      expect(refusalIn(await take(certificate, null, one))).toBe('403 policy.denied');
    }
    const anonymous = await fetch(`${world.origin}${path(certificate)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: world.origin },
      body: JSON.stringify({ proof: null }),
    });
    expect(anonymous.status).toBe(401);
  });

  it('keeps nothing of what it says, and no key of a holder', async () => {
    await taken(certificate, await proofOf());
    const rows = await world.running.gateway.database.transaction(asSchool, (tx) => tx.select().from(credentials));
    const text = JSON.stringify(rows);
    for (const secret of ['さくら', '2011', '国語', holder.jwk.x]) expect(text).not.toContain(secret);
    expect(new Set(rows.map(({ listIndex }) => listIndex)).size).toBe(rows.length);
    const other = { actor: 'staff:test', school: codeOf('cityHigh'), role: 'principal' };
    expect(
      await world.running.gateway.database.transaction(other, async (tx) => [
        ...(await tx.select().from(credentials)),
        ...(await tx.select().from(credentialStatusLists)),
      ]),
    ).toEqual([]);
  });

  it('has a state that anybody learns from the list of its school', async () => {
    const sdJwt = await taken();
    const { claims } = await verified(sdJwt);
    const { uri, idx } = (claims as never as { status: { status_list: { uri: string; idx: number } } }).status
      .status_list;
    expect(uri).toMatch(new RegExp(`^${world.origin}/status-lists/[\\w-]{22}$`));
    expect(idx).toBeLessThan(131_072);
    const list = await fetchStatusList(uri);
    expect(await verdictsOf(sdJwt, [list ?? ''])).toContain('status.valid');
    expect(await verdictsOf(sdJwt)).toContain('status.notChecked list-missing');
  });

  it('ends with the certificate: suspended, revoked', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const principal = await world.as('juniorHigh-principal');
    const { copy } = await issueAtOnce(sakura);
    const [sdJwt, untouched] = [await taken(copy.id), await taken()];
    const uriOf = async (one: string) =>
      ((await verified(one)).claims as never as { status: { status_list: { uri: string } } }).status.status_list.uri;
    const uri = await uriOf(sdJwt);
    const told = async (one: string) => verdictsOf(one, [(await fetchStatusList(uri)) ?? '']);
    expect(await told(sdJwt)).toContain('status.valid');
    const revocation = `/api/issued-certificates/${copy.id}/revocation`;
    bodyOf(await clerk.json('POST', revocation, { reason: 'error' }));
    expect(await told(sdJwt)).toContain('status.invalid status-suspended');
    expect(refusalIn(await take(copy.id))).toBe('409 credential.suspended');
    bodyOf(await principal.json('POST', `${revocation}/confirmation`));
    expect(await told(sdJwt)).toContain('status.invalid status-revoked');
    expect(refusalIn(await take(copy.id))).toBe('410 certificate.revoked');
    expect(await told(untouched)).toContain('status.valid');
    await world.running.gateway.database.transaction(asSchool, (tx) =>
      tx.update(issuedCertificates).set({ state: 'superseded' }).where(eq(issuedCertificates.id, copy.id)),
    );
    expect(await told(sdJwt)).toContain('status.invalid status-superseded');
  });

  it('is issued so many times and not more', async () => {
    const { copy } = await issueAtOnce(sakura);
    for (let count = 0; count < maxLiveCredentials; count += 1) await taken(copy.id);
    expect(refusalIn(await take(copy.id))).toBe('409 credential.too-many');
  });

  it('is downloaded from the page by a form', async () => {
    const { request, copy } = await issueAtOnce(sakura);
    const page = await (await sakura.send('GET', `/own-certificates/${request}`)).text();
    expect(page).toContain(`action="/issued-certificates/${copy.id}/credentials"`);
    const answer = await sakura.send('POST', `/issued-certificates/${copy.id}/credentials`, '', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="transcript-${copy.number}.sd-jwt"`);
    expect((await verified(await answer.text())).integrity).toBe('valid');
  });

  // Last: from here on nobody believes the school's key.
  it('is not issued, nor its list signed, by a school whose seal cannot', async () => {
    const { gateway } = world.running;
    const reason = async (given: typeof gateway, code: string) => {
      const opened = await openIssuer(given, code);
      return opened.ok ? 'issued' : `${opened.fault.code} ${opened.fault.detail}`;
    };
    expect(await reason(gateway, school)).toBe('issued');
    expect(await reason(gateway, codeOf('prefecturalHigh'))).toBe('credential.not-issuable algorithm');
    expect(await reason(gateway, codeOf('closedJuniorHigh'))).toBe('credential.not-issuable seal.key-missing');
    const later = { ...gateway, clock: { now: () => new Date(world.clock.now().getTime() + 6 * 365 * day) } };
    expect(await reason(later, school)).toBe('credential.not-issuable certificate-not-in-time');
    const { claims } = await verified(await taken());
    const { uri } = (claims as never as { status: { status_list: { uri: string } } }).status.status_list;
    expect((await fetch(uri)).status).toBe(200);
    await gateway.database.transaction(asSchool, (tx) =>
      tx
        .update(sealKeys)
        .set({ fingerprint: '0'.repeat(64) })
        .where(eq(sealKeys.schoolCode, school)),
    );
    expect(refusalIn(await take())).toBe('409 credential.not-issuable');
    world.clock.pass(2 * 3_600_000);
    expect((await fetch(uri)).status).toBe(503);
  });
});
