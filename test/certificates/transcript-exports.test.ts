import { createPublicKey, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { desc, eq } from 'drizzle-orm';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditEvents } from '../../src/audit/tables.ts';
import { learnerRecordOf, openBadgeOf } from '../../src/certificates/credentials/badge-documents.ts';
import { findBadgeKey } from '../../src/certificates/credentials/badge-key.ts';
import { profileOf } from '../../src/certificates/credentials/issuer-profile.ts';
import { badgeKeys } from '../../src/certificates/credentials/tables.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import { learnerRecord, openBadge } from './support/badge-shapes.ts';
import { issueAtOnce } from './support/issued.ts';
import { enterPupil, openOffice } from './support/office.ts';
import { statementFor } from './support/statement.ts';

const bitstringList = z.object({
  id: z.url(),
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('BitstringStatusListCredential')]),
  issuer: z.url(),
  credentialSubject: z.object({
    type: z.literal('BitstringStatusList'),
    statusPurpose: z.literal('revocation'),
    encodedList: z.string().startsWith('u'),
  }),
});

const school = codeOf('juniorHigh');
const subjects = [
  { schoolYear: 2025, name: '国語', credits: null, grade: 5 },
  { schoolYear: 2025, name: '総合的な学習の時間', credits: null, grade: null },
];

describe('a transcript for others’ systems', { timeout: 90_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let certificate: string;

  beforeAll(async () => {
    world = await openHostileWorld({ LOG_INTERVAL_MS: '100' });
    await openOffice(world, ['transcript', 'enrolmentCertificate']);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    await enterPupil(world, 'pupil-01', { subjects });
    certificate = (await issueAtOnce(sakura)).copy.id;
  }, 180_000);
  afterAll(() => world?.close());

  const asSchool = { actor: 'staff:test', school, role: 'principal' };
  const path = (id: string) => `/api/issued-certificates/${id}/exports`;
  const ask = (format: string, id = certificate, by = sakura) => by.json('POST', path(id), { format });
  async function taken(format: string, id = certificate): Promise<string> {
    const json = { 'content-type': 'application/json' };
    const answer = await sakura.send('POST', path(id), JSON.stringify({ format }), json);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/jwt']);
    return answer.text();
  }
  const headerOf = (jwt: string) =>
    z
      .strictObject({ alg: z.literal('RS256'), kid: z.url(), typ: z.literal('JWT') })
      .parse(JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()));
  const payloadOf = (jwt: string) =>
    z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()));
  const issuer = () => `${world.origin}/issuers/${school}`;

  it.each([
    ['openBadge', openBadge],
    ['learnerRecord', learnerRecord],
  ] as const)(
    'is an %s of the published shape, and jose and Node verify it by what the school publishes',
    async (format, shape) => {
      const jwt = await taken(format);
      const { kid } = headerOf(jwt);
      // One stack: by the key set at the issuer's address.
      const keys = createRemoteJWKSet(new URL(`${issuer()}/jwks.json`));
      const { payload } = await jwtVerify(jwt, keys, { issuer: issuer(), algorithms: ['RS256'], typ: 'JWT' });
      // Another: Node alone, by the key that `kid` leads to.
      const jwk = (await (await fetch(kid)).json()) as { readonly d?: string; readonly kty: string };
      expect([jwk.kty, jwk.d]).toEqual(['RSA', undefined]);
      const [head, body, signature] = jwt.split('.');
      const data = Buffer.from(`${head}.${body}`);
      const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
      expect(verify('RSA-SHA256', data, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
      const { iss, jti, sub, nbf, exp, ...document } = payload;
      const shaped = shape.parse(document);
      expect([iss, jti, sub]).toEqual([shaped.issuer.id, shaped.id, shaped.credentialSubject.id]);
      expect([nbf, exp]).toEqual([Date.parse(shaped.validFrom) / 1000, Date.parse(shaped.validUntil) / 1000]);
      expect((exp ?? 0) - (nbf ?? 0)).toBe(30 * 24 * 3600);
      expect(shaped.credentialSubject.identifier[0]?.identityHash).toBe('葛\u{E0100}城　さくら');
    },
  );

  it('says every grade once, and every subject in the record', async () => {
    const { credentialSubject } = openBadge.parse(withoutClaims(payloadOf(await taken('openBadge'))));
    expect(credentialSubject.result?.map(({ value }) => value)).toEqual(['5']);
    expect(credentialSubject.result?.[0]?.resultDescription).toBe(
      credentialSubject.achievement.resultDescription?.[0]?.id,
    );
    const record = learnerRecord.parse(withoutClaims(payloadOf(await taken('learnerRecord'))));
    const courses = record.credentialSubject.verifiableCredential;
    expect(courses.map(({ name }) => name)).toEqual(['国語', '総合的な学習の時間']);
    expect(new Set(courses.map((one) => one.credentialSubject.id))).toEqual(new Set([record.credentialSubject.id]));
  });

  function withoutClaims({ iss: _i, jti: _j, sub: _s, nbf: _n, exp: _e, ...document }: Record<string, unknown>) {
    return document;
  }

  it('keeps its shape whatever the transcript says', () => {
    const newUrn = () => `urn:uuid:${crypto.randomUUID()}`;
    const parts = {
      id: newUrn(),
      subject: newUrn(),
      issuer: profileOf('https://gateway.example', { code: 'C1', name: 'x', nameEnglish: 'y' }),
      validFrom: new Date('2026-04-01T00:00:00Z'),
      validUntil: new Date('2026-05-01T00:00:00Z'),
      status: {
        id: 'https://gateway.example/issuers/C1/status-lists/x#7',
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '7',
        statusListCredential: 'https://gateway.example/issuers/C1/status-lists/x',
      },
      newUrn,
    };
    for (const language of ['ja', 'en'] as const) {
      const statement = statementFor('transcript', { language });
      const empty = { ...statement, subjects: [], person: { ...statement.person, nameEnglish: null } };
      for (const one of [statement, empty]) {
        openBadge.parse(openBadgeOf(one, parts));
        learnerRecord.parse(learnerRecordOf(one, parts));
      }
      const { credentialSubject } = learnerRecord.parse(learnerRecordOf(statement, parts));
      expect(credentialSubject.verifiableCredential[0]?.credentialSubject.creditsEarned).toBe(4);
    }
  });

  it.each(['openBadge', 'learnerRecord'])(
    'is seen as revoked by whoever asks the list that an %s names',
    async (format) => {
      const copy = (await issueAtOnce(sakura)).copy.id;
      const status = z
        .object({ credentialStatus: z.object({ statusListIndex: z.string(), statusListCredential: z.url() }) })
        .parse(payloadOf(await taken(format, copy))).credentialStatus;
      const clerk = await world.as('juniorHigh-clerk');
      const revocation = `/api/issued-certificates/${copy}/revocation`;
      expect(await revokedIn(status)).toBe(false);
      bodyOf(await clerk.json('POST', revocation, { reason: 'error' }));
      // Somebody has asked for it, which may be taken back; revocation is for good there.
      expect(await revokedIn(status)).toBe(false);
      bodyOf(await (await world.as('juniorHigh-principal')).json('POST', `${revocation}/confirmation`));
      expect(await revokedIn(status)).toBe(true);
      const neighbour = String((Number(status.statusListIndex) + 1) % 131_072);
      expect(await revokedIn({ ...status, statusListIndex: neighbour })).toBe(false);
      const elsewhere = status.statusListCredential.replace(school, codeOf('cityHigh'));
      expect((await fetch(elsewhere)).status).toBe(404);
    },
  );

  /** W3C Bitstring Status List v1.0 §3.2, by jose and zlib. */
  async function revokedIn(of: { readonly statusListIndex: string; readonly statusListCredential: string }) {
    const answer = await fetch(of.statusListCredential);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/vc+jwt']);
    const keys = createRemoteJWKSet(new URL(`${issuer()}/jwks.json`));
    const { payload } = await jwtVerify(await answer.text(), keys, { issuer: issuer(), algorithms: ['RS256'] });
    const list = bitstringList.parse(payload);
    expect([list.id, list.issuer]).toEqual([of.statusListCredential, issuer()]);
    const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'));
    expect(bits.length).toBe(131_072 / 8);
    const index = Number(of.statusListIndex);
    return ((bits[Math.floor(index / 8)] ?? 0) & (0x80 >> (index % 8))) !== 0;
  }

  it('has an issuer with a profile, and one key that never changes', async () => {
    const profile = (await (await fetch(issuer())).json()) as Record<string, unknown>;
    expect(profile).toMatchObject({ id: issuer(), type: ['Profile'], name: 'ひばり野市立見本中学校' });
    await Promise.all(['openBadge', 'openBadge', 'learnerRecord'].map((format) => taken(format)));
    const rows = await world.running.gateway.database.transaction(asSchool, (tx) => tx.select().from(badgeKeys));
    expect(rows).toHaveLength(1);
    const none = await fetch(`${world.origin}/issuers/${codeOf('cityHigh')}/jwks.json`);
    expect(await none.json()).toEqual({ keys: [] });
    for (const missing of ['/issuers/X', '/issuers/X/jwks.json', `/issuers/${school}/keys/x`]) {
      expect((await fetch(`${world.origin}${missing}`)).status).toBe(404);
    }
  });

  it('is made of a transcript alone, for its holder alone, and every time is in the log', async () => {
    const enrolment = (await issueAtOnce(sakura, { kind: 'enrolmentCertificate' })).copy.id;
    expect(refusalIn(await ask('openBadge', enrolment))).toBe('409 credential.no-transcript');
    expect(refusalIn(await ask('pdf'))).toBe('400 request.malformed');
    const clerk = await world.as('juniorHigh-clerk');
    expect(refusalIn(await ask('openBadge', certificate, clerk))).toBe('403 policy.denied');
    expect(refusalIn(await ask('openBadge', 'nothing'))).toBe('404 certificate.not-found');
    await taken('openBadge');
    const [row] = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(eq(auditEvents.name, 'credential.exported'))
        .orderBy(desc(auditEvents.at))
        .limit(1),
    );
    expect(row?.outcome).toBe('done');
    bodyOf(await clerk.json('POST', `/api/issued-certificates/${certificate}/revocation`, { reason: 'error' }));
    expect(refusalIn(await ask('openBadge'))).toBe('409 credential.suspended');
  });

  // Last: from here on nobody believes the school's key.
  it('is not signed, and no key is shown, when somebody has put another key into the database', async () => {
    const { gateway } = world.running;
    const id = (await issueAtOnce(sakura)).copy.id;
    expect((await findBadgeKey(gateway, school)).ok).toBe(true);
    const pair = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    );
    const { n = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const owner = postgres(world.demo.environment['MIGRATION_DATABASE_URL'] ?? '');
    await owner`alter table badge_keys no force row level security`;
    expect((await owner`update badge_keys set n = ${n}`).count).toBe(1);
    await owner.end();
    expect(await findBadgeKey(gateway, school)).toMatchObject({
      ok: false,
      fault: { code: 'credential.not-issuable' },
    });
    expect((await fetch(`${issuer()}/jwks.json`)).status).toBe(503);
    expect(refusalIn(await ask('openBadge', id))).toBe('409 credential.not-issuable');
  });
});
