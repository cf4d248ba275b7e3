import { z } from '@hono/zod-openapi';
import { questions, type Verdict, words } from './report.ts';
import { type ReaderLocale, sentenceOf, stepOf } from './words.ts';

export const wordShape = z.enum(words);

/** One verdict as a program reads it. */
export const verdictShape = z
  .object({
    question: z.enum(questions),
    word: wordShape,
    code: z
      .string()
      .openapi({ description: 'Stays what it is: docs/formats.md, Verdicts', example: 'issuer.notChecked' }),
    reasons: z.array(z.string()).readonly(),
    about: z.string().nullable(),
    sentence: z.string(),
    next: z.string().nullable(),
  })
  .openapi('Verdict');

/** With the sentence and the next step, in the reader's language. */
export function verdictsInWords(verdicts: readonly Verdict[], locale: ReaderLocale): z.infer<typeof verdictShape>[] {
  return verdicts.map((one) => ({ ...one, sentence: sentenceOf(one, locale), next: stepOf(one, locale) }));
}
