import { createHash } from 'node:crypto';
import { bits, hex, integer, octets, oid, sequence, tlv, utf8 } from './der-writer.ts';
import { dn, encodeExtension, signed, type TestExtension, type TestKey, type TestName } from './make.ts';

export const OCSP = { nonce: '1.3.6.1.5.5.7.48.1.2', signing: '1.3.6.1.5.5.7.3.9', noCheck: '1.3.6.1.5.5.7.48.1.5' };

export interface OcspRecipe {
  /** Issuer of the certificate asked about; signs unless `signer` is given. */
  readonly issuer: TestName;
  /** Content octets. */
  readonly serial: Uint8Array;
  readonly signer?: TestKey;
  readonly hash?: 'sha1' | 'sha256';
  readonly responder?: Uint8Array;
  readonly status?: 'good' | 'unknown' | { readonly revokedAt: Date; readonly reason?: number };
  readonly producedAt?: Date;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly nonce?: Uint8Array;
  readonly extensions?: readonly TestExtension[];
  readonly singleExtensions?: readonly TestExtension[];
  readonly certificates?: readonly Uint8Array[];
  /** Answers beside the one about the certificate. */
  readonly others?: readonly Uint8Array[];
}

/** A good OCSPResponse of 15 June 2026, 11:55 to 12:55, but for what the recipe changes. */
export async function makeOcsp(recipe: OcspRecipe): Promise<Uint8Array> {
  const nonce = recipe.nonce === undefined ? [] : [{ oid: OCSP.nonce, value: octets(recipe.nonce) }];
  const extensions = [...nonce, ...(recipe.extensions ?? [])];
  const tbs = sequence(
    recipe.responder ?? byName(recipe.issuer.name),
    generalized(recipe.producedAt ?? new Date('2026-06-15T11:55:00Z')),
    sequence(...(recipe.others ?? []), makeSingle(recipe)),
    ...(extensions.length === 0 ? [] : [tlv(0xa1, sequence(...extensions.map(encodeExtension)))]),
  );
  const whole = await signed(tbs, recipe.signer ?? recipe.issuer.key);
  const { certificates } = recipe;
  const basic = certificates === undefined ? whole : withCertificates(whole, certificates);
  return successful(basic);
}

export function makeSingle(recipe: OcspRecipe): Uint8Array {
  const nextUpdate = recipe.nextUpdate === undefined ? new Date('2026-06-15T12:55:00Z') : recipe.nextUpdate;
  const { singleExtensions } = recipe;
  return sequence(
    certId(recipe),
    certStatus(recipe.status ?? 'good'),
    generalized(recipe.thisUpdate ?? new Date('2026-06-15T11:55:00Z')),
    ...(nextUpdate === null ? [] : [tlv(0xa0, generalized(nextUpdate))]),
    ...(singleExtensions === undefined ? [] : [tlv(0xa1, sequence(...singleExtensions.map(encodeExtension)))]),
  );
}

export function successful(basic: Uint8Array): Uint8Array {
  return sequence(hex('0a0100'), tlv(0xa0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))));
}

export function byName(name: string): Uint8Array {
  return tlv(0xa1, dn(name));
}

export function byKey(key: TestKey): Uint8Array {
  return tlv(0xa2, octets(createHash('sha1').update(keyBits(key)).digest()));
}

function certId({ issuer, serial, hash = 'sha256' }: OcspRecipe): Uint8Array {
  const digest = (bytes: Uint8Array) => octets(createHash(hash).update(bytes).digest());
  const algorithm = hash === 'sha1' ? '1.3.14.3.2.26' : '2.16.840.1.101.3.4.2.1';
  return sequence(
    sequence(oid(algorithm), hex('0500')),
    digest(dn(issuer.name)),
    digest(keyBits(issuer.key)),
    tlv(0x02, serial),
  );
}

function certStatus(status: NonNullable<OcspRecipe['status']>): Uint8Array {
  if (status === 'good') return hex('8000');
  if (status === 'unknown') return hex('8200');
  const reason = status.reason === undefined ? [] : [tlv(0xa0, tlv(0x0a, integer(status.reason).subarray(2)))];
  return tlv(0xa1, generalized(status.revokedAt), ...reason);
}

function generalized(date: Date): Uint8Array {
  return utf8(date.toISOString().replaceAll(/[-:T]|\.\d+/g, ''), 0x18);
}

/** An uncompressed P-256 point is the end of its SubjectPublicKeyInfo. */
function keyBits({ spki }: TestKey): Uint8Array {
  return spki.subarray(spki.length - 65);
}

/** Takes the three parts of a signed structure, which are all shorter than 64 KiB, and adds the certificates. */
function withCertificates(whole: Uint8Array, certificates: readonly Uint8Array[]): Uint8Array {
  const header = (whole[1] ?? 0) < 0x80 ? 2 : 2 + ((whole[1] ?? 0) & 0x7f);
  return sequence(whole.subarray(header), tlv(0xa0, sequence(...certificates)));
}

/** A basic response whose signature is of an algorithm that nobody accepts. */
export async function withAlgorithm(recipe: OcspRecipe, algorithm: Uint8Array): Promise<Uint8Array> {
  const tbs = sequence(
    byName(recipe.issuer.name),
    generalized(new Date('2026-06-15T11:55:00Z')),
    sequence(makeSingle(recipe)),
  );
  return successful(sequence(tbs, algorithm, bits(new Uint8Array(64))));
}
