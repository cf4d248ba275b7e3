import { z } from 'zod';
import { canonicalJson } from '../crypto/jcs.ts';
import { compactJws, signJws } from '../crypto/jose.ts';
import type { Signer } from '../crypto/signer.ts';
import type { CertificateStatement } from './certificate-statement.ts';

/** docs/formats.md, Proof of a certificate. */
export const proofType = 'hikitsugi-certificate+jws';

/** What the second QR code proves by itself: short names, since every character is ink. */
export const certificateProof = z.strictObject({
  v: z.literal(1),
  /** Number of the certificate. */
  no: z.string(),
  kind: z.string(),
  school: z.string(),
  /** The closed school that was attended, where the other one certifies as its successor. */
  for: z.string().optional(),
  name: z.string(),
  birth: z.iso.date(),
  /** Day of graduation, completion or leaving, where the certificate says it. */
  left: z.iso.date().optional(),
  issued: z.iso.date(),
  /** Where its state can be looked up: the last part of the address. */
  code: z.string(),
});
export type CertificateProof = z.infer<typeof certificateProof>;

/**
 * Signs the core of a certificate with the school's seal, as compact JWS. It names its key by the digest of the seal
 * certificate (`kid`), which the verifier has to know: the chain itself would not fit on paper.
 */
export async function signCertificateProof(statement: CertificateStatement, signer: Signer): Promise<string> {
  const [leaf] = signer.chain;
  if (leaf === undefined) throw new Error('a seal needs a certificate');
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(leaf));
  const header = { kid: Buffer.from(digest).toString('base64url'), typ: proofType };
  return compactJws(await signJws({ payload: canonicalJson(proofOf(statement)), header, signer }));
}

/** What the second code of a certificate with this statement says. */
export function proofOf(statement: CertificateStatement): CertificateProof {
  const { number, kind, school, successorOf, person, leftOn, issuedOn, verifyAt } = statement;
  return {
    v: 1,
    no: number,
    kind,
    school: school.code,
    ...(successorOf === undefined ? {} : { for: successorOf.code }),
    name: person.officialName,
    birth: person.birthDate,
    ...(leftOn === null ? {} : { left: leftOn }),
    issued: issuedOn,
    code: verifyAt.split('/').at(-1) ?? '',
  };
}
