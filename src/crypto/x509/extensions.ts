import { DerError, type DerValue, scanDer } from '../der.ts';
import {
  asciiOf,
  booleanOf,
  countOf,
  endOf,
  membersOf,
  namedBitsOf,
  nextIf,
  nextOf,
  octetsOf,
  oidOf,
  openDer,
  TAG,
} from '../der-reader.ts';
import { readDistributionPoints } from './distribution-points.ts';
import { type Extensions, KEY_USAGE_BITS } from './extension-types.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-names.ts';
import { hexOf } from './hex.ts';
import { X509Error } from './reasons.ts';

export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** The SEQUENCE OF Extension of a certificate, a CRL, a CRL entry or an OCSP answer; the same OID twice is refused (RFC 5280 §4.2). */
export function readRawExtensions(value: DerValue, duplicate: 'certificate' | 'crl' | 'ocsp'): RawExtension[] {
  const raw = membersOf(value).map(readRawExtension);
  if (raw.length === 0) throw new DerError('der.structure');
  if (new Set(raw.map(({ oid }) => oid)).size !== raw.length) throw new X509Error(`${duplicate}.extension-duplicate`);
  return raw;
}

/** Types every extension that path validation processes. One that is known and malformed refuses the certificate. */
export function typeExtensions(raw: readonly RawExtension[]): Extensions {
  const unknownCritical = raw.filter(({ oid, critical }) => critical && !READERS.has(oid)).map(({ oid }) => oid);
  const present = raw.map(({ oid, critical }) => ({ oid, critical }));
  return Object.assign({ unknownCritical, present }, ...raw.map(typeExtension)) as Extensions; // every reader returns Typed
}

type Typed = Partial<Extensions>;
type ExtensionReader = (value: DerValue, critical: boolean) => Typed;

function readRawExtension(value: DerValue): RawExtension {
  const cursor = openDer(value);
  const oid = oidOf(nextOf(cursor, TAG.oid));
  const flag = nextIf(cursor, TAG.boolean);
  const extnValue = octetsOf(nextOf(cursor, TAG.octetString));
  endOf(cursor);
  // X.690 §11.5: a DEFAULT value is not written, so a boolean here is TRUE.
  if (flag !== null && !booleanOf(flag)) throw new DerError('der.structure');
  return { oid, critical: flag !== null, value: extnValue };
}

function typeExtension({ oid, critical, value }: RawExtension): Typed {
  const read = READERS.get(oid);
  if (read === undefined) return {};
  try {
    return read(scanDer(value), critical);
  } catch (error) {
    if (error instanceof DerError) throw new X509Error('certificate.extension-malformed');
    throw error;
  }
}

const READERS: ReadonlyMap<string, ExtensionReader> = new Map<string, ExtensionReader>([
  ['2.5.29.14', (value, critical) => ({ subjectKeyIdentifier: { critical, keyIdentifier: octetsOf(value) } })],
  ['2.5.29.15', readKeyUsage],
  ['2.5.29.17', (value, critical) => ({ subjectAltNames: { critical, names: readGeneralNames(value) } })],
  ['2.5.29.18', (value, critical) => ({ issuerAltNames: { critical, names: readGeneralNames(value) } })],
  ['2.5.29.19', readBasicConstraints],
  ['2.5.29.30', readNameConstraints],
  ['2.5.29.31', (value, critical) => ({ crlDistributionPoints: { critical, points: readDistributionPoints(value) } })],
  ['2.5.29.32', readPolicies],
  ['2.5.29.33', readPolicyMappings],
  ['2.5.29.35', readAuthorityKeyIdentifier],
  ['2.5.29.36', readPolicyConstraints],
  ['2.5.29.37', readExtendedKeyUsage],
  ['2.5.29.46', (value, critical) => ({ freshestCrl: { critical, points: readDistributionPoints(value) } })],
  ['2.5.29.54', (value, critical) => ({ inhibitAnyPolicy: { critical, skip: countOf(value) } })],
  ['1.3.6.1.5.5.7.1.1', readAuthorityInformation],
  ['1.3.6.1.5.5.7.48.1.5', readOcspNoCheck],
]);

function readKeyUsage(value: DerValue, critical: boolean): Typed {
  const numbers = namedBitsOf(value);
  const bits = KEY_USAGE_BITS.filter((_, number) => numbers.includes(number));
  // RFC 5280 §4.2.1.3: at least one bit; bits that nobody defined are refused.
  if (numbers.length === 0 || bits.length !== numbers.length) throw new DerError('der.structure');
  return { keyUsage: { critical, bits } };
}

function readExtendedKeyUsage(value: DerValue, critical: boolean): Typed {
  return { extendedKeyUsage: { critical, purposes: membersOf(value).map((purpose) => oidOf(purpose)) } };
}

function readBasicConstraints(value: DerValue, critical: boolean): Typed {
  const cursor = openDer(value);
  const flag = nextIf(cursor, TAG.boolean);
  const length = nextIf(cursor, TAG.integer);
  endOf(cursor);
  const ca = flag !== null && booleanOf(flag);
  // RFC 5280 §4.2.1.9: pathLenConstraint has no meaning, and no place, without cA.
  if ((flag !== null && !ca) || (length !== null && !ca)) throw new DerError('der.structure');
  return { basicConstraints: { critical, ca, pathLength: length === null ? null : countOf(length) } };
}

function readAuthorityKeyIdentifier(value: DerValue, critical: boolean): Typed {
  const cursor = openDer(value);
  const key = nextIf(cursor, 0x80);
  const issuer = nextIf(cursor, 0xa1);
  const serial = nextIf(cursor, 0x82);
  endOf(cursor);
  return {
    authorityKeyIdentifier: {
      critical,
      keyIdentifier: key?.content ?? null,
      issuer: issuer === null ? null : readGeneralNames(issuer, 0xa1),
      serial: serial === null ? null : hexOf(serial.content),
    },
  };
}

function readPolicies(value: DerValue, critical: boolean): Typed {
  // Qualifiers are for display only (RFC 5280 §4.2.1.4) and are not read.
  const oids = membersOf(value).map((policy) => oidOf(nextOf(openDer(policy), TAG.oid)));
  if (oids.length === 0 || new Set(oids).size !== oids.length) throw new DerError('der.structure');
  return { policies: { critical, oids } };
}

function readPolicyMappings(value: DerValue, critical: boolean): Typed {
  const mappings = membersOf(value).map((mapping) => {
    const cursor = openDer(mapping);
    const issuerPolicy = oidOf(nextOf(cursor, TAG.oid));
    const subjectPolicy = oidOf(nextOf(cursor, TAG.oid));
    endOf(cursor);
    return { issuerPolicy, subjectPolicy };
  });
  if (mappings.length === 0) throw new DerError('der.structure');
  return { policyMappings: { critical, mappings } };
}

function readPolicyConstraints(value: DerValue, critical: boolean): Typed {
  const cursor = openDer(value);
  const explicit = nextIf(cursor, 0x80);
  const inhibit = nextIf(cursor, 0x81);
  endOf(cursor);
  if (explicit === null && inhibit === null) throw new DerError('der.structure');
  return {
    policyConstraints: {
      critical,
      requireExplicitPolicy: explicit === null ? null : countOf(explicit, 0x80),
      inhibitPolicyMapping: inhibit === null ? null : countOf(inhibit, 0x81),
    },
  };
}

function readNameConstraints(value: DerValue, critical: boolean): Typed {
  const cursor = openDer(value);
  const permitted = nextIf(cursor, 0xa0);
  const excluded = nextIf(cursor, 0xa1);
  endOf(cursor);
  return {
    nameConstraints: {
      critical,
      permitted: permitted === null ? [] : readSubtrees(permitted, 0xa0),
      excluded: excluded === null ? [] : readSubtrees(excluded, 0xa1),
    },
  };
}

/** RFC 5280 §4.2.1.10: minimum is 0 (so absent in DER) and maximum is absent. */
function readSubtrees(value: DerValue, tag: number): GeneralName[] {
  return membersOf(value, tag).map((subtree) => {
    const [base, ...bounds] = membersOf(subtree);
    if (base === undefined || bounds.length > 0) throw new DerError('der.structure');
    return readGeneralName(base);
  });
}

function readAuthorityInformation(value: DerValue, critical: boolean): Typed {
  const places = membersOf(value).map((description) => {
    const cursor = openDer(description);
    const method = oidOf(nextOf(cursor, TAG.oid));
    const uri = nextIf(cursor, 0x86);
    return { method, uri: uri === null ? null : asciiOf(uri) };
  });
  const of = (oid: string) => places.flatMap(({ method, uri }) => (method === oid && uri !== null ? [uri] : []));
  return { authorityInformation: { critical, ocsp: of('1.3.6.1.5.5.7.48.1'), caIssuers: of('1.3.6.1.5.5.7.48.2') } };
}

function readOcspNoCheck(value: DerValue, critical: boolean): Typed {
  if (value.tag !== TAG.null) throw new DerError('der.structure');
  return { ocspNoCheck: { critical } };
}
