import { ok, type Result, refuse } from '../../result.ts';
import { digestOf, type Signer } from '../signer.ts';
import type { TimestampReason, TimestampService } from '../timestamp.ts';
import { buildSignedData } from './build.ts';
import { oids } from './oids.ts';

/**
 * A detached CAdES signature (DER): baseline T with a time stamp over the signature value, baseline B when `timestamps` is null.
 *
 * @returns the ContentInfo, or why no trustworthy time could be had
 */
export async function signCades(input: {
  readonly content: Uint8Array;
  readonly signer: Signer;
  readonly timestamps: TimestampService | null;
}): Promise<Result<Uint8Array, TimestampReason>> {
  const digest = await crypto.subtle.digest(digestOf(input.signer.algorithm), new Uint8Array(input.content));
  return signCadesDigest({ ...input, messageDigest: new Uint8Array(digest) });
}

/** The same for content that was hashed elsewhere, with the hash of {@link digestOf}: a byte range of a PDF, a stream. */
export async function signCadesDigest(input: {
  readonly messageDigest: Uint8Array;
  readonly signer: Signer;
  readonly timestamps: TimestampService | null;
}): Promise<Result<Uint8Array, TimestampReason>> {
  let failure: TimestampReason | null = null;
  const cms = await buildSignedData({
    contentType: oids.data,
    content: null,
    messageDigest: input.messageDigest,
    signer: input.signer,
    certificates: input.signer.chain,
    async stamp(signature) {
      const token = await input.timestamps?.stamp(signature);
      if (token?.ok === false) failure = token.fault;
      return token?.ok === true ? token.value : null;
    },
  });
  return failure === null ? ok(cms) : refuse(failure);
}
