import { type OpenedTrust, openTrustMaterial, type TrustBundle, type TrustReason } from '../open-trust.ts';
import { parseJson } from '../parse-json.ts';
import { parseBundle } from '../trust-bundle.ts';
import type { Given } from './given.ts';
import { knownList, rememberList } from './known-list.ts';

export type FoundTrust =
  | { readonly opened: OpenedTrust }
  | { readonly problem: 'trust.missing'; readonly reason: null }
  | { readonly problem: 'trust.refused'; readonly reason: TrustReason | 'other-signer' };

/** Whom to believe: what the reader chose, else what lies in this very file, else what the gateway publishes. */
export async function findTrust(chosen: readonly Given[]): Promise<FoundTrust> {
  const at = new Date();
  const base = parseBundle(embedded()) ?? parseBundle(await published());
  const bundle = chosen.length === 0 ? base : chosenBundle(chosen, base);
  if (bundle === null) return { problem: 'trust.missing', reason: null };
  // This page was given its signer with itself; a file brought by somebody does not name another.
  if (base !== null && bundle.pin.trim() !== base.pin.trim())
    return { problem: 'trust.refused', reason: 'other-signer' };
  const known = newer(await listOf(base), knownList(bundle.pin));
  const opened = await openTrustMaterial(bundle, known === undefined ? { at } : { at, known });
  if (!opened.ok) return { problem: 'trust.refused', reason: opened.fault };
  rememberList(bundle.pin, opened.value.list);
  return { opened: opened.value };
}

/** A whole bundle, or its parts: `trust.json`, the certificate of its signer, revocation lists. */
function chosenBundle(chosen: readonly Given[], base: TrustBundle | null): TrustBundle | null {
  const contents = chosen.flatMap(({ name, content }) => (typeof content === 'string' ? [] : [{ name, content }]));
  const json = contents.filter(({ name }) => name.endsWith('.json')).map(({ content }) => parseJson(content));
  const whole = json.map(parseBundle).find((bundle) => bundle !== null) ?? base;
  const list = json.find((found) => parseBundle(found) === null) ?? whole?.list;
  const certificate = contents.find(({ name }) => name.endsWith('.pem'))?.content;
  const pin = certificate === undefined ? whole?.pin : new TextDecoder().decode(certificate);
  const crls = contents.filter(({ name }) => name.endsWith('.crl')).map(({ content }) => content);
  if (list === undefined || pin === undefined) return null;
  return { list, pin, crls: [...(whole?.crls ?? []), ...crls] };
}

/** Of the bundle in this file, even when it has run out: what is older than that stays refused. */
async function listOf(base: TrustBundle | null): Promise<OpenedTrust['list'] | undefined> {
  const opened = base === null ? null : await openTrustMaterial(base, { at: new Date(0) });
  return opened?.ok === true ? opened.value.list : undefined;
}

function newer<T extends { readonly serial: number }>(one: T | undefined, other: T | undefined): T | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.serial >= other.serial ? one : other;
}

function embedded(): unknown {
  return parseJson(new TextEncoder().encode(document.getElementById('trust')?.textContent ?? 'null'));
}

async function published(): Promise<unknown> {
  const address = document.querySelector<HTMLElement>('[data-trust]')?.dataset['trust'];
  if (address === undefined) return null;
  const answer = await fetch(address, { credentials: 'omit' }).catch(() => null);
  return answer?.ok === true ? answer.json().catch(() => null) : null;
}
