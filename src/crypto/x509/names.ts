import type { DerValue } from '../der.ts';
import { endOf, membersOf, nextDer, nextOf, oidOf, openDer, TAG, textOf } from '../der-reader.ts';
import { hexOf } from './hex.ts';
import { X509Error } from './reasons.ts';

export interface NameAttribute {
  /** OID of the attribute type. */
  readonly type: string;
  readonly value: string;
}

/** A Name of X.501. `keys` has one comparable text per RDN: equal keys mean equal names by RFC 5280 §7.1. */
export interface DistinguishedName {
  readonly der: Uint8Array;
  readonly rdns: readonly (readonly NameAttribute[])[];
  readonly keys: readonly string[];
}

/** The name as RFC 4514 writes it (last RDN first), in UTF-8, control characters escaped: fit for a page or a log line. */
export function nameText(name: DistinguishedName): string {
  const rdns = name.rdns.map((rdn) =>
    rdn.map(({ type, value }) => `${SHORT_NAMES[type] ?? type}=${escapeValue(value)}`).join('+'),
  );
  return rdns.reverse().join(',');
}

/** RFC 5280 §7.1: case, string type and inner spaces do not matter; octets that are equal are equal names too. */
export function sameName(left: DistinguishedName, right: DistinguishedName): boolean {
  return left.keys.length === right.keys.length && left.keys.every((key, index) => key === right.keys[index]);
}

/** One text for indexing by name. */
export function nameKey(name: Pick<DistinguishedName, 'keys'>): string {
  return JSON.stringify(name.keys);
}

export function isEmptyName(name: DistinguishedName): boolean {
  return name.rdns.length === 0;
}

/** Every value of an attribute type, in order. */
export function attributesOf(name: DistinguishedName, type: string): string[] {
  return name.rdns.flat().flatMap((attribute) => (attribute.type === type ? [attribute.value] : []));
}

export function readName(value: DerValue): DistinguishedName {
  const sets = membersOf(value);
  const read = sets.map((set) => membersOf(set, TAG.set).map(readAttribute));
  if (read.some((rdn) => rdn.length === 0)) throw new X509Error('certificate.name');
  return { der: value.bytes, rdns: read.map((rdn) => rdn.map(({ attribute }) => attribute)), keys: read.map(rdnKey) };
}

/** Also used for nameRelativeToCRLIssuer, which is a bare RDN. */
export function readRdn(members: readonly DerValue[]): { rdn: readonly NameAttribute[]; key: string } {
  const read = members.map(readAttribute);
  return { rdn: read.map(({ attribute }) => attribute), key: rdnKey(read) };
}

interface ReadAttribute {
  readonly attribute: NameAttribute;
  readonly key: string;
}

function readAttribute(value: DerValue): ReadAttribute {
  const cursor = openDer(value);
  const type = oidOf(nextOf(cursor, TAG.oid));
  const encoded = nextDer(cursor);
  endOf(cursor);
  const text = textOf(encoded);
  // RFC 4514 §2.4: a value that is no text is shown as # and its DER.
  if (text === null)
    return { attribute: { type, value: `#${hexOf(encoded.bytes)}` }, key: `${type}#${hexOf(encoded.bytes)}` };
  return { attribute: { type, value: text }, key: `${type}=${normalised(text)}` };
}

/** RFC 4518: compatibility form, case folded, spaces trimmed and run together. */
function normalised(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  return folded.replaceAll(/\s+/gu, ' ').trim();
}

function rdnKey(rdn: readonly ReadAttribute[]): string {
  return JSON.stringify(rdn.map(({ key }) => key).sort());
}

function escapeValue(value: string): string {
  const escaped = value.replaceAll(/[\\",+;<>]/g, String.raw`\$&`).replace(/^[ #]/, String.raw`\$&`);
  const closed = escaped.replace(/(?<!^) $/, String.raw`\ `);
  return closed.replaceAll(/[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}]/gu, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

const SHORT_NAMES: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};
