import { z } from 'zod';
import { canonicalJson } from '../crypto/jcs.ts';
import type { FlattenedJws } from '../crypto/jose.ts';
import { sealJws } from '../crypto/sealed-jws.ts';
import type { Signer } from '../crypto/signer.ts';
import { assuranceLevels } from '../policy/actor.ts';
import { certificateKinds } from './certificate-kinds.ts';

/** docs/formats.md, Consent. */
export const consentType = 'hikitsugi-consent+jws';
export const consentVersion = 'hikitsugi-consent/2';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();

/** Class-2 consent: who agreed, by which log-in, to exactly what, and which words they were shown. */
export const consentStatement = z.strictObject({
  version: z.literal(consentVersion),
  /** Number of the request that it belongs to. */
  request: z.string().min(1).max(100),
  /** {@link personCommitment} and {@link pupilCommitment}: whoever has the file learns nothing of who it is. */
  person: digest,
  pupil: digest,
  relation: z.enum(['self', 'guardian']),
  /** Who is to certify. */
  school: z.string(),
  /** The closed school that was attended, where another answers for it. */
  formerSchool: z.string().optional(),
  kind: z.enum(certificateKinds),
  /** What a certificate of this kind says of somebody. */
  fields: z.array(z.string()).min(1),
  language: z.enum(['ja', 'en']),
  copies: z.int().min(1),
  purpose: z.string(),
  /** Of one copy. */
  feeYen: z.int(),
  /** Id of the certificate whose place it takes; null for most. */
  replaces: z.string().nullable(),
  /** The words beside the box that was ticked; null where a program of the person's own asked and showed its own. */
  text: z
    .strictObject({ language: z.enum(['ja', 'en']), shown: z.string().min(1).max(2000), sha256: digest })
    .nullable(),
  assurance: z.enum(assuranceLevels),
  loggedInAt: instant,
  consentedAt: instant,
});
export type ConsentStatement = z.infer<typeof consentStatement>;

/**
 * Signs what a person agreed to. The gateway signs, not the person (docs/adr/0040): it proves what this gateway was told, by
 * which log-in, and that nobody has changed it since.
 */
export async function signConsent(statement: ConsentStatement, signer: Signer): Promise<FlattenedJws> {
  const sealed = await sealJws({
    payload: canonicalJson(statement),
    typ: consentType,
    signer,
    timestamps: null,
    iat: new Date(statement.consentedAt),
  });
  if (!sealed.ok) throw new Error('a seal without time stamp cannot be refused one');
  return sealed.value;
}

/** The id of a person is random, so nobody finds it by trying; another request commits to it in other digits. */
export async function personCommitment(of: { readonly request: string; readonly person: string }): Promise<string> {
  return hexDigest(canonicalJson({ request: of.request, person: of.person }));
}

/** The same of the pupil, under the person's id: that of a pupil may be a number that can be guessed. */
export async function pupilCommitment(of: {
  readonly request: string;
  readonly person: string;
  readonly pupil: string;
}): Promise<string> {
  return hexDigest(canonicalJson({ request: of.request, person: of.person, pupil: of.pupil }));
}

/** SHA-256 of the UTF-8 bytes of the words shown, lower-case hexadecimal. */
export async function textDigest(text: string): Promise<string> {
  return hexDigest(new TextEncoder().encode(text));
}

/** Of the signed object as it is handed out, for the log. */
export async function consentDigest(jws: FlattenedJws): Promise<string> {
  return hexDigest(canonicalJson(jws));
}

async function hexDigest(bytes: Uint8Array): Promise<string> {
  const hashed = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return [...new Uint8Array(hashed)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
