import { ok, type Result, refuse } from '../../result.ts';
import { DerError, scanDer } from '../der.ts';
import { TAG, textOf } from '../der-reader.ts';
import type { X509Certificate } from './certificate.ts';
import { jpkiKind } from './jpki.ts';

/** Text of a certificate, in which characters that it could not carry were replaced by others. */
export interface SubstitutedText {
  /** Exact code points, as they stand in the certificate. */
  readonly text: string;
  /** Places (in code points) whose character stands for another one; null when the certificate does not say. */
  readonly substituted: readonly number[] | null;
}

/** Whom a 署名用電子証明書 names. It is the register's word of the day of issue; a move or a marriage revokes it. */
export interface JpkiHolder {
  readonly name: SubstitutedText;
  /** The name between its ideographic spaces (U+3000): family and given name, or as many as there are. */
  readonly nameParts: readonly string[];
  readonly sex: 'male' | 'female' | 'unknown';
  /** `YYYY-MM-DD`; null when the register does not know the whole day. */
  readonly birthDate: string | null;
  readonly address: SubstitutedText;
}

export type JpkiHolderReason = 'not-a-signature-certificate' | 'holder-missing' | 'holder-malformed';

/**
 * Reads the holder of a signature certificate (J-LIS profile: subjectAltName, otherName 1.2.392.200149.8.5.5.x, in any order).
 * Never for a log-in, where such a certificate is refused; and to be believed only after `verifyPath`.
 */
export function jpkiHolder(certificate: X509Certificate): Result<JpkiHolder, JpkiHolderReason> {
  if (jpkiKind(certificate) !== 'signature') return refuse('not-a-signature-certificate');
  const values = otherNamesOf(certificate);
  if (values === null) return refuse('holder-malformed');
  const [name, address] = [values.get(FIELD.name), values.get(FIELD.address)];
  const [sex, birthDate] = [values.get(FIELD.sex), values.get(FIELD.birthDate)];
  if (name === undefined || address === undefined || sex === undefined || birthDate === undefined) {
    return refuse('holder-missing');
  }
  const readName = withSubstitutes(name, values.get(FIELD.nameSubstitutes));
  const readAddress = withSubstitutes(address, values.get(FIELD.addressSubstitutes));
  // The era digit repeats what the Gregorian date says.
  if (readName === null || readAddress === null || !/^[0-9]{9}$/.test(birthDate)) return refuse('holder-malformed');
  return ok({
    name: readName,
    nameParts: name.split('\u3000').filter((part) => part !== ''),
    sex: sex === '1' ? 'male' : sex === '2' ? 'female' : 'unknown',
    birthDate: wholeDay(birthDate.slice(1)),
    address: readAddress,
  });
}

/** The text with each substituted character replaced by 〓, for people who compare it with a register. */
export function markSubstitutes({ text, substituted }: SubstitutedText): string {
  return Array.from(text)
    .map((character, place) => (substituted?.includes(place) ? '〓' : character))
    .join('');
}

const ARC = '1.2.392.200149.8.5.5.';
const FIELD = { name: 1, nameSubstitutes: 2, sex: 3, birthDate: 4, address: 5, addressSubstitutes: 6 } as const;

/** By the last arc; null when one comes twice or is no UTF-8 text. */
function otherNamesOf({ extensions }: X509Certificate): ReadonlyMap<number, string> | null {
  const values = new Map<number, string>();
  for (const name of extensions.subjectAltNames?.names ?? []) {
    if (name.kind !== 'otherName' || !name.oid.startsWith(ARC)) continue;
    const field = Number(name.oid.slice(ARC.length));
    const text = utf8Of(name.bytes);
    if (text === null || values.has(field)) return null;
    values.set(field, text);
  }
  return values;
}

function utf8Of(der: Uint8Array): string | null {
  try {
    const value = scanDer(der);
    return value.tag === TAG.utf8String ? textOf(value) : null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** One digit per character, 0 where the character is the register's own. */
function withSubstitutes(text: string, flags: string | undefined): SubstitutedText | null {
  if (flags === undefined) return { text, substituted: null };
  const digits = Array.from(flags);
  if (digits.length !== Array.from(text).length || digits.some((digit) => !/^[0-9]$/.test(digit))) return null;
  return { text, substituted: digits.flatMap((digit, place) => (digit === '0' ? [] : [place])) };
}

function wholeDay(digits: string): string | null {
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? iso : null;
}
