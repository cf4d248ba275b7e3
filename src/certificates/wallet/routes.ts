import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { dpopAlgorithms } from '../../crypto/dpop.ts';
import { textOf } from '../../identity/forms.ts';
import { proofNonce } from '../../identity/proof-nonce.ts';
import { issueToWallet } from './issue-to-wallet.ts';
import { walletPath, wellKnown } from './issuer.ts';
import { authorizationServerMetadata, issuerMetadata } from './metadata.ts';
import { pushAuthorization } from './push-authorization.ts';
import type { WalletRefusal } from './refusal.ts';
import { authorizationMinutes, tokenSeconds } from './rules.ts';
import { newNonce } from './secrets.ts';
import { showOffer } from './show-offer.ts';
import { issueWalletToken } from './token.ts';

/** What wallets call (OpenID4VCI 1.0): they know no session, and are told in the words of OAuth. */
export function walletIssuerRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get(wellKnown('openid-credential-issuer'), (c) => c.json(issuerMetadata(c.get('gateway'))));
  app.get(wellKnown('oauth-authorization-server'), (c) => c.json(authorizationServerMetadata(c.get('gateway'))));
  app.get(`${walletPath}/offers/:offerId`, async (c) => {
    const offer = await showOffer(c.get('gateway'), c.req.param('offerId'));
    return offer === null
      ? c.json({ error: 'invalid_request', error_description: 'offer.unknown' }, 404)
      : c.json(offer);
  });
  app.post(`${walletPath}/nonce`, (c) => {
    const { walletKey, clock } = c.get('gateway');
    tellProofNonce(c);
    return c.json({ c_nonce: newNonce(walletKey, clock.now()) });
  });
  app.post(`${walletPath}/par`, (c) => push(c));
  app.post(`${walletPath}/token`, (c) => giveToken(c));
  app.post(`${walletPath}/credential`, (c) => giveCredential(c));
}

type Call = Context<AppEnv>;

/** RFC 9126 §2.2 */
async function push(c: Call): Promise<Response> {
  const form = await c.req.parseBody();
  const pushed = await pushAuthorization(
    c.get('gateway'),
    {
      responseType: textOf(form, 'response_type'),
      clientId: textOf(form, 'client_id'),
      redirectUri: textOf(form, 'redirect_uri'),
      codeChallenge: textOf(form, 'code_challenge'),
      codeChallengeMethod: textOf(form, 'code_challenge_method'),
      scope: textOf(form, 'scope'),
      issuerState: textOf(form, 'issuer_state'),
      state: textOf(form, 'state'),
    },
    c.req.header('DPoP'),
  );
  tellProofNonce(c);
  if (!pushed.ok) return refuse(c, pushed.fault);
  return c.json({ request_uri: pushed.value, expires_in: authorizationMinutes * 60 }, 201);
}

async function giveToken(c: Call): Promise<Response> {
  const form = await c.req.parseBody();
  const parameters = {
    grantType: textOf(form, 'grant_type'),
    preAuthorizedCode: textOf(form, 'pre-authorized_code'),
    txCode: textOf(form, 'tx_code'),
    code: textOf(form, 'code'),
    codeVerifier: textOf(form, 'code_verifier'),
    redirectUri: textOf(form, 'redirect_uri'),
    clientId: textOf(form, 'client_id'),
  };
  const given = await issueWalletToken(c.get('gateway'), parameters, c.req.header('DPoP'));
  tellProofNonce(c);
  if (!given.ok) return refuse(c, given.fault);
  const { accessToken, type, scope } = given.value;
  return c.json({ access_token: accessToken, token_type: type, expires_in: tokenSeconds, scope });
}

async function giveCredential(c: Call): Promise<Response> {
  const [, scheme = '', token = ''] = /^(bearer|dpop) ([\w-]{43})$/i.exec(c.req.header('Authorization') ?? '') ?? [];
  tellProofNonce(c);
  if (token === '') return challenge(c, { error: 'invalid_token', code: 'token.unknown' });
  const presented = {
    scheme: scheme.toLowerCase() === 'dpop' ? ('dpop' as const) : ('bearer' as const),
    token,
    proof: c.req.header('DPoP') ?? null,
  };
  const body: unknown = await c.req.json().catch(() => null);
  const issued = await issueToWallet(c.get('gateway'), presented, body);
  if (issued.ok) return c.json({ credentials: [{ credential: issued.value }] });
  const { error } = issued.fault;
  const isAboutToken = error === 'invalid_token' || error === 'invalid_dpop_proof' || error === 'use_dpop_nonce';
  return isAboutToken ? challenge(c, issued.fault) : refuse(c, issued.fault);
}

/** RFC 6750 §3, RFC 9449 §7.1 */
function challenge(c: Call, { error, code }: WalletRefusal): Response {
  c.header('WWW-Authenticate', `DPoP error="${error}", algs="${dpopAlgorithms.join(' ')}"`);
  return c.json({ error, error_description: code }, 401);
}

function refuse(c: Call, { error, code }: WalletRefusal): Response {
  return c.json({ error, error_description: code }, 400);
}

/** RFC 9449 §8.2: with every answer, so that a wallet rarely has to ask twice. */
function tellProofNonce(c: Call): void {
  const { identity } = c.get('gateway');
  c.header('DPoP-Nonce', proofNonce(identity.proofNonceKey, identity.clock.now()));
}
