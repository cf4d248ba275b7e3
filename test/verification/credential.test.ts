import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compactJws, signCompactJwt, signJws } from '../../src/crypto/jose.ts';
import { toBase64, toBase64url } from '../../src/crypto/jose-encoding.ts';
import { bindSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import type { Signer } from '../../src/crypto/signer.ts';
import { packStatuses, statusListSize } from '../../src/crypto/status-list/entries.ts';
import { signStatusList } from '../../src/crypto/status-list/sign.ts';
import { type CredentialCompanions, noCompanions } from '../../src/verification/credential.ts';
import { examineFile, kindOf, statusListIn } from '../../src/verification/examine.ts';
import { fetchStatusList } from '../../src/verification/fetch-status-list.ts';
import { outcomeOf, type Report } from '../../src/verification/report.ts';
import type { TrustMaterial } from '../../src/verification/trust-material.ts';
import { createTestAuthority, now } from '../crypto/support/authorities.ts';
import {
  audience,
  createCredentialWorld,
  createHolder,
  day,
  expectHolder,
  issuer,
  listUri,
} from '../crypto/support/credentials.ts';

const world = await createCredentialWorld();
const { school, holder, authority, issue } = world;
const trust: TrustMaterial = {
  seal: world.trust.anchors,
  revocation: world.trust.revocation,
  person: [],
  time: [],
  evidence: [],
  logKeys: [],
  at: now,
};
const status = { uri: listUri, index: 7 };
const list = await listOf([]);
const listed = { ...noCompanions, statusLists: [list] };
const credential = await issue({ status, holder: null });
const bound = await issue({ status });

async function listOf(
  statuses: Parameters<typeof packStatuses>[1],
  change: Partial<Parameters<typeof signStatusList>[0]> = {},
) {
  const entries = packStatuses(statusListSize, statuses);
  const expiresAt = new Date(now.getTime() + day);
  return signStatusList({
    uri: listUri,
    issuedAt: now,
    expiresAt,
    ttlSeconds: 3600,
    entries,
    signer: school.signer,
    ...change,
  });
}

async function examine(text: string, companions: CredentialCompanions = listed, at = now): Promise<Report> {
  const bytes = new TextEncoder().encode(text);
  const kind = kindOf(bytes);
  if (kind === null) throw new Error('nobody knows what this is');
  return examineFile({ kind, bytes, proof: null, companions, trust: async () => ({ ...trust, at }) });
}

/** Each verdict that is not good, with its reasons. */
function complaints({ verdicts }: Report): readonly string[] {
  return verdicts.flatMap(({ word, code, reasons }) => (word === 'valid' ? [] : [[code, ...reasons].join(' ')]));
}

const complaintsOf = async (...args: Parameters<typeof examine>) => complaints(await examine(...args));
const encode = (text: string) => toBase64url(new TextEncoder().encode(text));
const [jwt = '', ...disclosures] = credential.split('~').slice(0, -1);
const [head = '', body = '', signature = ''] = jwt.split('.');
const seconds = Math.floor(now.getTime() / 1000);

async function signedText(payload: string, signer: Signer = school.signer): Promise<string> {
  const header = { typ: 'dc+sd-jwt', x5c: school.signer.chain.map(toBase64) };
  return `${compactJws(await signJws({ payload: new TextEncoder().encode(payload), header, signer }))}~`;
}

describe('a credential that is given to anybody', () => {
  it('is asked six questions, and each has an answer of its own', async () => {
    const nonce = 'n-1';
    const shown = await bindSdJwt({ presentation: bound, audience, nonce, at: now, signer: holder.signer });
    const report = await examine(shown, { ...listed, holder: expectHolder(nonce) });
    expect(report.kind).toBe('credential');
    expect(report.verdicts.map(({ code }) => code)).toEqual([
      'signature.valid',
      'issuer.valid',
      'issued.valid',
      'status.valid',
      'expiry.valid',
      'holder.valid',
    ]);
    expect(report.facts).toMatchObject({ issuer, claims: { family_name: '𠮷田', school_code: 'B113200000001' } });
    expect(Object.keys(report.facts['claims'] as object)).not.toContain('cnf');
  });

  it('is good without a holder’s key, and says that it names none', async () => {
    const report = await examine(credential);
    expect(outcomeOf(report.verdicts)).toBe('valid');
    expect(report.remarks).toEqual(['holder-unbound']);
  });

  it('is never called good when it names a holder whom nobody asked', async () => {
    const report = await examine(bound);
    expect(complaints(report)).toEqual(['holder.notChecked holder-not-asked']);
    expect(outcomeOf(report.verdicts)).toBe('notChecked');
  });

  it('is told by its content, with blanks around it or without', async () => {
    expect(await complaintsOf(`\n ${credential}\r\n`)).toEqual([]);
    expect(kindOf(new TextEncoder().encode(list))).toBeNull();
    expect(statusListIn(new TextEncoder().encode(`${list}\n`))).toBe(list);
    expect(statusListIn(new TextEncoder().encode(credential))).toBeNull();
  });
});

describe('a hostile credential', () => {
  it('of no algorithm is told so', async () => {
    const none = encode(JSON.stringify({ alg: 'none', typ: 'dc+sd-jwt', x5c: school.signer.chain.map(toBase64) }));
    for (const text of [`${none}.${body}.~`, `${none}.${body}.${signature}~`]) {
      expect(await complaintsOf(text)).toEqual([
        expect.stringMatching(/^signature\.invalid (algorithm-not-allowed|malformed)$/),
      ]);
    }
    const symmetric = encode(
      JSON.stringify({ alg: 'HS256', typ: 'dc+sd-jwt', x5c: school.signer.chain.map(toBase64) }),
    );
    expect(await complaintsOf(`${symmetric}.${body}.${signature}~`)).toEqual([
      'signature.invalid algorithm-not-allowed',
    ]);
  });

  it('with another certificate in front does not fit it', async () => {
    const other = await authority.issue({ algorithm: 'ES256', uri: issuer });
    const header = encode(JSON.stringify({ alg: 'ES256', typ: 'dc+sd-jwt', x5c: other.signer.chain.map(toBase64) }));
    expect(await complaintsOf(`${header}.${body}.${signature}~`)).toEqual(['signature.invalid signature-invalid']);
  });

  it('of an authority that nobody trusts, or of another school, has no issuer', async () => {
    const strangers = await createTestAuthority('他人');
    const stranger = await strangers.issue({ algorithm: 'ES256', uri: issuer });
    const foreign = await issue({ signer: stranger.signer, status: null, holder: null });
    expect(await complaintsOf(foreign)).toEqual([
      'issuer.invalid unknownRoot issuer-not-found',
      'status.notChecked status-none',
    ]);
    const otherSchool = await authority.issue({ algorithm: 'ES256', uri: 'https://hikitsugi.example/schools/other' });
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const header = { typ: 'dc+sd-jwt', x5c: otherSchool.signer.chain.map(toBase64) };
    const named = await signCompactJwt({ claims, header, signer: otherSchool.signer });
    expect(await complaintsOf([named, ...disclosures, ''].join('~'))).toEqual(['issuer.invalid issuer-name-mismatch']);
  });

  it('of a revoked certificate has a bad issuer', async () => {
    const { crlSource } = await import('../../src/crypto/x509/crl.ts');
    const revocation = crlSource(await authority.revoke([school.serial]), { now });
    const bytes = new TextEncoder().encode(credential);
    const report = await examineFile({
      kind: 'credential',
      bytes,
      proof: null,
      companions: listed,
      trust: async () => ({ ...trust, revocation }),
    });
    expect(report.verdicts.find(({ question }) => question === 'issuer')).toMatchObject({ word: 'invalid' });
    expect(report.verdicts.find(({ question }) => question === 'issuer')?.reasons).toContain('revoked');
  });

  it('signed outside the validity of its certificate says so', async () => {
    const young = await authority.issue({
      algorithm: 'ES256',
      uri: issuer,
      notBefore: new Date(now.getTime() - day / 2),
    });
    const early = await issue({ signer: young.signer, status, holder: null });
    expect(await complaintsOf(early)).toEqual(['issued.invalid signed-outside-validity']);
  });

  it('that has run out, or is not there yet, says which', async () => {
    const later = new Date(now.getTime() + 31 * day);
    const lists = { ...noCompanions, statusLists: [await listOf([], { expiresAt: new Date(later.getTime() + day) })] };
    expect(await complaintsOf(credential, lists, later)).toContain('expiry.invalid credential-expired');
    const future = await issue({ status, holder: null, notBefore: new Date(now.getTime() + day) });
    expect(await complaintsOf(future)).toEqual(['expiry.invalid credential-not-yet-valid']);
  });

  it('with something disclosed that was added, repeated or changed is not intact', async () => {
    const added = encode(JSON.stringify(['c2FsdA', 'gpa', 5]));
    const cases: readonly (readonly [string, string])[] = [
      [[jwt, ...disclosures, added, ''].join('~'), 'disclosure-unreferenced'],
      [[jwt, ...disclosures, disclosures[0], ''].join('~'), 'disclosure-repeated'],
      [[jwt, 'AAAA', ''].join('~'), 'disclosure-malformed'],
    ];
    for (const [text, reason] of cases) expect(await complaintsOf(text)).toEqual([`signature.invalid ${reason}`]);
  });

  it('says the same in another order, unless its holder has signed the order', async () => {
    expect(await complaintsOf([jwt, ...disclosures.toReversed(), ''].join('~'))).toEqual([]);
    const nonce = 'n-2';
    const shown = await bindSdJwt({ presentation: bound, audience, nonce, at: now, signer: holder.signer });
    const parts = shown.split('~');
    const mixed = [parts[0], ...parts.slice(1, -1).toReversed(), parts.at(-1)].join('~');
    const asked = { ...listed, holder: expectHolder(nonce) };
    expect(await complaintsOf(mixed, asked)).toEqual(['holder.invalid holder-hash-mismatch']);
  });

  it('shown by another key, to somebody else, for another occasion, or twice, has no holder', async () => {
    const nonce = 'n-3';
    const thief = await createHolder();
    const show = (change: object = {}) =>
      bindSdJwt({ presentation: bound, audience, nonce, at: now, signer: holder.signer, ...change });
    const fresh = () => ({ ...listed, holder: expectHolder(nonce) });
    expect(await complaintsOf(await show({ signer: thief.signer }), fresh())).toEqual([
      'holder.invalid holder-signature-invalid',
    ]);
    expect(await complaintsOf(await show({ audience: 'https://other.example' }), fresh())).toEqual([
      'holder.invalid holder-audience-mismatch',
    ]);
    expect(await complaintsOf(await show({ nonce: 'old' }), fresh())).toEqual(['holder.invalid holder-nonce-mismatch']);
    expect(await complaintsOf(await show({ at: new Date(now.getTime() - day / 2) }), fresh())).toEqual([
      'holder.invalid holder-expired',
    ]);
    expect(await complaintsOf(bound, fresh())).toEqual(['holder.invalid holder-missing']);
    const once = fresh();
    expect(await complaintsOf(await show(), once)).toEqual([]);
    expect(await complaintsOf(await show(), once)).toEqual(['holder.invalid holder-replayed']);
  });

  it('with a name twice, or in a spelling that is not the one, is not intact', async () => {
    const claims = `{"iss":"${issuer}","iss":"https://evil.example","vct":"x","iat":${seconds}}`;
    expect(await complaintsOf(await signedText(claims))).toEqual(['signature.invalid json-name-repeated']);
    for (const text of [
      `${head}=.${body}.${signature}~`,
      `${head}.${body}==.${signature}~`,
      `${head}.${body}.${signature}=~`,
      `${head}. ${body}.${signature}~`,
    ]) {
      expect(await complaintsOf(text)).toEqual(['signature.invalid malformed']);
    }
    const spoilt = [jwt, `${disclosures[0]}=`, ''].join('~');
    expect(await complaintsOf(spoilt)).toEqual(['signature.invalid disclosure-malformed']);
  });

  it('that is far too large or too deep is refused at once', async () => {
    expect(await complaintsOf(`${jwt}~${'A'.repeat(300_000)}~`)).toEqual(['signature.invalid too-large']);
    expect(await complaintsOf(`${jwt}~${'AAAA~'.repeat(600)}`)).toEqual(['signature.invalid too-many-disclosures']);
    const deep = await signedText(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(await complaintsOf(deep)).toEqual([expect.stringMatching(/^signature\.invalid (json-too-deep|too-large)$/)]);
    expect(kindOf(new TextEncoder().encode(`ey${'A'.repeat(3 * 1024 * 1024)}.a.a~`))).toBeNull();
  });
});

describe('the status of a credential', () => {
  const withLists = (...statusLists: string[]) => ({ ...noCompanions, statusLists });

  it.each(['revoked', 'suspended', 'superseded'] as const)('that is %s is told as that', async (word) => {
    expect(await complaintsOf(credential, withLists(await listOf([[7, word]])))).toEqual([
      `status.invalid status-${word}`,
    ]);
  });

  it('is not checked where there is no list, and never good', async () => {
    expect(await complaintsOf(credential, noCompanions)).toEqual(['status.notChecked list-missing']);
    expect(await complaintsOf(await issue({ status: null, holder: null }))).toEqual(['status.notChecked status-none']);
  });

  it('is not checked by a list that is stale, cut, changed, of another place, of another issuer, or of a stranger', async () => {
    const strangers = await createTestAuthority('他人');
    const stranger = await strangers.issue({ algorithm: 'ES256', uri: issuer });
    const otherSchool = await authority.issue({ algorithm: 'ES256', uri: 'https://hikitsugi.example/schools/other' });
    const past = { issuedAt: new Date(now.getTime() - 2 * day), expiresAt: new Date(now.getTime() - day) };
    const cases: readonly (readonly [string, string])[] = [
      [await listOf([], past), 'list-expired'],
      [list.slice(0, -10), 'list-signature-invalid'],
      [list.replace(/\.(....)/, '.AAAA'), 'list-signature-invalid'],
      [await listOf([], { uri: `${listUri}/2` }), 'list-uri-mismatch'],
      [await listOf([], { signer: otherSchool.signer }), 'list-issuer-mismatch'],
      [await listOf([], { signer: stranger.signer }), 'list-issuer-unknownRoot'],
      [await listOf([], { entries: packStatuses(4, []) }), 'index-out-of-range'],
    ];
    for (const [token, reason] of cases) {
      const found = await complaintsOf(credential, withLists(token));
      // A cut signature is no signature at all, or one that does not fit.
      const expected =
        reason === 'list-signature-invalid'
          ? /^status\.notChecked list-(signature-invalid|malformed)$/
          : new RegExp(`^status\\.notChecked ${reason}$`);
      expect(found).toEqual([expect.stringMatching(expected)]);
    }
  });

  it('is not checked by a bomb, which is never inflated whole', async () => {
    const bomb = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    const claims = {
      sub: listUri,
      iat: seconds,
      exp: seconds + 86_400,
      ttl: 3600,
      status_list: { bits: 2, lst: toBase64url(bomb) },
    };
    const token = await signCompactJwt({
      claims,
      header: { typ: 'statuslist+jwt', x5c: school.signer.chain.map(toBase64) },
      signer: school.signer,
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(await complaintsOf(credential, withLists(token))).toEqual(['status.notChecked list-malformed']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('is found among several lists', async () => {
    const other = await listOf([], { uri: `${listUri}/2` });
    expect(await complaintsOf(credential, withLists(other, list))).toEqual([]);
  });

  it('is fetched only for a trusted issuer, and only when it is not at hand', async () => {
    const asked: string[] = [];
    const companions = { ...noCompanions, fetchStatusList: async (uri: string) => (asked.push(uri), list) };
    expect(await complaintsOf(credential, companions)).toEqual([]);
    expect(asked).toEqual([listUri]);
    await examine(credential, { ...companions, statusLists: [list] });
    const strangers = await createTestAuthority('他人');
    const stranger = await strangers.issue({ algorithm: 'ES256', uri: issuer });
    await examine(await issue({ signer: stranger.signer, status, holder: null }), companions);
    expect(asked).toEqual([listUri]);
    expect(await complaintsOf(credential, { ...noCompanions, fetchStatusList: async () => null })).toEqual([
      'status.notChecked list-unreachable',
    ]);
  });
});

describe('fetching a status list', () => {
  it('reads what a proxy has compressed, and no more of it than a list can be', async () => {
    const served: Record<string, Buffer> = {
      '/list': gzipSync(list),
      '/bomb': gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 }),
      '/cut': gzipSync(list).subarray(0, -20),
    };
    const server = createServer((request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(served[request.url ?? '']),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Sound: a server that listens on a port has an address.
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await fetchStatusList(`${base}/list`)).toBe(list);
    expect(await fetchStatusList(`${base}/bomb`)).toBeNull();
    const cut = await fetchStatusList(`${base}/cut`);
    expect(await complaintsOf(credential, { ...noCompanions, statusLists: [cut ?? 'x'] })).toEqual([
      expect.stringMatching(/^status\.notChecked list-(malformed|signature-invalid)$/),
    ]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('takes one answer, without cookie or redirect, as long as a list can be', async () => {
    const seen: (readonly [string | undefined, string | undefined])[] = [];
    const server = createServer((request, response) => {
      seen.push([request.url, request.headers.cookie]);
      if (request.url === '/moved') return response.writeHead(302, { location: '/list' }).end();
      if (request.url === '/long') return response.end('x'.repeat(3 * 1024 * 1024));
      return response.writeHead(request.url === '/list' ? 200 : 404).end(`${list}\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Sound: a server that listens on a port has an address.
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await fetchStatusList(`${base}/list`)).toBe(list);
    for (const path of ['/moved', '/long', '/missing']) expect(await fetchStatusList(`${base}${path}`)).toBeNull();
    expect(seen).toEqual([
      ['/list', undefined],
      ['/moved', undefined],
      ['/long', undefined],
      ['/missing', undefined],
    ]);
    await new Promise((resolve) => server.close(resolve));
    for (const uri of [`${base}/list`, 'http://example.org/list', 'file:///etc/passwd', 'no address']) {
      expect(await fetchStatusList(uri)).toBeNull();
    }
  });
});
