import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { presentationRequestsPath } from '../../identity/rate-rules.ts';
import { randomToken } from '../../identity/secrets.ts';
import { issuedKinds, templateKinds } from '../../records/certificate-kinds.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { outcomeOf } from '../report.ts';
import { verdictShape, verdictsInWords, wordShape } from '../verdict-schema.ts';
import type { ReaderLocale } from '../words.ts';
import { askPresentation } from './ask-presentation.ts';
import { giveNumber, type RequestView, showRequest } from './follow-request.ts';
import { claimGroups, numberDigits, requestEndings, requestMinutes, requestStates } from './rules.ts';
import { walletLink } from './verifier-name.ts';

const asked = z.strictObject({
  kind: z.enum(templateKinds),
  groups: z
    .array(z.enum(claimGroups))
    .max(claimGroups.length)
    .default([])
    .openapi({ description: 'What the holder is asked to show of it' }),
});

const made = z
  .object({
    id: z.string(),
    key: z.string().openapi({ description: 'Goes into the header Presentation-Key; it is in this answer alone' }),
    link: z.string().openapi({ description: 'openid4vp:// — as a QR code, or as a link on the holder’s own device' }),
    expiresInSeconds: z.int(),
  })
  .openapi('PresentationRequestMade');

const followed = z
  .object({
    id: z.string(),
    kind: z.enum(issuedKinds),
    groups: z.array(z.enum(claimGroups)).readonly(),
    state: z.enum(requestStates),
    triesLeft: z.int().nullable().openapi({ description: 'While `answered`: numbers that may still be tried' }),
    ending: z.enum(requestEndings).nullable().openapi({ description: 'Why it is `closed`' }),
    outcome: wordShape.nullable().openapi({ description: 'Once it is `released`: the worst of the verdicts' }),
    verdicts: z.array(verdictShape).readonly(),
    facts: z.record(z.string(), z.unknown()).readonly(),
    remarks: z.array(z.string()).readonly(),
  })
  .openapi('PresentationRequest');

const params = z.object({ requestId: z.string().max(100) });
// Not required: without one nobody knows of such a request, and there is no other answer to tell it by.
const headers = z.object({ 'presentation-key': z.string().max(100).optional() });
const tags = ['verification'];
const responses = { 200: jsonContent(followed, 'How far it has come'), ...problemResponses };

/**
 * The same as the pages at `/verify/wallet`, for systems that ask many holders, such as admissions: a key takes the place of the browser's
 * cookie. Whatever was shown still needs the number that the holder reads on the wallet's screen (OpenID4VP 1.0 §14.2).
 */
export function presentationRequestRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: presentationRequestsPath,
      summary: 'Ask a wallet for a certificate (OpenID4VP); for everybody, without a log-in',
      tags,
      request: jsonBody(asked),
      responses: { 201: jsonContent(made, 'For ten minutes'), ...problemResponses },
    }),
    async (c) => {
      const gateway = c.get('gateway');
      const key = randomToken();
      const id = await askPresentation(gateway, { browser: key, asked: c.req.valid('json') });
      return c.json({ id, key, link: walletLink(gateway, id), expiresInSeconds: requestMinutes * 60 }, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: `${presentationRequestsPath}/{requestId}`,
      summary: 'What became of a request for a presentation; the verdicts once they are released',
      tags,
      request: { params, headers },
      responses,
    }),
    async (c) => {
      const of = { id: c.req.valid('param').requestId, browser: c.req.valid('header')['presentation-key'] ?? null };
      const shown = await showRequest(c.get('gateway'), of);
      return shown.ok ? c.json(inWords(shown.value, c.get('locale')), 200) : sendProblem(c, shown.fault);
    },
  );
  numberRoute(app);
}

function numberRoute(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: `${presentationRequestsPath}/{requestId}/number`,
      summary: 'Give the number that the holder has read out: releases what was shown',
      description: 'Five wrong ones delete what was shown.',
      tags,
      request: {
        params,
        headers,
        ...jsonBody(
          z.strictObject({
            number: z
              .string()
              .min(1)
              .max(20)
              .openapi({ example: '0'.repeat(numberDigits) }),
          }),
        ),
      },
      responses,
    }),
    async (c) => {
      const gateway = c.get('gateway');
      const of = { id: c.req.valid('param').requestId, browser: c.req.valid('header')['presentation-key'] ?? null };
      const given = await giveNumber(gateway, { ...of, number: c.req.valid('json').number });
      const shown = given.ok ? await showRequest(gateway, of) : given;
      return shown.ok ? c.json(inWords(shown.value, c.get('locale')), 200) : sendProblem(c, shown.fault);
    },
  );
}

function inWords(view: RequestView, locale: ReaderLocale): z.infer<typeof followed> {
  const report = view.state === 'released' ? view.report : null;
  const { kind, groups } = view.asked;
  return {
    id: view.id,
    kind,
    groups,
    state: view.state,
    triesLeft: view.state === 'answered' ? view.triesLeft : null,
    ending: view.state === 'closed' ? view.ending : null,
    outcome: report === null ? null : outcomeOf(report.verdicts),
    verdicts: report === null ? [] : verdictsInWords(report.verdicts, locale),
    facts: report?.facts ?? {},
    remarks: report?.remarks ?? [],
  };
}
