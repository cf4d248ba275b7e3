import { DerError, type DerValue } from '../der.ts';
import { asciiOf, endOf, innerDer, membersOf, nextOf, oidOf, openDer, TAG } from '../der-reader.ts';
import { hexOf } from './hex.ts';
import { type DistinguishedName, nameKey, readName } from './names.ts';

/** RFC 5280 §4.2.1.6. `bytes` of an otherName is the DER of its value; of x400Address and ediPartyName the whole field. */
export type GeneralName =
  | { readonly kind: 'otherName'; readonly oid: string; readonly bytes: Uint8Array }
  | { readonly kind: 'rfc822Name' | 'dNSName' | 'uri'; readonly text: string }
  | { readonly kind: 'x400Address' | 'ediPartyName' | 'ipAddress'; readonly bytes: Uint8Array }
  | { readonly kind: 'directoryName'; readonly name: DistinguishedName }
  | { readonly kind: 'registeredId'; readonly oid: string };

export function readGeneralNames(value: DerValue, tag: number = TAG.sequence): GeneralName[] {
  const names = membersOf(value, tag).map(readGeneralName);
  // SIZE (1..MAX)
  if (names.length === 0) throw new DerError('der.structure');
  return names;
}

export function readGeneralName(value: DerValue): GeneralName {
  switch (value.tag) {
    case 0xa0:
      return readOtherName(value);
    case 0x81:
      return { kind: 'rfc822Name', text: asciiOf(value) };
    case 0x82:
      return { kind: 'dNSName', text: asciiOf(value) };
    case 0xa3:
      return { kind: 'x400Address', bytes: value.bytes };
    case 0xa4:
      return { kind: 'directoryName', name: readName(innerDer(value)) };
    case 0xa5:
      return { kind: 'ediPartyName', bytes: value.bytes };
    case 0x86:
      return { kind: 'uri', text: asciiOf(value) };
    case 0x87:
      return { kind: 'ipAddress', bytes: value.content };
    case 0x88:
      return { kind: 'registeredId', oid: oidOf(value, 0x88) };
    default:
      throw new DerError('der.structure');
  }
}

/** Equal exactly when the names are equal (directory names by RFC 5280 §7.1, URIs octet by octet). */
export function generalNameKey(name: GeneralName): string {
  switch (name.kind) {
    case 'directoryName':
      return `directoryName ${nameKey(name.name)}`;
    case 'rfc822Name':
    case 'dNSName':
    case 'uri':
      return `${name.kind} ${name.text}`;
    case 'registeredId':
      return `registeredId ${name.oid}`;
    case 'otherName':
      return `otherName ${name.oid} ${hexOf(name.bytes)}`;
    case 'x400Address':
    case 'ediPartyName':
    case 'ipAddress':
      return `${name.kind} ${hexOf(name.bytes)}`;
  }
}

function readOtherName(value: DerValue): GeneralName {
  const cursor = openDer(value, 0xa0);
  const oid = oidOf(nextOf(cursor, TAG.oid));
  const inner = innerDer(nextOf(cursor, 0xa0));
  endOf(cursor);
  return { kind: 'otherName', oid, bytes: inner.bytes };
}
