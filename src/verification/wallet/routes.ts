import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, publicFault } from '../../faults.ts';
import { textOf } from '../../identity/forms.ts';
import type { FetchStatusList } from './judge-presentation.ts';
import { requestObject, requestObjectType } from './request-object.ts';
import { takeAnswer } from './take-answer.ts';
import { walletVerifierPath } from './verifier-name.ts';

/** What wallets call. They are told in the words of OAuth, and in `error_description` by our own code. */
export function walletVerifierRoutes(app: OpenAPIHono<AppEnv>, fetchStatusList: FetchStatusList): void {
  const requests = `${walletVerifierPath}/requests/:requestId` as const;
  app.get(requests, (c) => sendRequest(c, c.req.param('requestId'), null));
  // OpenID4VP 1.0 §5.10: the wallet adds a nonce of its own; what else it tells of itself is not needed.
  app.post(requests, async (c) => {
    const nonce = textOf(await c.req.parseBody(), 'wallet_nonce') ?? null;
    return sendRequest(c, c.req.param('requestId'), nonce);
  });
  app.post(`${walletVerifierPath}/responses/:requestId`, async (c) => {
    const form = await c.req.parseBody();
    const answer = {
      id: c.req.param('requestId'),
      response: textOf(form, 'response') ?? null,
      error: textOf(form, 'error') ?? null,
      state: textOf(form, 'state') ?? null,
    };
    const taken = await takeAnswer(c.get('gateway'), answer, fetchStatusList);
    if (!taken.ok) return refuseWallet(c, taken.fault);
    const { redirectUri } = taken.value;
    return c.json(redirectUri === null ? {} : { redirect_uri: redirectUri });
  });
}

async function sendRequest(c: Context<AppEnv>, id: string, nonce: string | null): Promise<Response> {
  const made = await requestObject(c.get('gateway'), { id, nonce });
  if (!made.ok) return refuseWallet(c, made.fault);
  return c.body(made.value, 200, { 'Content-Type': `application/${requestObjectType}` });
}

function refuseWallet(c: Context<AppEnv>, { code }: Fault): Response {
  const { status } = publicFault(code);
  return c.json({ error: status >= 500 ? 'server_error' : 'invalid_request', error_description: code }, status);
}
