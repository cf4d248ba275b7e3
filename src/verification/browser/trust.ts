import { openTrustMaterial, type TrustBundle } from '../open-trust.ts';
import type { TrustMaterial } from '../trust-material.ts';

export type BrowserTrust = TrustMaterial & { readonly listedAt: Date };

/** A bundle as the gateway publishes it and as `verify.html` holds it: lists in base64. */
interface PublishedBundle {
  readonly list: unknown;
  readonly pin: string;
  readonly crls: readonly string[];
}

/** Whom to believe: what lies in this very file, else what the gateway publishes; null where there is neither. */
export async function findTrust(): Promise<BrowserTrust | 'missing' | 'refused'> {
  const bundle = parseBundle(embedded()) ?? parseBundle(await published());
  if (bundle === null) return 'missing';
  const opened = await openTrustMaterial(bundle, new Date());
  return opened.ok ? opened.value : 'refused';
}

function embedded(): unknown {
  return JSON.parse(document.getElementById('trust')?.textContent || 'null');
}

async function published(): Promise<unknown> {
  const address = document.querySelector<HTMLElement>('[data-trust]')?.dataset['trust'];
  if (address === undefined) return null;
  const answer = await fetch(address, { credentials: 'omit' }).catch(() => null);
  return answer?.ok === true ? answer.json() : null;
}

function parseBundle(found: unknown): TrustBundle | null {
  if (typeof found !== 'object' || found === null) return null;
  // Sound: a bundle with other members is refused when its signature is verified, or holds no lists.
  const { list, pin, crls } = found as Partial<PublishedBundle>;
  if (typeof pin !== 'string' || !Array.isArray(crls) || !crls.every((text) => typeof text === 'string')) return null;
  return { list, pin, crls: crls.map((text) => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))) };
}
