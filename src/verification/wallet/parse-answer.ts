import { z } from 'zod';
import { decryptJwe } from '../../crypto/jose-encryption.ts';
import { isJsonObject, parseStrictJson } from '../../crypto/strict-json.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { answerEncryptions } from './request-object.ts';
import { queryId } from './wanted.ts';

/** What a wallet posted (OpenID4VP 1.0 §8.2, §8.3.1). */
export interface PostedAnswer {
  readonly response: string | null;
  readonly error: string | null;
  readonly state: string | null;
}

/** Sealing and showing it has its limit; a transcript of three years has about 12,000 characters. */
const maxPresentation = 48 * 1024;

const answerShape = z.looseObject({
  state: z.string(),
  // §8.1: exactly one presentation, under the id of the one query.
  vp_token: z.strictObject({ [queryId]: z.tuple([z.string().min(1).max(maxPresentation)]) }),
});

/**
 * Opens an encrypted answer and takes the presentation out of it; nothing is verified yet.
 *
 * @param expected.key - private JWK of this request
 * @returns `presentation.malformed`, its detail says why
 */
export async function presentationIn(
  response: string,
  expected: { readonly key: Readonly<Record<string, unknown>>; readonly state: string },
): Promise<Result<string>> {
  const decrypted = await decryptJwe({
    jwe: response,
    key: expected.key,
    algorithms: ['ECDH-ES'],
    encryptions: answerEncryptions,
  });
  if (!decrypted.ok) return malformed(decrypted.fault);
  const json = parseStrictJson(decrypted.value, 8);
  const parsed = json.ok && isJsonObject(json.value) ? answerShape.safeParse(json.value) : null;
  if (parsed?.success !== true) return malformed('answer-shape');
  const { state, vp_token: token } = parsed.data;
  if (state !== expected.state) return malformed('state-mismatch');
  const [presentation] = token[queryId] ?? [];
  return presentation === undefined ? malformed('answer-shape') : ok(presentation);
}

function malformed(detail: string): Result<never> {
  return refuse(fault('presentation.malformed', { detail }));
}
