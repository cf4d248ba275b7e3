import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { dpopAlgorithms } from '../crypto/dpop.ts';
import { machineScopes } from '../policy/actor.ts';
import { issueAccessToken, type TokenFault } from './issue-access-token.ts';
import { tokenPath } from './middleware.ts';
import { proofNonce } from './proof-nonce.ts';
import { clientKeySet, tokenAnswer, tokenProblem, tokenRequest } from './schemas.ts';

/** The token endpoint speaks OAuth, not problem+json: its clients are libraries (RFC 6749 §5.2). */
export function addTokenRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: tokenPath,
      summary: 'Get an access token for a school-affairs system',
      tags: ['identity'],
      request: {
        body: {
          description: 'Client credentials with private_key_jwt; the header DPoP carries a proof (RFC 9449)',
          content: { 'application/x-www-form-urlencoded': { schema: tokenRequest } },
          required: true,
        },
      },
      responses: {
        200: {
          description: 'A token for five minutes, bound to the key of the proof',
          content: { 'application/json': { schema: tokenAnswer } },
        },
        400: {
          description: 'Refused; use_dpop_nonce: again, with the nonce of the header DPoP-Nonce',
          content: { 'application/json': { schema: tokenProblem } },
        },
        401: {
          description: 'The client did not prove itself',
          content: { 'application/json': { schema: tokenProblem } },
        },
      },
    }),
    async (c) => {
      const form = c.req.valid('form');
      const { identity } = c.get('gateway');
      c.header('DPoP-Nonce', proofNonce(identity.proofNonceKey, identity.clock.now()));
      const result = await issueAccessToken(identity, {
        grantType: form.grant_type,
        assertionType: form.client_assertion_type,
        assertion: form.client_assertion,
        clientId: form.client_id,
        scope: form.scope,
        proof: c.req.header('DPoP'),
        url: `${identity.publicOrigin}${tokenPath}`,
      });
      if (!result.ok) return c.json({ error: result.fault }, statusOf(result.fault));
      const { accessToken, expiresInSeconds, scope } = result.value;
      const answer = { access_token: accessToken, token_type: 'DPoP' as const, expires_in: expiresInSeconds, scope };
      return c.json(answer, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/.well-known/oauth-authorization-server',
      summary: 'What the token endpoint understands',
      tags: ['identity'],
      responses: {
        200: {
          description: 'Authorization server metadata (RFC 8414)',
          content: { 'application/json': { schema: z.record(z.string(), z.unknown()).openapi('AuthorizationServer') } },
        },
      },
    }),
    (c) => c.json(metadata(c.get('gateway').identity.publicOrigin), 200),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/.well-known/jwks.json',
      summary: 'Keys with which this gateway shows an OpenID provider who it is',
      tags: ['identity'],
      responses: {
        200: {
          description: 'A JWK set of public keys (RFC 7517)',
          content: { 'application/json': { schema: clientKeySet } },
        },
      },
    }),
    (c) => c.json({ keys: c.get('gateway').identity.clientKeys.map((key) => ({ ...key })) }, 200),
  );
}

function metadata(issuer: string): Record<string, unknown> {
  return {
    issuer,
    token_endpoint: `${issuer}${tokenPath}`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: machineScopes,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256', 'RS256'],
    dpop_signing_alg_values_supported: dpopAlgorithms,
  };
}

function statusOf(error: TokenFault): 400 | 401 {
  return error === 'invalid_client' ? 401 : 400;
}
