import type { SignatureAlgorithm } from './algorithms.ts';
import type { X509Certificate } from './certificate.ts';
import type { KeyUsageBit } from './extension-types.ts';
import { type NameConstraintReason, nameConstraintFault } from './name-constraints.ts';
import { ANY_POLICY, processPolicies } from './policies.ts';
import { type AnchorRules, isAuthority, isSelfIssued, type ProfileReason, profileFaults } from './profile.ts';
import type { Work } from './work.ts';

export interface PolicySettings {
  readonly explicit: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

/** What the leaf is to be used for. Without `extendedKeyUsage` any non-empty list, or none, will do. */
export interface PathPurpose {
  /** One of these bits must be set; an empty list asks for nothing. */
  readonly keyUsage: readonly KeyUsageBit[];
  /** OID; of several, one must be there. anyExtendedKeyUsage in the certificate never counts. */
  readonly extendedKeyUsage?: string | readonly string[];
  /** Accepts a leaf without the extension; one that has it must still hold the purpose. */
  readonly allowWithoutExtendedKeyUsage?: boolean;
  /** Acceptable certificate policies. Naming any requires that one of them is valid along the whole path. */
  readonly policy?: readonly string[];
  /** RFC 5280 §6.1.1 (d)–(f); `explicit` follows from `policy` unless told here. */
  readonly policySettings?: PolicySettings;
  /** Accepts an authority as the leaf: signers of CRLs. */
  readonly allowAuthority?: boolean;
}

export type RuleReason =
  | ProfileReason
  | NameConstraintReason
  | 'not-yet-valid'
  | 'expired'
  | 'algorithm-not-allowed'
  | 'not-an-authority'
  | 'path-length-exceeded'
  | 'key-usage'
  | 'leaf-is-authority'
  | 'extended-key-usage'
  | 'policy';

export interface RuleFault {
  readonly code: RuleReason;
  /** Index in the path, leaf 0; null for the path as a whole. */
  readonly certificate: number | null;
  readonly detail?: string;
}

export interface PathToCheck {
  /** Leaf first, without the anchor; every signature has been verified. */
  readonly certificates: readonly X509Certificate[];
  readonly anchor: AnchorRules;
  readonly at: Date;
  readonly purpose: PathPurpose;
}

export interface PathRules {
  readonly faults: readonly RuleFault[];
  readonly policies: readonly string[];
}

/** RFC 5280 §6.1 but for signatures and revocation: a pure function of the path, the time and the purpose (docs/path-validation.md §4). */
export function checkPath(path: PathToCheck, work: Work): PathRules {
  const { certificates, anchor } = path;
  const relaxed: ReadonlySet<string> = new Set(anchor.relax);
  const policy = policyRules(path);
  const faults: RuleFault[] = [
    ...certificates.flatMap((certificate, index) => certificateFaults(certificate, index, path)),
    ...timeFaults(anchor.certificate, certificates.length, path.at),
    ...issuerFaults(path),
    ...pathLengthFaults(path),
    ...leafFaults(path),
    ...extendedKeyUsageFaults(path),
    ...nameFaults(path, work),
    ...policy.faults,
  ];
  return { faults: faults.filter(({ code }) => !relaxed.has(code)), policies: policy.policies };
}

function certificateFaults(certificate: X509Certificate, index: number, path: PathToCheck): RuleFault[] {
  const faults: RuleFault[] = profileFaults(certificate).map((code) => ({ code, certificate: index }));
  const allowed: readonly SignatureAlgorithm[] = path.anchor.algorithms;
  if (!allowed.includes(certificate.signatureAlgorithm)) {
    faults.push({ code: 'algorithm-not-allowed', certificate: index, detail: certificate.signatureAlgorithm });
  }
  return [...faults, ...timeFaults(certificate, index, path.at)];
}

/** RFC 5280 §4.1.2.5: both ends inclusive, to the whole second. */
function timeFaults({ notBefore, notAfter }: X509Certificate, index: number, at: Date): RuleFault[] {
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  if (seconds(at) < seconds(notBefore)) return [{ code: 'not-yet-valid', certificate: index }];
  return seconds(at) > seconds(notAfter) ? [{ code: 'expired', certificate: index }] : [];
}

/** RFC 5280 §6.1.4 (k), (n). The anchor is trusted as an authority unless it says otherwise itself. */
function issuerFaults({ certificates, anchor }: PathToCheck): RuleFault[] {
  const faults: RuleFault[] = [];
  for (const [index, certificate] of certificates.entries()) {
    if (index === 0) continue;
    if (!isAuthority(certificate)) faults.push({ code: 'not-an-authority', certificate: index });
    const bits = certificate.extensions.keyUsage?.bits ?? [];
    if (!bits.includes('keyCertSign')) faults.push({ code: 'key-usage', certificate: index, detail: 'keyCertSign' });
  }
  const { basicConstraints, keyUsage } = anchor.certificate.extensions;
  const place = certificates.length;
  if (basicConstraints?.ca === false) faults.push({ code: 'not-an-authority', certificate: place });
  if (keyUsage?.bits.includes('keyCertSign') === false) faults.push({ code: 'key-usage', certificate: place });
  return faults;
}

/** RFC 5280 §6.1.4 (l), (m): intermediates below, without self-issued ones and without the leaf. */
function pathLengthFaults({ certificates, anchor }: PathToCheck): RuleFault[] {
  let below = 0;
  const faults: RuleFault[] = [];
  for (const [index, certificate] of [...certificates, anchor.certificate].entries()) {
    if (index === 0) continue;
    const maximum = certificate.extensions.basicConstraints?.pathLength ?? Infinity;
    if (below > maximum) faults.push({ code: 'path-length-exceeded', certificate: index });
    if (!isSelfIssued(certificate)) below += 1;
  }
  return faults;
}

function leafFaults({ certificates: [leaf], purpose }: PathToCheck): RuleFault[] {
  if (leaf === undefined) return [];
  const faults: RuleFault[] = [];
  const bits = leaf.extensions.keyUsage?.bits ?? [];
  const signsCertificates = isAuthority(leaf) || bits.includes('keyCertSign');
  if (signsCertificates && !purpose.allowAuthority) faults.push({ code: 'leaf-is-authority', certificate: 0 });
  if (purpose.keyUsage.length > 0 && !purpose.keyUsage.some((bit) => bits.includes(bit))) {
    faults.push({ code: 'key-usage', certificate: 0, detail: purpose.keyUsage.join(' ') });
  }
  return faults;
}

/** Nested: an issuer, or the anchor, that lists purposes limits everything below to them; one purpose must fit all along. */
function extendedKeyUsageFaults(path: PathToCheck): RuleFault[] {
  const wanted = [path.purpose.extendedKeyUsage ?? []].flat();
  const tried = wanted.map((oid) => singlePurposeFaults(path, oid));
  return tried.find((faults) => faults.length === 0) ?? tried[0] ?? [];
}

function singlePurposeFaults({ certificates, anchor, purpose }: PathToCheck, oid: string): RuleFault[] {
  const faults: RuleFault[] = [];
  for (const [index, certificate] of [...certificates, anchor.certificate].entries()) {
    const purposes = certificate.extensions.extendedKeyUsage?.purposes;
    const mayLack = index > 0 || purpose.allowWithoutExtendedKeyUsage === true;
    const fits = purposes?.includes(oid) ?? mayLack;
    if (!fits) faults.push({ code: 'extended-key-usage', certificate: index, detail: oid });
  }
  return faults;
}

/** RFC 5280 §6.1.3 (b), (c): self-issued intermediates are exempt, a self-issued leaf is not. */
function nameFaults({ certificates, anchor }: PathToCheck, work: Work): RuleFault[] {
  const chain = [...certificates, anchor.certificate];
  return certificates.flatMap((certificate, index) => {
    if (index > 0 && isSelfIssued(certificate)) return [];
    const code = nameConstraintFault(certificate, chain.slice(index + 1), work);
    return code === null ? [] : [{ code, certificate: index }];
  });
}

function policyRules({ certificates, purpose }: PathToCheck): PathRules {
  const acceptable = purpose.policy ?? [ANY_POLICY];
  const settings = purpose.policySettings;
  const outcome = processPolicies([...certificates].reverse(), {
    acceptable,
    explicit: settings?.explicit ?? !acceptable.includes(ANY_POLICY),
    inhibitMapping: settings?.inhibitMapping ?? false,
    inhibitAny: settings?.inhibitAny ?? false,
  });
  return { faults: outcome.acceptable ? [] : [{ code: 'policy', certificate: null }], policies: outcome.policies };
}
