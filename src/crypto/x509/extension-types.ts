import type { GeneralName } from './general-names.ts';

/** In the order of the bits of RFC 5280 §4.2.1.3; nonRepudiation is called contentCommitment there too. */
export const KEY_USAGE_BITS = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsageBit = (typeof KEY_USAGE_BITS)[number];

export interface KeyUsage {
  readonly critical: boolean;
  readonly bits: readonly KeyUsageBit[];
}

export interface ExtendedKeyUsage {
  readonly critical: boolean;
  /** OIDs; an empty list is kept here and refused by profile.ts. */
  readonly purposes: readonly string[];
}

export interface BasicConstraints {
  readonly critical: boolean;
  readonly ca: boolean;
  readonly pathLength: number | null;
}

export interface SubjectKeyIdentifier {
  readonly critical: boolean;
  readonly keyIdentifier: Uint8Array;
}

export interface AuthorityKeyIdentifier {
  readonly critical: boolean;
  readonly keyIdentifier: Uint8Array | null;
  readonly issuer: readonly GeneralName[] | null;
  readonly serial: string | null;
}

export interface CertificatePolicies {
  readonly critical: boolean;
  readonly oids: readonly string[];
}

export interface PolicyMappings {
  readonly critical: boolean;
  readonly mappings: readonly { readonly issuerPolicy: string; readonly subjectPolicy: string }[];
}

export interface PolicyConstraints {
  readonly critical: boolean;
  readonly requireExplicitPolicy: number | null;
  readonly inhibitPolicyMapping: number | null;
}

export interface InhibitAnyPolicy {
  readonly critical: boolean;
  readonly skip: number;
}

export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

export interface AlternativeNames {
  readonly critical: boolean;
  readonly names: readonly GeneralName[];
}

/** Bits of ReasonFlags by number; bit 0 is never set. */
export type ReasonBits = readonly number[];

export interface DistributionPoint {
  /** A relative name is kept apart: it completes the CRL issuer's name. */
  readonly fullName: readonly GeneralName[] | null;
  readonly relativeKey: string | null;
  readonly reasons: ReasonBits | null;
  readonly crlIssuer: readonly GeneralName[] | null;
}

export interface DistributionPoints {
  readonly critical: boolean;
  readonly points: readonly DistributionPoint[];
}

export interface AuthorityInformation {
  readonly critical: boolean;
  readonly ocsp: readonly string[];
  readonly caIssuers: readonly string[];
}

/** Only what is present is there; `unknownCritical` names every critical extension that this validator cannot process. */
export interface Extensions {
  readonly keyUsage?: KeyUsage;
  readonly extendedKeyUsage?: ExtendedKeyUsage;
  readonly basicConstraints?: BasicConstraints;
  readonly subjectKeyIdentifier?: SubjectKeyIdentifier;
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifier;
  readonly policies?: CertificatePolicies;
  readonly policyMappings?: PolicyMappings;
  readonly policyConstraints?: PolicyConstraints;
  readonly inhibitAnyPolicy?: InhibitAnyPolicy;
  readonly nameConstraints?: NameConstraints;
  readonly subjectAltNames?: AlternativeNames;
  readonly issuerAltNames?: AlternativeNames;
  readonly crlDistributionPoints?: DistributionPoints;
  readonly freshestCrl?: DistributionPoints;
  readonly authorityInformation?: AuthorityInformation;
  readonly ocspNoCheck?: { readonly critical: boolean };
  readonly unknownCritical: readonly string[];
  readonly present: readonly { readonly oid: string; readonly critical: boolean }[];
}
