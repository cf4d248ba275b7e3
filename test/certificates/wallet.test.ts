import { createHash } from 'node:crypto';
import { eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { forgetOffers } from '../../src/certificates/wallet/forget-offers.ts';
import { isWalletAddress } from '../../src/certificates/wallet/rules.ts';
import { isFreshNonce, newNonce } from '../../src/certificates/wallet/secrets.ts';
import { walletAuthorizations, walletOffers, walletSpent } from '../../src/certificates/wallet/tables.ts';
import { signCompactJwt } from '../../src/crypto/jose.ts';
import { readSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import { createHolder, type Holder } from '../crypto/support/credentials.ts';
import { valueOf } from '../crypto/support/trust.ts';
import { bodyOf, refusalIn } from '../hostile/support/procedure.ts';
import { openLinkedSession, openPersonSession } from '../hostile/support/sessions.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { newProofKey, type ProofKey, proofWith } from '../support/dpop.ts';
import type { Session } from '../support/session.ts';
import { presentByWallet } from '../support/wallet.ts';
import { openWallet } from '../support/wallet-issue.ts';
import { openDesk } from '../verification/support/desk.ts';
import { issueAtOnce } from './support/issued.ts';
import { enterPupil, openOffice } from './support/office.ts';

const preAuthorized = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

describe('a certificate that goes into a wallet (OpenID4VCI 1.0)', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let sakura: Session;
  let stranger: Session;
  let certificate: string;
  let holder: Holder;
  let issuer: string;

  beforeAll(async () => {
    world = await openHostileWorld();
    await openOffice(world, ['transcript']);
    sakura = await openLinkedSession(world, 'sakura', 'juniorHigh');
    stranger = await openPersonSession(world, 'kamome');
    await enterPupil(world, 'pupil-01', { subjects: [{ schoolYear: 2025, name: '国語', credits: null, grade: 5 }] });
    certificate = (await issueAtOnce(sakura)).copy.id;
    issuer = `${world.origin}/wallet`;
  }, 180_000);
  afterAll(() => world?.close());
  beforeEach(async () => {
    holder = await createHolder();
  });

  const asSystem = { actor: 'system:wallet' };
  const inDatabase = <T>(work: Parameters<typeof world.running.gateway.database.transaction<T>>[1]) =>
    world.running.gateway.database.transaction(asSystem, work);

  async function offered(by = sakura): Promise<{ link: string; pin: string }> {
    // Offers that a test has left open are no other test's business.
    await inDatabase((tx) => tx.update(walletOffers).set({ state: 'closed' }).where(eq(walletOffers.state, 'open')));
    const { link, pin } = bodyOf(await by.json('POST', `/api/issued-certificates/${certificate}/wallet-offers`));
    return { link, pin };
  }
  const post = (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) => fetch(`${issuer}/${path}`, { method: 'POST', body: new URLSearchParams(fields), headers });
  /** Status, error and our own code. */
  async function toldBy(answer: Response): Promise<readonly unknown[]> {
    // Sound: the routes answer refusals in this shape.
    const { error, error_description: code } = (await answer.json()) as Record<string, string>;
    return [answer.status, error, code];
  }
  async function offerObject(link: string) {
    const uri = new URL(link).searchParams.get('credential_offer_uri') ?? '';
    const answer = await fetch(uri);
    // Sound: OpenID4VCI 1.0 §4.1.1; the library reads the same in the other tests.
    const offer = (await answer.json()) as { grants?: Record<string, Record<string, string>> };
    return {
      status: answer.status,
      code: offer.grants?.[preAuthorized]?.['pre-authorized_code'] ?? '',
      issuerState: offer.grants?.['authorization_code']?.['issuer_state'] ?? '',
    };
  }
  const redeem = (code: string, pin: string, more: Readonly<Record<string, string>> = {}) =>
    post('token', { grant_type: preAuthorized, 'pre-authorized_code': code, tx_code: pin, ...more });
  /** A bearer token for one credential. */
  async function tokenFor(): Promise<string> {
    const { link, pin } = await offered();
    const answer = await redeem((await offerObject(link)).code, pin);
    // Sound: RFC 6749 §5.1.
    return ((await answer.json()) as { access_token: string }).access_token;
  }
  async function nonce(): Promise<string> {
    const answer = await fetch(`${issuer}/nonce`, { method: 'POST' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    // Sound: OpenID4VCI 1.0 §7.2.
    return ((await answer.json()) as { c_nonce: string }).c_nonce;
  }
  async function proofOf(
    change: Readonly<Record<string, unknown>> = {},
    header: Readonly<Record<string, unknown>> = {},
  ) {
    const iat = Math.floor(world.clock.now().getTime() / 1000);
    return signCompactJwt({
      header: { typ: 'openid4vci-proof+jwt', jwk: holder.jwk, ...header },
      claims: { aud: issuer, iat, nonce: await nonce(), ...change },
      signer: holder.signer,
    });
  }
  const collect = (token: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${issuer}/credential`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const asking = (...proofs: readonly string[]) => ({
    credential_configuration_id: 'transcript',
    proofs: { jwt: proofs },
  });
  const events = () =>
    world.job('ledger', async (tx) => {
      const rows = await tx
        .select()
        .from(auditEvents)
        .where(like(auditEvents.name, 'credential.%'))
        .orderBy(auditEvents.at);
      return rows.map(({ name, outcome, reason }) => [name, outcome, reason].filter((one) => one !== null).join(' '));
    });

  describe('with an independent wallet', () => {
    it('is taken by code and number, bound to the wallet’s key, and shown to a verifier', async () => {
      const before = (await events()).length;
      const { link, pin } = await offered();
      const wallet = await openWallet(link, holder);
      expect(wallet.issuerMetadata.credentialIssuer.credential_issuer).toBe(issuer);
      const token = await wallet.redeem(pin);
      expect(token.accessTokenResponse).toMatchObject({ token_type: 'DPoP', expires_in: 300, scope: 'transcript' });
      const credential = await wallet.collect(token);
      const held = valueOf(await readSdJwt(credential));
      expect(held.claims).toMatchObject({
        vct: `${world.origin}/credential-types/transcript/1`,
        cnf: { jwk: holder.jwk },
        document_kind: 'transcript',
        official_name: '葛\u{E0100}城　さくら',
      });
      expect((await events()).slice(before)).toEqual([
        'credential.offered done',
        'credential.code-redeemed done',
        'credential.issued done',
      ]);

      const desk = openDesk(world.origin);
      const shown = await presentByWallet(await desk.ask('transcript', ['name', 'subjects']), { credential, holder });
      const { body } = await shown.submit();
      await desk.giveNumber(await openDesk(world.origin).numberOn(body['redirect_uri'] ?? ''));
      expect(await desk.codes()).toEqual([
        'signature.valid',
        'issuer.valid',
        'issued.valid',
        'status.valid',
        'expiry.valid',
        'holder.valid',
      ]);
      expect(await desk.page()).toContain('国語');
    });

    it('is taken without DPoP too, by a token that anybody could use, once', async () => {
      const { link, pin } = await offered();
      const wallet = await openWallet(link, holder, { dpop: false });
      const token = await wallet.redeem(pin);
      expect(token.accessTokenResponse.token_type).toBe('Bearer');
      expect(await wallet.collect({ accessToken: token.accessToken })).toContain('~');
      await expect(wallet.collect({ accessToken: token.accessToken })).rejects.toThrow();
    });

    it('is taken by a log-in, with PKCE and a pushed request', async () => {
      const { link } = await offered();
      const wallet = await openWallet(link, holder);
      const { client, credentialOffer, issuerMetadata, signer } = wallet;
      const redirectUri = 'jp.example.wallet:/back';
      const begun = await client.createAuthorizationRequestUrlFromOffer({
        credentialOffer,
        issuerMetadata,
        clientId: 'wallet-of-a-test',
        redirectUri,
        scope: wallet.kind,
        dpop: { signer },
      });
      const { pathname, search } = new URL(begun.authorizationRequestUrl);
      const back = await agree(`${pathname}${search}`);
      expect(back).toMatch(/^jp\.example\.wallet:\/back\?/);
      const answer = client.parseAndVerifyAuthorizationResponseRedirectUrl({
        url: back,
        // Sound: the one server of this issuer.
        authorizationServerMetadata: issuerMetadata.authorizationServers[0] as never,
      });
      expect(answer).toMatchObject({ iss: issuer });
      const token = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
        credentialOffer,
        issuerMetadata,
        authorizationCode: answer.code ?? '',
        pkceCodeVerifier: begun.pkce?.codeVerifier ?? '',
        redirectUri,
        additionalRequestPayload: { client_id: 'wallet-of-a-test' },
        dpop: { signer },
      });
      const proved = { accessToken: token.accessTokenResponse.access_token, dpop: { signer } };
      expect(await wallet.collect(proved)).toContain('~');
    });
  });

  async function agree(path: string, by = sakura, answer = 'yes'): Promise<string> {
    const asked = await by.send('GET', path, undefined, { accept: 'text/html' });
    expect(asked.status).toBe(200);
    const query = new URL(path, world.origin).searchParams;
    const fields = { client_id: query.get('client_id') ?? '', request_uri: query.get('request_uri') ?? '', answer };
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const page = await by.send('POST', '/wallet/authorize', new URLSearchParams(fields).toString(), form);
    return (/class="button button-primary" href="([^"]*)"/.exec(await page.text())?.[1] ?? '').replaceAll('&amp;', '&');
  }

  it('is described where the specification says, and nowhere else', async () => {
    const answer = await fetch(`${world.origin}/.well-known/openid-credential-issuer/wallet`);
    expect(await answer.json()).toMatchObject({
      credential_issuer: issuer,
      credential_configurations_supported: {
        transcript: {
          format: 'dc+sd-jwt',
          vct: `${world.origin}/credential-types/transcript/1`,
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
        },
      },
    });
    const server = await fetch(`${world.origin}/.well-known/oauth-authorization-server/wallet`);
    expect(await server.json()).toMatchObject({ issuer, code_challenge_methods_supported: ['S256'] });
    // The authorization server of school-affairs systems is another one.
    const other = await fetch(`${world.origin}/.well-known/oauth-authorization-server`);
    expect(await other.json()).toMatchObject({ issuer: world.origin });
  });

  describe('its code and number', () => {
    it('are refused when the number is wrong, and after five wrong ones for ever', async () => {
      const { link, pin } = await offered();
      const { code } = await offerObject(link);
      const wrong = pin === '000000' ? '111111' : '000000';
      const told: (readonly unknown[])[] = [];
      for (let times = 0; times < 5; times++) told.push(await toldBy(await redeem(code, wrong)));
      expect(told).toEqual([
        ...Array.from({ length: 4 }, () => [400, 'invalid_grant', 'pin.wrong']),
        [400, 'invalid_grant', 'pin.locked'],
      ]);
      expect(await toldBy(await redeem(code, pin))).toEqual([400, 'invalid_grant', 'pin.locked']);
      expect((await offerObject(link)).status).toBe(404);
      expect((await events()).at(-2)).toBe('credential.code-redeemed refused pin.locked');
    });

    it('cannot be guessed faster by guessing at the same time', async () => {
      const { link, pin } = await offered();
      const { code } = await offerObject(link);
      const wrong = pin === '000000' ? '111111' : '000000';
      await Promise.all(Array.from({ length: 8 }, () => redeem(code, wrong)));
      expect(await toldBy(await redeem(code, pin))).toEqual([400, 'invalid_grant', 'pin.locked']);
    });

    it('count once, also at the same moment', async () => {
      const { link, pin } = await offered();
      const { code } = await offerObject(link);
      const statuses = (await Promise.all([1, 2, 3].map(() => redeem(code, pin)))).map(({ status }) => status);
      expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 400, 400]);
      expect(await toldBy(await redeem(code, pin))).toEqual([400, 'invalid_grant', 'offer.used']);
    });

    it.each([
      ['no number', { grant_type: preAuthorized, 'pre-authorized_code': 'x' }, 'invalid_request', 'pin.missing'],
      ['no code', { grant_type: preAuthorized, tx_code: '1' }, 'invalid_request', 'parameter.missing'],
      ['no grant', { 'pre-authorized_code': 'x' }, 'invalid_request', 'parameter.missing'],
      ['another grant', { grant_type: 'password' }, 'unsupported_grant_type', 'grant.unknown'],
      [
        'an unknown code',
        { grant_type: preAuthorized, 'pre-authorized_code': 'x', tx_code: '1' },
        'invalid_grant',
        'offer.unknown',
      ],
      [
        'an unknown authorization code',
        { grant_type: 'authorization_code', code: 'x' },
        'invalid_grant',
        'code.unknown',
      ],
    ])('are refused: %s', async (_what, fields, error, code) => {
      expect(await toldBy(await post('token', fields))).toEqual([400, error, code]);
    });

    it('are for nobody after ten minutes', async () => {
      const { link, pin } = await offered();
      const { code } = await offerObject(link);
      await inDatabase((tx) => tx.update(walletOffers).set({ expiresAt: new Date(world.clock.now().getTime() - 1) }));
      expect(await toldBy(await redeem(code, pin))).toEqual([400, 'invalid_grant', 'offer.unknown']);
      expect((await offerObject(link)).status).toBe(404);
      // What housekeeping does every hour.
      await forgetOffers(world.running.gateway);
      expect(await inDatabase((tx) => tx.select().from(walletOffers))).toEqual([]);
    });

    it('stand in the database as keyed hashes alone, and no other job sees even those', async () => {
      const { link, pin } = await offered();
      const { code, issuerState } = await offerObject(link);
      const answer = await redeem(code, pin);
      const { access_token: token } = (await answer.json()) as { access_token: string };
      const rows = await inDatabase((tx) =>
        Promise.all([
          tx.select().from(walletOffers),
          tx.select().from(walletAuthorizations),
          tx.select().from(walletSpent),
        ]),
      );
      const text = JSON.stringify(rows);
      for (const secret of [code, issuerState, token, `"${pin}"`]) expect(text).not.toContain(secret);
      for (const secret of [code, token])
        expect(text).not.toContain(createHash('sha256').update(secret).digest('base64url'));
      expect(await world.job('presentation', (tx) => tx.select().from(walletOffers))).toEqual([]);
    });
  });

  describe('the key of its holder', () => {
    it.each<[string, () => Promise<string>, string, string]>([
      ['another audience', () => proofOf({ aud: world.origin }), 'invalid_proof', 'proof.refused'],
      ['an old proof', () => proofOf({ iat: 1_000_000 }), 'invalid_proof', 'proof.refused'],
      ['another type', () => proofOf({}, { typ: 'JWT' }), 'invalid_proof', 'proof.refused'],
      ['no nonce', () => proofOf({ nonce: undefined }), 'invalid_proof', 'proof.refused'],
      ['a foreign nonce', () => proofOf({ nonce: 'abc.def' }), 'invalid_nonce', 'nonce.refused'],
      [
        'a foreign key in the header',
        async () => proofOf({}, { jwk: (await createHolder()).jwk }),
        'invalid_proof',
        'proof.refused',
      ],
      ['a private key', () => proofOf({}, { jwk: { ...holder.jwk, d: 'AA' } }), 'invalid_proof', 'proof.refused'],
      [
        'the algorithm none',
        async () => {
          const none = Buffer.from(`{"alg":"none","typ":"openid4vci-proof+jwt","jwk":${JSON.stringify(holder.jwk)}}`);
          return `${none.toString('base64url')}.${(await proofOf()).split('.')[1]}.`;
        },
        'invalid_proof',
        'proof.refused',
      ],
    ])('is refused: %s, and the token is still good', async (_what, make, error, code) => {
      const token = await tokenFor();
      expect(await toldBy(await collect(token, asking(await make())))).toEqual([400, error, code]);
      expect((await events()).at(-1)).toBe(`credential.issued refused ${code}`);
      expect((await collect(token, asking(await proofOf()))).status).toBe(200);
    });

    it('is refused with a nonce that was used, and with one that is too old', async () => {
      const used = await nonce();
      const first = await tokenFor();
      expect((await collect(first, asking(await proofOf({ nonce: used })))).status).toBe(200);
      const second = await tokenFor();
      const again = await collect(second, asking(await proofOf({ nonce: used })));
      expect(await toldBy(again)).toEqual([400, 'invalid_nonce', 'nonce.used']);
      const { walletKey, clock } = world.running.gateway;
      const seconds = (count: number) => new Date(clock.now().getTime() + count * 1000);
      const fresh = newNonce(walletKey, clock.now());
      expect([290, 310, -10].map((count) => isFreshNonce(walletKey, fresh, seconds(count)))).toEqual([
        true,
        false,
        false,
      ]);
      expect(isFreshNonce(new Uint8Array(32), fresh, clock.now())).toBe(false);
    });

    it.each([
      ['no proof', { credential_configuration_id: 'transcript' }, 'invalid_proof', 'proof.missing'],
      [
        'two proofs',
        { credential_configuration_id: 'transcript', proofs: { jwt: ['a', 'b'] } },
        'invalid_credential_request',
        'proof.too-many',
      ],
      [
        'another kind',
        { credential_configuration_id: 'graduationCertificate', proofs: { jwt: ['a'] } },
        'unknown_credential_configuration',
        'configuration.mismatch',
      ],
      [
        'an identifier',
        { credential_identifier: 'x', proofs: { jwt: ['a'] } },
        'invalid_credential_request',
        'parameter.missing',
      ],
      ['nothing', null, 'invalid_credential_request', 'parameter.missing'],
    ])('is refused: %s', async (_what, body, error, code) => {
      expect(await toldBy(await collect(await tokenFor(), body))).toEqual([400, error, code]);
    });
  });

  describe('its token', () => {
    it('is refused when nobody knows it, after its one credential, and after five minutes', async () => {
      const unknown = await collect('x'.repeat(43), asking(await proofOf()));
      expect(unknown.headers.get('www-authenticate')).toContain('invalid_token');
      expect(await toldBy(unknown)).toEqual([401, 'invalid_token', 'token.unknown']);
      const token = await tokenFor();
      const proofs = [await proofOf(), await proofOf(), await proofOf()];
      const statuses = (await Promise.all(proofs.map((one) => collect(token, asking(one))))).map(
        ({ status }) => status,
      );
      expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
      const late = await tokenFor();
      await inDatabase((tx) => tx.update(walletOffers).set({ expiresAt: new Date(world.clock.now().getTime() - 1) }));
      expect(await toldBy(await collect(late, asking(await proofOf())))).toEqual([
        401,
        'invalid_token',
        'token.unknown',
      ]);
    });

    it('is of no use elsewhere, and no session or other token is of use here', async () => {
      const token = await tokenFor();
      const elsewhere = await fetch(`${world.origin}/api/own-certificates`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(elsewhere.status).toBe(401);
      const bySession = await sakura.send('POST', '/wallet/credential', JSON.stringify(asking(await proofOf())), {
        'content-type': 'application/json',
      });
      expect(bySession.status).toBe(401);
    });

    describe('bound to a key', () => {
      let key: ProofKey;
      let token: string;
      const url = () => `${issuer}/credential`;
      const by = async (one: ProofKey, more: { token?: string; nonce?: string | null } = {}) =>
        proofWith(one, { method: 'POST', url: url(), token, nonce: await dpopNonce(), ...more });
      const dpopNonce = async () =>
        (await fetch(`${issuer}/nonce`, { method: 'POST' })).headers.get('dpop-nonce') ?? '';
      beforeEach(async () => {
        key = await newProofKey();
        const { link, pin } = await offered();
        const { code } = await offerObject(link);
        const fields = { grant_type: preAuthorized, 'pre-authorized_code': code, tx_code: pin };
        const proof = await proofWith(key, { method: 'POST', url: `${issuer}/token`, nonce: await dpopNonce() });
        const answer = await post('token', fields, { dpop: proof });
        token = ((await answer.json()) as { access_token: string }).access_token;
      });
      const send = async (dpop: string | null) =>
        collect(token, asking(await proofOf()), dpop === null ? {} : { dpop, authorization: `DPoP ${token}` });

      it('does nothing as a bearer token, or with the proof of another key', async () => {
        expect(await toldBy(await send(null))).toEqual([401, 'invalid_token', 'token.unbound']);
        expect(await toldBy(await send(await by(await newProofKey())))).toEqual([
          401,
          'invalid_token',
          'token.unbound',
        ]);
        expect((await send(await by(key))).status).toBe(200);
      });

      it('wants a nonce of ours, this very token, and each proof once', async () => {
        expect(await toldBy(await send(await by(key, { nonce: null })))).toEqual([401, 'use_dpop_nonce', 'dpop.nonce']);
        expect(await toldBy(await send(await by(key, { token: 'other' })))).toEqual([
          401,
          'invalid_dpop_proof',
          'dpop.refused',
        ]);
        const proof = await by(key);
        expect((await send(proof)).status).toBe(200);
        expect(await toldBy(await send(proof))).toEqual([401, 'invalid_token', 'token.unknown']);
      });
    });
  });

  describe('by a log-in', () => {
    const verifier = 'v'.repeat(43);
    const redirectUri = 'https://wallet.example/back';
    type Fields = Readonly<Record<string, string>>;
    async function pushed(change: Fields = {}, headers: Fields = {}) {
      const { issuerState } = await offerObject((await offered()).link);
      return post(
        'par',
        {
          response_type: 'code',
          client_id: 'w',
          redirect_uri: redirectUri,
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
          scope: 'transcript',
          issuer_state: issuerState,
          state: 'st-1',
          ...change,
        },
        headers,
      );
    }
    async function requestPath(change: Fields = {}, headers: Fields = {}): Promise<string> {
      const answer = await pushed(change, headers);
      expect(answer.status).toBe(201);
      const { request_uri: uri } = (await answer.json()) as { request_uri: string };
      return `/wallet/authorize?${new URLSearchParams({ client_id: 'w', request_uri: uri })}`;
    }
    const exchange = (back: string, change: Fields = {}, headers: Fields = {}) =>
      post(
        'token',
        {
          grant_type: 'authorization_code',
          code: new URL(back).searchParams.get('code') ?? '',
          code_verifier: verifier,
          redirect_uri: redirectUri,
          client_id: 'w',
          ...change,
        },
        headers,
      );

    it.each([
      ['no offer', { issuer_state: 'x' }, 'invalid_request', 'offer.unknown'],
      [
        'an address that a browser runs',
        { redirect_uri: 'javascript:alert(1)' },
        'invalid_request',
        'redirect.refused',
      ],
      ['an address on the line', { redirect_uri: 'http://wallet.example/' }, 'invalid_request', 'redirect.refused'],
      ['no challenge', { code_challenge_method: 'plain' }, 'invalid_request', 'pkce.missing'],
      ['another response', { response_type: 'token' }, 'unsupported_response_type', 'parameter.missing'],
      ['another kind', { scope: 'graduationCertificate' }, 'invalid_scope', 'scope.mismatch'],
    ])('is not begun with %s', async (_what, change, error, code) => {
      expect(await toldBy(await pushed(change))).toEqual([400, error, code]);
    });

    it('is asked of nobody but the one who made the offer', async () => {
      const path = await requestPath();
      const page = { accept: 'text/html' };
      expect((await stranger.send('GET', path, undefined, page)).status).toBe(404);
      const clerk = await world.as('juniorHigh-clerk');
      expect((await clerk.send('GET', path, undefined, page)).status).toBe(404);
      const nobody = await fetch(`${world.origin}${path}`, { redirect: 'manual', headers: page });
      expect([nobody.status, nobody.headers.get('location')?.startsWith('/login?next=')]).toEqual([303, true]);
      expect((await sakura.send('GET', path.replace('client_id=w', 'client_id=x'), undefined, page)).status).toBe(404);
    });

    it('gives nothing when the owner says no, and the same request asks no second time', async () => {
      const path = await requestPath();
      const back = await agree(path, sakura, 'no');
      expect(Object.fromEntries(new URL(back).searchParams)).toEqual({
        error: 'access_denied',
        state: 'st-1',
        iss: issuer,
      });
      expect((await sakura.send('GET', path, undefined, { accept: 'text/html' })).status).toBe(404);
    });

    it.each([
      ['another verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_grant', 'pkce.mismatch'],
      ['another address', { redirect_uri: 'https://evil.example/' }, 'invalid_grant', 'redirect.mismatch'],
      ['another client', { client_id: 'evil' }, 'invalid_grant', 'client.mismatch'],
    ])('burns the code of whoever comes with %s', async (_what, change, error, code) => {
      const back = await agree(await requestPath());
      expect(await toldBy(await exchange(back, change))).toEqual([400, error, code]);
      expect(await toldBy(await exchange(back))).toEqual([400, 'invalid_grant', 'code.used']);
    });

    it('gives a code for the key that began, and for no other', async () => {
      const key = await newProofKey();
      const dpopNonce = (await fetch(`${issuer}/nonce`, { method: 'POST' })).headers.get('dpop-nonce');
      const proof = (path: string, by = key) =>
        proofWith(by, { method: 'POST', url: `${issuer}/${path}`, nonce: dpopNonce });
      const unproved = await agree(await requestPath({}, { dpop: await proof('par') }));
      expect(await toldBy(await exchange(unproved))).toEqual([400, 'invalid_dpop_proof', 'dpop.mismatch']);
      const foreign = await agree(await requestPath({}, { dpop: await proof('par') }));
      const other = { dpop: await proof('token', await newProofKey()) };
      expect(await toldBy(await exchange(foreign, {}, other))).toEqual([400, 'invalid_dpop_proof', 'dpop.mismatch']);
      const own = await agree(await requestPath({}, { dpop: await proof('par') }));
      expect((await exchange(own, {}, { dpop: await proof('token') })).status).toBe(200);
      const once = { dpop: await proof('par') };
      await requestPath({}, once);
      expect(await toldBy(await pushed({}, once))).toEqual([400, 'invalid_dpop_proof', 'dpop.replayed']);
    });

    it('takes the token back when its code comes twice', async () => {
      const back = await agree(await requestPath());
      const { access_token: token } = (await (await exchange(back)).json()) as { access_token: string };
      expect(await toldBy(await exchange(back))).toEqual([400, 'invalid_grant', 'code.used']);
      expect(await toldBy(await collect(token, asking(await proofOf())))).toEqual([
        401,
        'invalid_token',
        'token.unknown',
      ]);
    });
  });

  it.each([
    ['https://wallet.example/cb', true],
    ['jp.example.wallet:/cb', true],
    ['haip-vci://cb', true],
    ['http://127.0.0.1:1234/cb', true],
    ['http://wallet.example/cb', false],
    ['https://wallet.example/#x', false],
    ['https://user@wallet.example/', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['file:///etc/passwd', false],
    ['nothing', false],
  ])('may lead back to %s: %s', (address, expected) => {
    expect(isWalletAddress(address)).toBe(expected);
  });

  it('is offered to nobody else', async () => {
    const path = `/api/issued-certificates/${certificate}/wallet-offers`;
    expect(refusalIn(await stranger.json('POST', path))).toBe('404 certificate.not-found');
    const clerk = await world.as('juniorHigh-clerk');
    expect((await clerk.json('POST', path)).status).toBe(403);
  });

  it('is offered five times at once and no more', async () => {
    await offered();
    const path = `/api/issued-certificates/${certificate}/wallet-offers`;
    const statuses: number[] = [];
    for (let times = 0; times < 5; times++) statuses.push((await sakura.json('POST', path)).status);
    expect(statuses).toEqual([201, 201, 201, 201, 409]);
  });

  it('does not arrive when it has been revoked since it was offered', async () => {
    const token = await tokenFor();
    const clerk = await world.as('juniorHigh-clerk');
    const principal = await world.as('juniorHigh-principal');
    const path = `/api/issued-certificates/${certificate}/revocation`;
    bodyOf(await clerk.json('POST', path, { reason: 'error' }));
    bodyOf(await principal.json('POST', `${path}/confirmation`));
    const answer = await collect(token, asking(await proofOf()));
    expect(await toldBy(answer)).toEqual([400, 'credential_request_denied', 'certificate.refused']);
  });

  it('does not arrive when the one who offered it may collect it no more', async () => {
    certificate = (await issueAtOnce(sakura)).copy.id;
    const token = await tokenFor();
    const { links } = bodyOf(await sakura.json('GET', '/api/links'));
    bodyOf(await sakura.json('DELETE', `/api/links/${links.at(0)?.id}`));
    const answer = await collect(token, asking(await proofOf()));
    expect(await toldBy(answer)).toEqual([400, 'credential_request_denied', 'certificate.refused']);
  });
});
