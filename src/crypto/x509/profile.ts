import type { SignatureAlgorithm } from './algorithms.ts';
import type { X509Certificate } from './certificate.ts';
import type { GeneralName } from './general-names.ts';
import { isHostName } from './host-name.ts';
import { malformedConstraint } from './name-constraints.ts';
import { isEmptyName, sameName } from './names.ts';

/** Rules of the strict mode that an anchor of somebody else may set aside, each by its name (docs/path-validation.md §1). */
export type Relaxation =
  | 'serial-not-positive'
  | 'serial-too-long'
  | 'time-form'
  | 'unique-identifier'
  | 'subject-key-identifier-missing'
  | 'authority-key-identifier-missing'
  | 'alternative-name-malformed'
  | 'basic-constraints-not-critical'
  | 'policy-constraints-not-critical'
  | 'inhibit-any-policy-not-critical'
  | 'leaf-is-authority'
  | 'crl-number';

export type ProfileReason =
  | Exclude<Relaxation, 'leaf-is-authority' | 'crl-number'>
  | 'issuer-empty'
  | 'subject-empty'
  | 'unknown-critical-extension'
  | 'extension-must-not-be-critical'
  | 'name-constraints-not-critical'
  | 'name-constraints-misplaced'
  | 'name-constraints-malformed'
  | 'extended-key-usage-empty'
  | 'policy-mapping-any';

/** What a trust anchor says about the certificates under it. */
export interface AnchorRules {
  readonly certificate: X509Certificate;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly relax?: readonly Relaxation[];
}

/** Whether issuer and subject are the same name (RFC 5280 §3.2). */
export function isSelfIssued(certificate: X509Certificate): boolean {
  return sameName(certificate.issuer, certificate.subject);
}

export function isAuthority(certificate: X509Certificate): boolean {
  return certificate.extensions.basicConstraints?.ca === true;
}

/** The rules of docs/path-validation.md §2 that one certificate breaks by itself, wherever it stands in a path. */
export function profileFaults(certificate: X509Certificate): ProfileReason[] {
  return [
    ...serialFaults(certificate),
    ...nameFaults(certificate),
    ...timeFaults(certificate),
    ...criticalityFaults(certificate),
    ...keyIdentifierFaults(certificate),
    ...constraintFaults(certificate),
  ];
}

function serialFaults({ serial }: X509Certificate): ProfileReason[] {
  const negative = Number.parseInt(serial.slice(0, 2), 16) >= 0x80;
  const faults: ProfileReason[] = [];
  if (negative || serial === '00') faults.push('serial-not-positive');
  // RFC 5280 §4.1.2.2: 20 octets; a leading 00 is one of them.
  if (serial.length > 40) faults.push('serial-too-long');
  return faults;
}

function nameFaults(certificate: X509Certificate): ProfileReason[] {
  const faults: ProfileReason[] = [];
  const alternatives = certificate.extensions.subjectAltNames;
  if (isEmptyName(certificate.issuer)) faults.push('issuer-empty');
  // RFC 5280 §4.1.2.6: an authority has a subject; without one the alternative names are critical.
  const named = alternatives?.critical === true && !isAuthority(certificate);
  if (isEmptyName(certificate.subject) && !named) faults.push('subject-empty');
  if (alternatives?.names.some(isMalformed)) faults.push('alternative-name-malformed');
  if (certificate.uniqueIdentifiers > 0) faults.push('unique-identifier');
  return faults;
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
function timeFaults({ notBefore, notAfter, timeForms }: X509Certificate): ProfileReason[] {
  const proper = (date: Date, form: string) => (form === 'utc') === date.getUTCFullYear() <= 2049;
  return proper(notBefore, timeForms.notBefore) && proper(notAfter, timeForms.notAfter) ? [] : ['time-form'];
}

function criticalityFaults({ extensions }: X509Certificate): ProfileReason[] {
  const faults: ProfileReason[] = [];
  const { subjectKeyIdentifier, authorityKeyIdentifier, authorityInformation, freshestCrl, ocspNoCheck } = extensions;
  const never = [subjectKeyIdentifier, authorityKeyIdentifier, authorityInformation, freshestCrl, ocspNoCheck];
  if (extensions.unknownCritical.length > 0) faults.push('unknown-critical-extension');
  if (never.some((extension) => extension?.critical)) faults.push('extension-must-not-be-critical');
  if (extensions.policyConstraints?.critical === false) faults.push('policy-constraints-not-critical');
  if (extensions.inhibitAnyPolicy?.critical === false) faults.push('inhibit-any-policy-not-critical');
  if (extensions.basicConstraints?.ca && !extensions.basicConstraints.critical) {
    faults.push('basic-constraints-not-critical');
  }
  return faults;
}

function keyIdentifierFaults(certificate: X509Certificate): ProfileReason[] {
  const { subjectKeyIdentifier, authorityKeyIdentifier } = certificate.extensions;
  const faults: ProfileReason[] = [];
  if (isAuthority(certificate) && subjectKeyIdentifier === undefined) faults.push('subject-key-identifier-missing');
  // RFC 5280 §4.2.1.1: only a self-signed certificate may do without; self-issued is what can be seen here.
  const required = !(isSelfIssued(certificate) && isAuthority(certificate));
  if (required && !authorityKeyIdentifier?.keyIdentifier) faults.push('authority-key-identifier-missing');
  return faults;
}

function constraintFaults(certificate: X509Certificate): ProfileReason[] {
  const { nameConstraints, extendedKeyUsage, policyMappings } = certificate.extensions;
  const faults: ProfileReason[] = [];
  if (extendedKeyUsage?.purposes.length === 0) faults.push('extended-key-usage-empty');
  // RFC 5280 §6.1.4 (a)
  const mapped = policyMappings?.mappings.flatMap(({ issuerPolicy, subjectPolicy }) => [issuerPolicy, subjectPolicy]);
  if (mapped?.includes('2.5.29.32.0')) faults.push('policy-mapping-any');
  if (nameConstraints === undefined) return faults;
  const bases = [...nameConstraints.permitted, ...nameConstraints.excluded];
  if (!nameConstraints.critical) faults.push('name-constraints-not-critical');
  if (!isAuthority(certificate)) faults.push('name-constraints-misplaced');
  if (bases.length === 0 || bases.some(malformedConstraint)) faults.push('name-constraints-malformed');
  return faults;
}

function isMalformed(name: GeneralName): boolean {
  switch (name.kind) {
    case 'dNSName':
      return !isHostName(name.text.startsWith('*.') ? name.text.slice(2) : name.text);
    case 'rfc822Name':
      return !/^[^@\s]+@[^@\s]+$/.test(name.text);
    case 'uri':
      // RFC 5280 §4.2.1.6: absolute, with a scheme and something after it.
      return !/^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/.test(name.text);
    case 'ipAddress':
      return name.bytes.length !== 4 && name.bytes.length !== 16;
    case 'directoryName':
      return isEmptyName(name.name);
    case 'otherName':
    case 'x400Address':
    case 'ediPartyName':
    case 'registeredId':
      return false;
  }
}
