import { asicManifest } from '../crypto/asic-manifest.ts';
import { stampCades } from '../crypto/cms/stamp-cades.ts';
import { type CadesVerdict, verifyCades } from '../crypto/cms.ts';
import { canonicalJson } from '../crypto/jcs.ts';
import { type FlattenedJws, type ParsedJws, parseJws } from '../crypto/jose.ts';
import { toBase64 } from '../crypto/jose-encoding.ts';
import { type SealVerdict, verifySealedJws } from '../crypto/sealed-jws.ts';
import type { SignerVerdict } from '../crypto/signer-verdict.ts';
import type { TimestampService } from '../crypto/timestamp.ts';
import type { Trust } from '../crypto/trust.ts';
import { ok, type Result, refuse } from '../result.ts';
import { containerFiles } from './container.ts';
import { type Visibility, visibilities } from './kinds.ts';
import { documentsOf, type Manifest, manifestType } from './manifest.ts';
import type { PackageSeal } from './package-seal.ts';
import { isSealOfAnother } from './seal-holder.ts';
import { sealPurpose } from './seal-purpose.ts';

/** What a school that seals by itself has to have signed, and the key that it has registered. */
export interface OwnSealing {
  readonly manifest: Manifest;
  /** SHA-256 of the registered certificate. */
  readonly fingerprint: string;
  readonly trust: Trust;
  readonly timestamps: TimestampService;
  readonly now: Date;
}

/** The bytes of a container manifest, which the school signs as detached CAdES. */
export interface ContainerToSign {
  readonly visibility: Visibility;
  readonly manifestXml: Uint8Array;
}

export interface ContainerSignature {
  readonly visibility: Visibility;
  /** Detached CAdES-B, DER. */
  readonly signature: Uint8Array;
}

/** `time:` no trustworthy time was to be had; everything else is the sender's fault. For the log. */
export type OwnSealReason = `manifest:${string}` | `container:${string}` | `time:${string}`;

const maxAgeMs = 10 * 60_000;
const aheadMs = 60_000;

/** The exact bytes that a sealed manifest carries (RFC 8785). */
export function manifestBytes(manifest: Manifest): Uint8Array {
  return canonicalJson(manifest);
}

/** Takes a manifest that the school sealed itself, puts the time stamp on it, and says what else has to be signed. */
export async function stampOwnManifest(
  sealed: unknown,
  by: OwnSealing,
): Promise<
  Result<{ readonly manifest: FlattenedJws; readonly containers: readonly ContainerToSign[] }, OwnSealReason>
> {
  const checked = await checkManifest(sealed, { ...by, time: 'absent' });
  if (!checked.ok) return checked;
  const { flattened, signature } = checked.value;
  const token = await by.timestamps.stamp(signature);
  if (!token.ok) return refuseTime(token.fault);
  const manifest = { ...flattened, header: { sigTst: toBase64(token.value) } };
  return ok({ manifest, containers: await containersOf(by.manifest, manifest) });
}

/** Verifies all that the school signed as a receiver would, and stamps the signatures of the containers. */
export async function acceptOwnSeal(
  given: { readonly manifest: unknown; readonly containers: readonly ContainerSignature[] },
  by: OwnSealing,
): Promise<Result<PackageSeal, OwnSealReason>> {
  const checked = await checkManifest(given.manifest, { ...by, time: 'valid' });
  if (!checked.ok) return checked;
  const { flattened } = checked.value;
  const expected = await containersOf(by.manifest, flattened);
  if (given.containers.length !== expected.length) return refuse('container:count');
  const containers = [];
  for (const { visibility, manifestXml } of expected) {
    const signature = given.containers.find((one) => one.visibility === visibility)?.signature;
    if (signature === undefined) return refuse('container:missing');
    const reason = containerReason(await judgeContainer(signature, manifestXml, by), by);
    if (reason !== null) return refuse(reason);
    const stamped = await stampCades(signature, by.timestamps);
    if (!stamped.ok) return stamped.fault === 'malformed' ? refuse('container:malformed') : refuseTime(stamped.fault);
    containers.push({ visibility, manifestXml, signature: stamped.value });
  }
  return ok({ manifest: flattened, containers });
}

async function containersOf(manifest: Manifest, sealed: FlattenedJws): Promise<readonly ContainerToSign[]> {
  const present = visibilities.filter((visibility) => documentsOf(manifest, visibility).length > 0);
  return Promise.all(
    present.map(async (visibility) => ({
      visibility,
      manifestXml: asicManifest(await containerFiles(manifest, sealed, visibility)),
    })),
  );
}

/** Exactly the approved manifest, by exactly the registered key, sealed now and not at some other time. */
async function checkManifest(
  sealed: unknown,
  by: OwnSealing & { readonly time: 'absent' | 'valid' },
): Promise<Result<ParsedJws, OwnSealReason>> {
  const verdict = await verifySealedJws({
    jws: sealed,
    typ: manifestType,
    anchors: by.trust.seal,
    timestampAnchors: by.trust.time,
    revocation: by.trust.revocation,
    at: by.now,
    purpose: sealPurpose,
  });
  const reason = manifestReason(verdict, by);
  if (reason !== null) return refuse(reason);
  const parsed = parseJws(sealed);
  // Sound: it has just been verified.
  return parsed.ok ? parsed : refuse('manifest:malformed');
}

function manifestReason(
  verdict: SealVerdict,
  by: OwnSealing & { readonly time: 'absent' | 'valid' },
): OwnSealReason | null {
  if (verdict.signature !== 'valid' || verdict.issuer === null) return `manifest:${verdict.reasons[0] ?? 'invalid'}`;
  if (verdict.reasons.length > 0) return `manifest:${verdict.reasons.join(' ')}`;
  if (verdict.time.status !== by.time) return `manifest:time-${verdict.time.status}`;
  if (!isRegistered(verdict.issuer, by)) return 'manifest:key-not-registered';
  const expected = toBase64(manifestBytes(by.manifest));
  if (verdict.payload === null || toBase64(verdict.payload) !== expected) return 'manifest:other-content';
  const claimed = verdict.claimedAt?.getTime() ?? 0;
  const isNow = claimed > by.now.getTime() - maxAgeMs && claimed < by.now.getTime() + aheadMs;
  return isNow ? null : 'manifest:claimed-time';
}

function refuseTime(fault: string): Result<never, OwnSealReason> {
  return { ok: false, fault: `time:${fault}` };
}

function judgeContainer(cms: Uint8Array, content: Uint8Array, { trust, now }: OwnSealing): Promise<CadesVerdict> {
  return verifyCades({
    cms,
    content,
    anchors: trust.seal,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: now,
    purpose: sealPurpose,
  });
}

function containerReason(verdict: CadesVerdict, by: OwnSealing): OwnSealReason | null {
  if (verdict.integrity !== 'valid' || verdict.signer === null) return `container:${verdict.reasons[0] ?? 'invalid'}`;
  if (verdict.reasons.length > 0) return `container:${verdict.reasons.join(' ')}`;
  if (verdict.time.status !== 'absent') return `container:time-${verdict.time.status}`;
  return isRegistered(verdict.signer, by) ? null : 'container:key-not-registered';
}

function isRegistered({ certificate }: SignerVerdict, { fingerprint, manifest }: OwnSealing): boolean {
  return certificate.sha256 === fingerprint && !isSealOfAnother(certificate, manifest.sender);
}
