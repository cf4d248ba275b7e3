import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { verificationsPath } from '../identity/rate-rules.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { questions, words } from './report.ts';
import { type FindState, type ItemToVerify, type VerifiedItem, verifyMany } from './verify-many.ts';
import { type ReaderLocale, sentenceOf, stepOf, verificationText } from './words.ts';

const maxItems = 50;

const item = z
  .strictObject({
    id: z.string().max(100).default('').openapi({ description: 'Your own name for it; comes back as it is' }),
    content: z.base64().openapi({ description: 'The file, or the text of a credential, in base64' }),
    proof: z.string().max(65_536).nullable().default(null).openapi({ description: 'Of a receipt: its tlog-proof' }),
    renewal: z
      .base64()
      .nullable()
      .default(null)
      .openapi({ description: 'Of a container, manifest or receipt: its renewal record, in base64' }),
    statusLists: z
      .array(z.string().max(2_097_152))
      .max(8)
      .default([])
      .openapi({ description: 'Of a credential: status list tokens. None is fetched for you' }),
    holder: z
      .strictObject({ audience: z.string().min(1).max(500), nonce: z.string().min(1).max(200) })
      .nullable()
      .default(null)
      .openapi({ description: 'What you asked of the holder; that you ask with a number once is up to you' }),
    sharedWith: z
      .string()
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .openapi({ description: 'Your name, as the holder wrote whom a share is for; without it `audience.notChecked`' }),
  })
  .openapi('ItemToVerify');

const word = z.enum(words);
const verdict = z
  .object({
    question: z.enum(questions),
    word,
    code: z
      .string()
      .openapi({ description: 'Stays what it is: docs/formats.md, Verdicts', example: 'issuer.notChecked' }),
    reasons: z.array(z.string()).readonly(),
    about: z.string().nullable(),
    sentence: z.string(),
    next: z.string().nullable(),
  })
  .openapi('Verdict');

const verified = z
  .object({
    id: z.string(),
    kind: z
      .enum(['container', 'manifest', 'receipt', 'consent', 'pdf', 'credential', 'certificateProof', 'log'])
      .nullable(),
    outcome: word,
    verdicts: z.array(verdict).readonly(),
    facts: z.record(z.string(), z.unknown()).readonly(),
    remarks: z.array(z.string()).readonly(),
    problem: z
      .object({
        code: z.enum(['file.unknown', 'file.too-large', 'verifier.broken']),
        sentence: z.string(),
        next: z.string(),
      })
      .nullable()
      .openapi({ description: 'Why there are no verdicts' }),
  })
  .openapi('VerifiedItem');

const answer = z
  .object({
    verifiedAt: z.iso.datetime(),
    trustList: z.object({ serial: z.int(), issuedAt: z.iso.datetime() }),
    outcome: word.openapi({ description: 'The worst of all' }),
    items: z.array(verified).readonly(),
  })
  .openapi('Verifications');

/** For systems that verify what many people hand in, such as admissions; public, nothing is kept. */
export function verificationRoutes(app: OpenAPIHono<AppEnv>, findState: FindState): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: verificationsPath,
      summary: 'Verify a list of files: containers, receipts, manifests, credentials, PDFs',
      description:
        'For everybody, without a log-in. At most 50 items and 8 MB a request; sentences by Accept-Language.',
      tags: ['verification'],
      request: jsonBody(z.strictObject({ items: z.array(item).min(1).max(maxItems) })),
      responses: {
        200: jsonContent(answer, 'One verdict after the other, in the order of the list'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const items = c.req.valid('json').items.map(toItem);
      const result = await verifyMany(c.get('gateway'), items, findState);
      if (!result.ok) return sendProblem(c, result.fault);
      const { verifiedAt, trustList, outcome } = result.value;
      const locale = c.get('locale');
      return c.json(
        {
          verifiedAt: verifiedAt.toISOString(),
          trustList: { serial: trustList.serial, issuedAt: trustList.issuedAt.toISOString() },
          outcome,
          items: result.value.items.map((one) => inWords(one, locale)),
        },
        200,
      );
    },
  );
}

function toItem(given: z.infer<typeof item>): ItemToVerify {
  const { renewal } = given;
  return { ...given, content: fromBase64(given.content), renewal: renewal === null ? null : fromBase64(renewal) };
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function inWords(one: VerifiedItem, locale: ReaderLocale): z.infer<typeof verified> {
  if (one.kind === null) {
    const problem = {
      code: one.problem,
      sentence: verificationText(locale, `problem.${one.problem}`),
      next: verificationText(locale, `next.${one.problem}`),
    };
    return { id: one.id, kind: null, outcome: one.outcome, verdicts: [], facts: {}, remarks: [], problem };
  }
  const { id, kind, outcome, facts, remarks } = one;
  const verdicts = one.verdicts.map((each) => ({
    ...each,
    sentence: sentenceOf(each, locale),
    next: stepOf(each, locale),
  }));
  return { id, kind, outcome, verdicts, facts, remarks, problem: null };
}
