import { signCompactJwt } from '../jose.ts';
import { toBase64 } from '../jose-encoding.ts';
import { type RandomBytes, systemRandom } from '../random.ts';
import type { Signer } from '../signer.ts';
import type { StatusReference } from '../status-list/reference.ts';
import type { JsonObject } from '../strict-json.ts';
import { issuerNamesOf } from '../x5c.ts';
import { parseX509Certificate } from '../x509/certificate.ts';
import { joinSdJwt } from './format.ts';
import { type DisclosureFrame, everyField, packClaims } from './pack.ts';
import { credentialType, undisclosable } from './rules.ts';

export interface CredentialToIssue {
  /** `iss`: an address that the certificate speaks for (URI among its alternative names). */
  readonly issuer: string;
  /** `vct`, and the hash of the page that describes it (`sha256-…`, Subresource Integrity). */
  readonly type: string;
  readonly typeIntegrity?: string;
  readonly issuedAt: Date;
  readonly notBefore?: Date;
  /** Not after the certificate's end, or the credential outlives its own proof. */
  readonly expiresAt?: Date;
  /** Public P-256 key of the holder (`cnf`); null for a credential that whoever has it may show. */
  readonly holder: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string } | null;
  readonly status: StatusReference | null;
  /** Claims that can never be withheld: school code, kind of document. */
  readonly open: JsonObject;
  readonly fields: JsonObject;
  /** Frame of `fields`; every field by itself unless given. */
  readonly frame?: DisclosureFrame;
  /** The school's seal: ES256 with its chain. */
  readonly signer: Signer;
  readonly random?: RandomBytes;
}

/**
 * Issues an SD-JWT VC (RFC 9901, draft-ietf-oauth-sd-jwt-vc): header exactly `{alg: ES256, typ: dc+sd-jwt, x5c}`.
 *
 * @returns the SD-JWT with all its disclosures; it ends with `~`
 * @throws TypeError when certificate, names or frame do not fit: a bug of the caller, nothing that a reader could cause
 */
export async function issueCredential(input: CredentialToIssue): Promise<string> {
  const { fields, open, signer } = input;
  requireSigner(input);
  const registered = registeredClaims(input);
  const names = [...Object.keys(registered), ...Object.keys(open), ...Object.keys(fields)];
  if (new Set(names).size !== names.length) throw new TypeError('a claim is given twice');
  if (names.slice(Object.keys(registered).length).some((name) => undisclosable.includes(name))) {
    throw new TypeError('a registered claim has a place of its own');
  }
  const packed = packClaims({
    claims: { ...registered, ...open, ...fields },
    frame: input.frame ?? everyField(fields),
    random: input.random ?? systemRandom,
  });
  const header = { typ: credentialType, x5c: signer.chain.map(toBase64) };
  return joinSdJwt(await signCompactJwt({ claims: packed.payload, header, signer }), packed.disclosures);
}

function registeredClaims(input: CredentialToIssue): JsonObject {
  return {
    iss: input.issuer,
    vct: input.type,
    ...(input.typeIntegrity === undefined ? {} : { 'vct#integrity': input.typeIntegrity }),
    iat: toSeconds(input.issuedAt),
    ...(input.notBefore === undefined ? {} : { nbf: toSeconds(input.notBefore) }),
    ...(input.expiresAt === undefined ? {} : { exp: toSeconds(input.expiresAt) }),
    ...(input.holder === null ? {} : { cnf: { jwk: { ...input.holder } } }),
    ...(input.status === null ? {} : { status: { status_list: { idx: input.status.index, uri: input.status.uri } } }),
  };
}

function requireSigner({ signer, issuer, open, frame }: CredentialToIssue): void {
  if (signer.algorithm !== 'ES256') throw new TypeError('credentials are signed with ES256');
  const [leaf] = signer.chain;
  const certificate = leaf === undefined ? null : parseX509Certificate(leaf);
  if (!certificate?.ok || !issuerNamesOf(certificate.value).includes(issuer)) {
    throw new TypeError('the certificate does not speak for this issuer');
  }
  const hidden = [...(frame?.disclosable ?? []), ...Object.keys(frame?.within ?? {})].map(String);
  if (hidden.some((name) => undisclosable.includes(name) || name in open)) {
    throw new TypeError('an open claim cannot be withheld');
  }
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
