import type { X509Certificate } from './certificate.ts';
import type { GeneralName } from './general-names.ts';
import { isHostName } from './host-name.ts';
import { attributesOf, isEmptyName } from './names.ts';
import { spendComparison, type Work } from './work.ts';

export type NameConstraintReason = 'name-not-permitted' | 'name-excluded' | 'name-constraint-unsupported';

/** RFC 5280 §6.1.3 (b), (c): every name of the certificate against the constraints of every authority above it. */
export function nameConstraintFault(
  certificate: X509Certificate,
  above: readonly X509Certificate[],
  work: Work,
): NameConstraintReason | null {
  const constraints = above.flatMap(({ extensions }) => extensions.nameConstraints ?? []);
  if (constraints.length === 0) return null;
  const names = constrainedNames(certificate);
  for (const { permitted, excluded } of constraints) {
    for (const name of names) {
      const fault = faultOf(name, { permitted, excluded }, work);
      if (fault !== null) return fault;
    }
  }
  return null;
}

/** A base that has no clear meaning refuses its certificate (docs/path-validation.md §4). */
export function malformedConstraint(base: GeneralName): boolean {
  switch (base.kind) {
    case 'dNSName':
      // "" stands for every name; a leading period or a wildcard is a mistake that readers understand differently.
      return base.text !== '' && !isHostName(base.text);
    case 'rfc822Name':
      return !isHostName(mailHost(base.text)) || !/^(?:[^@\s]+@)?[^@\s]+$/.test(base.text);
    case 'uri':
      return !isHostName(base.text.replace(/^\./, ''));
    case 'ipAddress':
      return !(base.bytes.length === 8 || base.bytes.length === 32) || !isContiguous(base.bytes);
    case 'directoryName':
    case 'otherName':
    case 'x400Address':
    case 'ediPartyName':
    case 'registeredId':
      return false;
  }
}

interface Subtrees {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

function constrainedNames(certificate: X509Certificate): GeneralName[] {
  const alternatives = certificate.extensions.subjectAltNames?.names ?? [];
  const subject: GeneralName[] = isEmptyName(certificate.subject)
    ? []
    : [{ kind: 'directoryName', name: certificate.subject }];
  // RFC 5280 §4.2.1.10: an address in the subject counts when the alternative names hold none.
  const mail = alternatives.some(({ kind }) => kind === 'rfc822Name')
    ? []
    : attributesOf(certificate.subject, '1.2.840.113549.1.9.1');
  return [...subject, ...alternatives, ...mail.map((text): GeneralName => ({ kind: 'rfc822Name', text }))];
}

function faultOf(name: GeneralName, { permitted, excluded }: Subtrees, work: Work): NameConstraintReason | null {
  const sameKind = (base: GeneralName) => {
    spendComparison(work);
    return base.kind === name.kind;
  };
  const allowing = permitted.filter(sameKind);
  const forbidding = excluded.filter(sameKind);
  if (allowing.length + forbidding.length === 0) return null;
  if (!isSupported(name)) return 'name-constraint-unsupported';
  if (forbidding.some((base) => mayLieWithin(name, base))) return 'name-excluded';
  return allowing.length === 0 || allowing.some((base) => liesWithin(name, base)) ? null : 'name-not-permitted';
}

function isSupported(name: GeneralName): boolean {
  switch (name.kind) {
    case 'directoryName':
    case 'dNSName':
    case 'rfc822Name':
    case 'ipAddress':
      return true;
    case 'uri':
      // RFC 5280 §4.2.1.10: a URI without a host name cannot be held against a constraint.
      return uriHost(name.text) !== null;
    case 'otherName':
    case 'x400Address':
    case 'ediPartyName':
    case 'registeredId':
      return false;
  }
}

/** As `liesWithin`, and also when only some of the hosts of a wildcard do (CVE-2025-61727) or the case of a mailbox differs. */
function mayLieWithin(name: GeneralName, base: GeneralName): boolean {
  if (liesWithin(name, base)) return true;
  if (name.kind === 'dNSName' && base.kind === 'dNSName') {
    return name.text.startsWith('*.') && `.${base.text.toLowerCase()}`.endsWith(name.text.slice(1).toLowerCase());
  }
  if (name.kind === 'rfc822Name' && base.kind === 'rfc822Name')
    return name.text.toLowerCase() === base.text.toLowerCase();
  return false;
}

function liesWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'directoryName' && base.kind === 'directoryName') {
    return base.name.keys.every((key, index) => key === name.name.keys[index]);
  }
  if (name.kind === 'dNSName' && base.kind === 'dNSName') {
    return base.text === '' || isWithinDomain(name.text.replace(/^\*\./, ''), base.text);
  }
  if (name.kind === 'rfc822Name' && base.kind === 'rfc822Name') return isMailWithin(name.text, base.text);
  if (name.kind === 'uri' && base.kind === 'uri') return isHostWithin(uriHost(name.text) ?? '', base.text);
  if (name.kind === 'ipAddress' && base.kind === 'ipAddress') return isAddressWithin(name.bytes, base.bytes);
  return false;
}

/** The domain itself or anything below it. */
function isWithinDomain(host: string, domain: string): boolean {
  return `.${host.toLowerCase()}`.endsWith(`.${domain.toLowerCase()}`);
}

/** RFC 5280 §4.2.1.10 for URIs and mail: ".example.jp" is everything below, "example.jp" that host alone. */
function isHostWithin(host: string, base: string): boolean {
  if (base.startsWith('.')) return host.length > base.length && host.toLowerCase().endsWith(base.toLowerCase());
  return host.toLowerCase() === base.toLowerCase();
}

function isMailWithin(address: string, base: string): boolean {
  const at = address.lastIndexOf('@');
  const host = address.slice(at + 1);
  if (!base.includes('@')) return isHostWithin(host, base);
  // RFC 5321 §2.4: the local part keeps its case.
  const mailbox = base.lastIndexOf('@');
  return address.slice(0, at) === base.slice(0, mailbox) && isHostWithin(host, base.slice(mailbox + 1));
}

function mailHost(base: string): string {
  return base.slice(base.lastIndexOf('@') + 1).replace(/^\./, '');
}

function uriHost(uri: string): string | null {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/.exec(uri)?.[1];
  if (authority === undefined) return null;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return isHostName(host) ? host : null;
}

function isAddressWithin(address: Uint8Array, base: Uint8Array): boolean {
  const half = base.length / 2;
  if (address.length !== half) return false;
  return address.every((byte, index) => (((base[index] ?? 0) ^ byte) & (base[half + index] ?? 0xff)) === 0);
}

function isContiguous(base: Uint8Array): boolean {
  const mask = Array.from(base.subarray(base.length / 2), (byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(mask);
}
