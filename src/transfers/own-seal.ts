import type { FlattenedJws } from '../crypto/jose.ts';
import { fault } from '../faults.ts';
import type { Visibility } from '../records/kinds.ts';
import { manifestType } from '../records/manifest.ts';
import {
  acceptOwnSeal,
  manifestBytes,
  type OwnSealing,
  type OwnSealReason,
  stampOwnManifest,
} from '../records/own-seal.ts';
import { ok, type Result } from '../result.ts';
import { answeredBefore, refuseLogged, type VerbContext } from './act.ts';
import { type Prepared, prepareSeal, storeSeal } from './seal-package.ts';
import type { CaseView } from './view.ts';

/** What a school-affairs system signs that holds the school's seal key itself. */
export interface SealBytes {
  /** base64 of the payload: the canonical manifest (RFC 8785). */
  readonly payload: string;
  readonly typ: string;
  /** SHA-256 of the certificate that is registered; a seal by any other is refused. */
  readonly fingerprint: string;
}

export interface StampedManifest {
  readonly manifest: FlattenedJws;
  /** base64 of the container manifests, each to be signed as detached CAdES. */
  readonly containers: readonly { readonly visibility: Visibility; readonly manifestXml: string }[];
}

/** The manifest of an approved package, byte for byte as it has to be sealed. Nothing is changed. */
export async function showSealBytes(context: VerbContext, input: { caseId: string }): Promise<Result<SealBytes>> {
  const prepared = await prepareSeal(context, { ...input, confirmation: null });
  if (!prepared.ok) return refuseLogged(context, sealing(input.caseId), prepared.fault);
  const { manifest, key } = prepared.value;
  return ok({ payload: base64(manifestBytes(manifest)), typ: manifestType, fingerprint: key.fingerprint });
}

/**
 * Puts the time stamp on a manifest that the school sealed itself. Nothing is kept: the stamped manifest goes back to be
 * delivered with the signatures of its containers. Faults: as {@link deliverOwnSeal}.
 */
export async function stampSeal(
  context: VerbContext,
  input: { readonly caseId: string; readonly manifest: unknown },
): Promise<Result<StampedManifest>> {
  const prepared = await prepareSeal(context, { caseId: input.caseId, confirmation: null });
  if (!prepared.ok) return refuseLogged(context, sealing(input.caseId), prepared.fault);
  const stamped = await stampOwnManifest(input.manifest, sealingOf(context, prepared.value));
  if (!stamped.ok) return refuseLogged(context, sealing(input.caseId), faultOf(stamped.fault));
  const { manifest, containers } = stamped.value;
  return ok({
    manifest,
    containers: containers.map(({ visibility, manifestXml }) => ({ visibility, manifestXml: base64(manifestXml) })),
  });
}

/**
 * 封緘 by the school's own key, outside the gateway: verified as a receiver verifies it, and held to exactly what was
 * approved. Approval by a second person stays what it is.
 * Faults: approval.missing, recipient.not-confirmed, seal.key-missing, seal.own-refused, seal.time-unavailable.
 */
export async function deliverOwnSeal(
  context: VerbContext,
  input: {
    readonly caseId: string;
    readonly confirmation: string;
    readonly manifest: unknown;
    readonly containers: readonly { readonly visibility: Visibility; readonly signature: string }[];
  },
): Promise<Result<CaseView>> {
  const before = await answeredBefore<CaseView>(context, input.caseId);
  if (before !== null) return before;
  const prepared = await prepareSeal(context, input);
  if (!prepared.ok) return refuseLogged(context, sealing(input.caseId), prepared.fault);
  const containers = input.containers.map(({ visibility, signature }) => ({
    visibility,
    signature: new Uint8Array(Buffer.from(signature, 'base64')),
  }));
  const seal = await acceptOwnSeal({ manifest: input.manifest, containers }, sealingOf(context, prepared.value));
  if (!seal.ok) return refuseLogged(context, sealing(input.caseId), faultOf(seal.fault));
  return storeSeal(context, { row: prepared.value.row, seal: seal.value, sealedBy: 'school' });
}

function sealing(caseId: string) {
  return { event: 'package.sealed', caseId } as const;
}

function sealingOf({ gateway }: VerbContext, { manifest, key }: Prepared): OwnSealing {
  const { trust, timestamps, clock } = gateway;
  return { manifest, fingerprint: key.fingerprint, trust, timestamps, now: clock.now() };
}

function faultOf(reason: OwnSealReason) {
  return fault(reason.startsWith('time:') ? 'seal.time-unavailable' : 'seal.own-refused', { detail: reason });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
