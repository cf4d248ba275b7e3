import { asicManifest } from '../crypto/asic-manifest.ts';
import { signCades } from '../crypto/cms/sign-cades.ts';
import { canonicalJson } from '../crypto/jcs.ts';
import type { FlattenedJws } from '../crypto/jose.ts';
import { sealJws } from '../crypto/sealed-jws.ts';
import type { Signer } from '../crypto/signer.ts';
import type { TimestampReason, TimestampService } from '../crypto/timestamp.ts';
import { ok, type Result, refuse } from '../result.ts';
import { containerFiles } from './container.ts';
import { type Visibility, visibilities } from './kinds.ts';
import { documentsOf, type Manifest, manifestType } from './manifest.ts';

export interface ContainerSeal {
  readonly visibility: Visibility;
  /** The exact bytes of META-INF/ASiCManifest001.xml. */
  readonly manifestXml: Uint8Array;
  /** Detached CAdES-T over those bytes. */
  readonly signature: Uint8Array;
}

export interface PackageSeal {
  readonly manifest: FlattenedJws;
  readonly containers: readonly ContainerSeal[];
}

/**
 * 封緘: signs the canonical manifest (JWS with x5c and an RFC 3161 time stamp) and, for each visibility that has documents,
 * the container manifest (CAdES-T), with the sending school's seal key. Faults: no trustworthy time could be obtained.
 */
export async function sealPackage(
  manifest: Manifest,
  by: { readonly signer: Signer; readonly timestamps: TimestampService; readonly now: Date },
): Promise<Result<PackageSeal, TimestampReason>> {
  const sealed = await sealJws({
    payload: canonicalJson(manifest),
    typ: manifestType,
    signer: by.signer,
    timestamps: by.timestamps,
    iat: by.now,
  });
  if (!sealed.ok) return sealed;
  const containers: ContainerSeal[] = [];
  for (const visibility of visibilities) {
    if (documentsOf(manifest, visibility).length === 0) continue;
    const manifestXml = asicManifest(await containerFiles(manifest, sealed.value, visibility));
    const signature = await signCades({ content: manifestXml, signer: by.signer, timestamps: by.timestamps });
    if (!signature.ok) return refuse(signature.fault);
    containers.push({ visibility, manifestXml, signature: signature.value });
  }
  return ok({ manifest: sealed.value, containers });
}
