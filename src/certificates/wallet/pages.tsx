import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { textOf } from '../../identity/forms.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { verbContext } from '../../transfers/context.ts';
import { answerAuthorization, showAuthorization } from './authorise-wallet.ts';
import { BackPage, ConsentPage } from './consent-page.tsx';
import { walletPath } from './issuer.ts';
import { makeOffer } from './make-offer.ts';
import { OfferPage } from './offer-page.tsx';

const authorizePath = `${walletPath}/authorize`;

/** What the holder of a certificate sees of its way into a wallet. */
export function walletIssuerPages(app: OpenAPIHono<AppEnv>): void {
  app.post('/issued-certificates/:certificateId/wallet-offers', async (c) => {
    const made = await makeOffer(await verbContext(c), c.req.param('certificateId'));
    if (!made.ok) return sendProblemPage(c, made.fault);
    return c.html(<OfferPage frame={pageFrame(c)} offer={made.value} />, 201);
  });
  app.get(authorizePath, (c) => consentPage(c));
  app.post(authorizePath, async (c) => {
    const form = await c.req.parseBody();
    const answered = await answerAuthorization(
      { gateway: c.get('gateway'), actor: c.get('actor') },
      {
        clientId: textOf(form, 'client_id') ?? '',
        requestUri: textOf(form, 'request_uri') ?? '',
        agrees: textOf(form, 'answer') === 'yes',
      },
    );
    if (!answered.ok) return sendProblemPage(c, answered.fault);
    return c.html(<BackPage frame={pageFrame(c)} address={answered.value} />);
  });
}

async function consentPage(c: Context<AppEnv>): Promise<Response> {
  const request = { clientId: c.req.query('client_id') ?? '', requestUri: c.req.query('request_uri') ?? '' };
  const asked = await showAuthorization({ gateway: c.get('gateway'), actor: c.get('actor') }, request);
  if (!asked.ok) return sendProblemPage(c, asked.fault);
  return c.html(<ConsentPage frame={pageFrame(c)} asked={asked.value} request={request} />);
}
