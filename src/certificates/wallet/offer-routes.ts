import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { makeOffer } from './make-offer.ts';

const offer = z
  .object({
    link: z.string().openapi({ description: 'openid-credential-offer://…, for the wallet or as a QR code' }),
    pin: z.string().openapi({ description: 'Six digits that the wallet asks for; told once' }),
    expiresAt: z.iso.datetime(),
  })
  .openapi('WalletOffer');

/** The holder's side of OpenID4VCI; the wallet's is in routes.ts. */
export function walletOfferRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/wallet-offers',
      summary: 'Offer a certificate to a wallet (OpenID4VCI 1.0); good once, for ten minutes',
      tags: ['credentials'],
      request: { params: z.object({ certificateId: z.string().max(100) }) },
      responses: { 201: jsonContent(offer, 'What the wallet is given, and the number beside it'), ...problemResponses },
    }),
    async (c) => {
      const made = await makeOffer(await verbContext(c), c.req.valid('param').certificateId);
      if (!made.ok) return sendProblem(c, made.fault);
      const { link, pin, expiresAt } = made.value;
      return c.json({ link, pin, expiresAt: expiresAt.toISOString() }, 201);
    },
  );
}
