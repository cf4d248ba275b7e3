import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { desc, eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { parseJws } from '../../src/crypto/jose.ts';
import { issueCredential } from '../../src/crypto/sd-jwt/issue.ts';
import { type Signer, webCryptoSigner } from '../../src/crypto/signer.ts';
import { packStatuses, statusListSize } from '../../src/crypto/status-list/entries.ts';
import type { CredentialStatus } from '../../src/crypto/status-list/reference.ts';
import { signStatusList } from '../../src/crypto/status-list/sign.ts';
import { typeOf } from '../../src/records/credential-type.ts';
import { forgetPresentations } from '../../src/verification/wallet/forget-presentations.ts';
import { presentationRequests } from '../../src/verification/wallet/tables.ts';
import { createTestAuthority } from '../crypto/support/authorities.ts';
import { createHolder, day, type Holder } from '../crypto/support/credentials.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { presentByWallet, type WalletLies } from '../support/wallet.ts';
import { type Desk, openDesk } from './support/desk.ts';

const school = codeOf('cityHigh');
const issuer = `https://hikitsugi.example/schools/${school}`;
const fields = { official_name: '葛\u{E0100}城　さくら', birthdate: '2011-04-02', school_name: '見本市立高等学校' };

describe('a verifier without an account (OpenID4VP 1.0)', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let holder: Holder;
  let signer: Signer;
  let lists: { uri: string; say(status: CredentialStatus): void; close(): void };
  let desk: Desk;

  beforeAll(async () => {
    world = await openHostileWorld();
    holder = await createHolder();
    const seal = world.demo.authorities.seals.get(school);
    if (seal === undefined) throw new Error('no seal');
    signer = await webCryptoSigner(seal.pkcs8, seal.chain, 'ES256');
    lists = await serveStatusList(signer, world);
  }, 120_000);
  afterAll(async () => {
    lists?.close();
    await world?.close();
  });
  beforeEach(() => {
    desk = openDesk(world.origin);
    lists.say('valid');
  });

  const issue = (change: Partial<Parameters<typeof issueCredential>[0]> = {}) =>
    issueCredential({
      issuer,
      type: typeOf(world.origin, 'enrolmentCertificate'),
      issuedAt: new Date(world.clock.now().getTime() - 60_000),
      expiresAt: new Date(world.clock.now().getTime() + 30 * day),
      holder: holder.jwk,
      status: { uri: lists.uri, index: 7 },
      open: { school_code: school, document_kind: 'enrolmentCertificate' },
      fields,
      signer,
      ...change,
    });

  async function present(lies: WalletLies = {}, credential?: string) {
    const link = await desk.ask('enrolmentCertificate', ['name']);
    return presentByWallet(link, { credential: credential ?? (await issue()), holder, lies });
  }
  async function refusalOf(lies: WalletLies, credential?: string) {
    const { submit } = await present(lies, credential);
    const { status, body } = await submit();
    return [status, body['error'], body['error_description'], ...(await desk.codes())];
  }
  async function shownAtDesk(credential?: string) {
    const { submit } = await present({}, credential);
    const { status, body } = await submit();
    expect(status).toBe(200);
    await desk.giveNumber(await numberFor(body['redirect_uri']));
    return desk.codes();
  }
  const numberFor = (uri: string | undefined) => openDesk(world.origin).numberOn(uri ?? '');
  const events = () =>
    world.job('ledger', async (tx) => {
      const rows = await tx
        .select()
        .from(auditEvents)
        .where(like(auditEvents.name, 'presentation.%'))
        .orderBy(desc(auditEvents.at));
      return rows.map(({ name, outcome, reason }) => [name, outcome, reason].filter((one) => one !== null).join(' '));
    });

  describe('with an independent wallet', () => {
    it('signs its request, named by the hash of its certificate, and asks for no more than was chosen', async () => {
      const { resolved } = await present();
      const { authorizationRequestPayload: request, jar, client, version } = resolved;
      expect([client.prefix, jar?.jwt.header.typ, version]).toEqual(['x509_hash', 'oauth-authz-req+jwt', 100]);
      expect(request).toMatchObject({
        response_type: 'vp_token',
        response_mode: 'direct_post.jwt',
        aud: 'https://self-issued.me/v2',
        dcql_query: {
          credentials: [
            {
              id: 'certificate',
              format: 'dc+sd-jwt',
              meta: { vct_values: [typeOf(world.origin, 'enrolmentCertificate')] },
              claims: [{ path: ['official_name'] }],
            },
          ],
        },
      });
      expect(JSON.stringify(request)).not.toContain('"d"');
    });

    it('shows the desk every verdict, in the words of /verify, once the holder has told the number', async () => {
      const { submit } = await present();
      const answered = await submit();
      expect(answered.status).toBe(200);
      expect(await desk.page()).toContain('確認番号');
      expect(await desk.page()).not.toContain('葛');
      await desk.giveNumber(await numberFor(answered.body['redirect_uri']));
      expect(await desk.codes()).toEqual([
        'signature.valid',
        'issuer.valid',
        'issued.valid',
        'status.valid',
        'expiry.valid',
        'holder.valid',
      ]);
      const page = await desk.page();
      expect(page).toContain('葛\u{E0100}城');
      expect(page).toContain('この証明の持ち主の鍵を持つ人が、今回のために示したものです。');
      expect(page).not.toContain('2011-04-02');
      expect((await events()).slice(0, 3)).toEqual([
        'presentation.released done',
        'presentation.shown done',
        'presentation.asked done',
      ]);
    });

    it('goes straight on where wallet and page are on the same device', async () => {
      const { submit } = await present();
      const { body } = await submit();
      const arrived = await desk.get(body['redirect_uri'] ?? '');
      expect([arrived.status, arrived.headers.get('location')]).toEqual([303, `/verify/wallet/${desk.id()}`]);
      expect(await desk.codes()).toContain('holder.valid');
    });

    it('takes the wallet’s own nonce into the request', async () => {
      const link = await desk.ask('transcript', []);
      const uri = new URL(link).searchParams.get('request_uri') ?? '';
      const answer = await fetch(uri, { method: 'POST', body: new URLSearchParams({ wallet_nonce: 'abc_123' }) });
      expect(answer.headers.get('content-type')).toBe('application/oauth-authz-req+jwt');
      const parsed = parseJws(await answer.text());
      const claims: unknown = parsed.ok ? JSON.parse(new TextDecoder().decode(parsed.value.payload)) : null;
      expect(claims).toMatchObject({ wallet_nonce: 'abc_123' });
      const spoilt = await fetch(uri, { method: 'POST', body: new URLSearchParams({ wallet_nonce: 'a b' }) });
      expect(spoilt.status).toBe(400);
    });

    it('tells the desk when the holder refuses', async () => {
      const { resolved } = await present();
      const { response_uri: uri, state } = resolved.authorizationRequestPayload;
      const say = (given: string) =>
        fetch(String(uri), { method: 'POST', body: new URLSearchParams({ error: 'access_denied', state: given }) });
      // Whoever does not know the signed request cannot end it.
      expect((await say('x')).status).toBe(400);
      expect(await desk.state()).toBe('waiting');
      expect((await say(state ?? '')).status).toBe(200);
      expect(await desk.state()).toBe('closed');
    });
  });

  describe('refuses what its holder has not shown here and now', () => {
    const unproved = [400, 'invalid_request', 'presentation.unproved'];

    it.each([
      ['another audience', { audience: 'x509_hash:abc' }, 'holder-audience-mismatch'],
      ['another nonce', { nonce: 'n-1' }, 'holder-nonce-mismatch'],
      ['an old proof', { at: new Date(Date.now() - 3600_000) }, 'holder-expired'],
      ['a proof of tomorrow', { at: new Date(Date.now() + 3600_000) }, 'holder-not-yet-valid'],
      ['no proof', { changeBound: (text: string) => text.replace(/[^~]*$/, '') }, 'holder-missing'],
    ] as const)('%s', async (_what, lies, reason) => {
      expect(await refusalOf(lies)).toEqual([
        ...unproved,
        expect.anything(),
        expect.anything(),
        expect.anything(),
        expect.anything(),
        expect.anything(),
        `holder.invalid ${reason}`,
      ]);
      // What was brought is not told on.
      expect(await desk.page()).not.toContain('葛');
    });

    it('a foreign holder’s key', async () => {
      const foreign = await createHolder();
      const refused = await refusalOf({ signer: foreign.signer });
      expect([refused.slice(0, 3), refused.at(-1)]).toEqual([unproved, 'holder.invalid holder-signature-invalid']);
    });

    it('a proof with the algorithm none', async () => {
      const none = Buffer.from('{"alg":"none","typ":"kb+jwt"}').toString('base64url');
      const changeBound = (text: string) => {
        const at = text.lastIndexOf('~') + 1;
        return `${text.slice(0, at)}${none}.${text.slice(at).split('.')[1]}.AA`;
      };
      expect((await refusalOf({ changeBound })).at(-1)).toBe('holder.invalid holder-algorithm-not-allowed');
    });

    it('a credential with the algorithm none', async () => {
      const none = Buffer.from('{"alg":"none","typ":"dc+sd-jwt"}').toString('base64url');
      const refused = await refusalOf({ change: (text) => text.replace(/^[^.]*/, none) });
      expect(refused).toEqual([...unproved, 'signature.invalid algorithm-not-allowed']);
    });

    it('disclosures that were added, doubled or put in another order', async () => {
      const added = Buffer.from('["c2FsdA","gpa",5]').toString('base64url');
      const insert = (text: string) => text.replace('~', `~${added}~`);
      expect((await refusalOf({ change: insert })).at(-1)).toBe('signature.invalid disclosure-unreferenced');
      const double = (text: string) => text.replace(/~([^~]+)~/, '~$1~$1~');
      expect((await refusalOf({ change: double })).at(-1)).toBe('signature.invalid disclosure-repeated');
      // Order means nothing to the credential, but the holder has signed one.
      const credential = await issue({ fields: { ...fields, official_name: 'x' } });
      const link = await desk.ask('enrolmentCertificate', ['name', 'birth']);
      const swap = (text: string) => text.replace(/~([^~]+)~([^~]+)~/, '~$2~$1~');
      const { submit } = await presentByWallet(link, { credential, holder, lies: { changeBound: swap } });
      expect((await submit()).body['error_description']).toBe('presentation.unproved');
      expect((await desk.codes()).at(-1)).toBe('holder.invalid holder-hash-mismatch');
    });

    it('the same answer twice, and an answer to another request', async () => {
      const credential = await issue();
      const { submit, bound } = await present({}, credential);
      expect((await submit()).status).toBe(200);
      const again = await submit();
      expect([again.status, again.body['error_description']]).toEqual([409, 'presentation.used']);
      const replayed = await refusalOf({ changeBound: () => bound }, credential);
      expect([replayed.slice(0, 3), replayed.at(-1)]).toEqual([unproved, 'holder.invalid holder-nonce-mismatch']);
    });

    it('two answers at the same time: one counts', async () => {
      const { submit } = await present();
      const statuses = (await Promise.all([submit(), submit(), submit()])).map(({ status }) => status);
      expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    });
  });

  describe('tells what is wrong with the credential', () => {
    it('an unknown issuer', async () => {
      const strangers = await createTestAuthority('他人', world.clock.now());
      const around = { notBefore: new Date(Date.now() - 100 * day), notAfter: new Date(Date.now() + 100 * day) };
      const stranger = await strangers.issue({ algorithm: 'ES256', uri: issuer, ...around });
      const codes = await shownAtDesk(await issue({ signer: stranger.signer }));
      expect(codes.find((code) => code.startsWith('issuer.'))).toMatch(/^issuer\.invalid unknownRoot/);
    });

    it.each(['revoked', 'suspended'] as const)('a credential that is %s', async (status) => {
      lists.say(status);
      expect(await shownAtDesk()).toContain(`status.invalid status-${status}`);
    });

    it('one that has run out', async () => {
      const past = (days: number) => new Date(world.clock.now().getTime() - days * day);
      const codes = await shownAtDesk(await issue({ issuedAt: past(3), expiresAt: past(1) }));
      expect(codes).toContain('expiry.invalid credential-expired');
    });

    it('a list that does not come', async () => {
      const codes = await shownAtDesk(await issue({ status: { uri: 'http://127.0.0.1:9/none', index: 7 } }));
      expect(codes).toContain('status.notChecked list-unreachable');
    });

    it('another kind than was asked for, and the request stays open', async () => {
      const { submit } = await present({}, await issue({ type: typeOf(world.origin, 'transcript') }));
      expect((await submit()).body['error_description']).toBe('presentation.other-kind');
      expect(await desk.state()).toBe('waiting');
    });

    it('claims that were asked for and are withheld', async () => {
      const { submit } = await present({ change: (text) => text.replace(/~.*$/, '~') });
      const { body } = await submit();
      await desk.giveNumber(await numberFor(body['redirect_uri']));
      expect(await desk.page()).toContain('求めた項目のうち、示されていないものがあります');
    });
  });

  describe('keeps strangers out', () => {
    it('after five wrong numbers, at the same time or not, nothing is left to see', async () => {
      const { submit } = await present();
      const { body } = await submit();
      const number = await numberFor(body['redirect_uri']);
      const wrong = number === '000000' ? '111111' : '000000';
      const statuses = await Promise.all([1, 2, 3, 4, 5].map(() => desk.giveNumber(wrong)));
      expect(statuses).toEqual([422, 422, 422, 422, 422]);
      expect([await desk.giveNumber(number), await desk.state()]).toEqual([422, 'closed']);
      const [row] = await world.job('presentation', (tx) =>
        tx.select().from(presentationRequests).where(eq(presentationRequests.id, desk.id())),
      );
      expect(row?.sealedReport).toBeNull();
    });

    it('shows a request to the browser that made it and to no other', async () => {
      const { submit } = await present();
      const { body } = await submit();
      const other = openDesk(world.origin);
      await other.ask('transcript', []);
      expect((await other.get(`/verify/wallet/${desk.id()}`)).status).toBe(404);
      const number = await numberFor(body['redirect_uri']);
      expect(await other.giveNumber(number, desk.id())).toBe(404);
      expect(await desk.state()).toBe('answered');
    });

    it('lets another site press no button, and a cookie decide nothing for a wallet', async () => {
      await desk.ask('transcript', []);
      const cross = await fetch(`${world.origin}/verify/wallet`, {
        method: 'POST',
        headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'kind=transcript',
      });
      expect(cross.status).toBe(403);
    });

    it.each([
      ['nothing', new URLSearchParams()],
      ['an answer that is not encrypted', new URLSearchParams({ vp_token: '{"certificate":["x"]}' })],
      ['no JWE', new URLSearchParams({ response: 'a.b.c.d.e' })],
      ['something huge', new URLSearchParams({ response: 'a'.repeat(200_000) })],
    ])('refuses %s', async (_what, body) => {
      const { resolved } = await present();
      const uri = String(resolved.authorizationRequestPayload.response_uri);
      const answer = await fetch(uri, { method: 'POST', body });
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { error: 'invalid_request', error_description: 'presentation.malformed' },
      ]);
      expect(await desk.state()).toBe('waiting');
    });

    it.each<[string, NonNullable<WalletLies['vpToken']>]>([
      ['two presentations', (shown) => ({ certificate: [shown, shown] })],
      ['one that is in no list', (shown) => ({ certificate: shown })],
      ['one under another name', (shown) => ({ other: [shown] })],
      ['a huge one', (shown) => ({ certificate: [`${shown}${'a'.repeat(60_000)}`] })],
    ])('refuses %s', async (_what, vpToken) => {
      const { submit } = await present({ vpToken });
      expect((await submit()).body['error_description']).toBe('presentation.malformed');
    });

    it('forgets a request after ten minutes, and what was shown with it', async () => {
      const { submit, resolved } = await present();
      world.clock.pass(11 * 60_000);
      expect((await submit()).body['error_description']).toBe('presentation.not-found');
      expect((await desk.get(`/verify/wallet/${desk.id()}`)).status).toBe(404);
      const request = await fetch(
        String(resolved.authorizationRequestPayload.response_uri).replace('responses', 'requests'),
      );
      expect(request.status).toBe(404);
      const before = desk.id();
      // What housekeeping does every hour.
      await forgetPresentations(world.running.gateway);
      const rows = await world.job('presentation', (tx) =>
        tx.select().from(presentationRequests).where(eq(presentationRequests.id, before)),
      );
      expect(rows).toEqual([]);
    });

    it('stores nothing that somebody with the database could read, and shows no row to anybody else', async () => {
      const { submit } = await present();
      await submit();
      const rows = await world.job('presentation', (tx) => tx.select().from(presentationRequests));
      const text = JSON.stringify(
        rows.map((row) => ({ ...row, sealedReport: Buffer.from(row.sealedReport ?? []).toString('latin1') })),
      );
      expect(text).not.toContain('official_name');
      expect(await world.job('directory', (tx) => tx.select().from(presentationRequests))).toEqual([]);
    });
  });
});

/** A status list where the credential says that it is. */
async function serveStatusList(signer: Signer, { clock }: HostileWorld) {
  let status: CredentialStatus = 'valid';
  let uri = '';
  const server = createServer(async (_request, answer) => {
    const now = clock.now();
    const entries = packStatuses(statusListSize, status === 'valid' ? [] : [[7, status]]);
    answer.end(
      await signStatusList({
        uri,
        issuedAt: now,
        expiresAt: new Date(now.getTime() + day),
        ttlSeconds: 60,
        entries,
        signer,
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
  return {
    uri,
    say(said: CredentialStatus) {
      status = said;
    },
    close: () => void server.close(),
  };
}
