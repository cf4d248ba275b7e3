import { type OpenedTrust, openTrustMaterial, policyIn, type TrustBundle, type TrustReason } from '../open-trust.ts';
import { parseJson } from '../parse-json.ts';
import { parseBundle } from '../trust-bundle.ts';
import type { Given } from './given.ts';
import { knownList } from './known-list.ts';

/** What is at hand of whom to believe; nothing of it has been verified. Plain data, for the worker. */
export interface GatheredTrust {
  readonly at: Date;
  /** What lies in this very file, else what the gateway publishes. */
  readonly base: TrustBundle | null;
  /** The same with what the reader chose. */
  readonly bundle: TrustBundle | null;
  /** The newest list of this signer that this browser has seen. */
  readonly known: { readonly serial: number; readonly issuedAt: Date } | undefined;
  /** Of witnesses (C2SP tlog-policy), where the reader chose one. */
  readonly policy: string | null;
}

export type FoundTrust =
  | { readonly opened: OpenedTrust }
  | { readonly problem: 'trust.missing'; readonly reason: null }
  | { readonly problem: 'trust.refused'; readonly reason: TrustReason | 'other-signer' };

/** On the page: a worker has neither its elements nor its storage. */
export async function gatherTrust(chosen: readonly Given[]): Promise<GatheredTrust> {
  const base = parseBundle(embedded()) ?? parseBundle(await published());
  const bundle = chosen.length === 0 ? base : chosenBundle(chosen, base);
  const known = bundle === null ? undefined : knownList(bundle.pin);
  return {
    at: new Date(),
    base,
    bundle,
    known,
    policy: chosen.map(policyTextIn).find((text) => text !== null) ?? null,
  };
}

/** Whom to believe, once its signature has been verified. */
export async function openTrust(gathered: GatheredTrust): Promise<FoundTrust> {
  const { at, base, bundle, known: seen, policy: text } = gathered;
  if (bundle === null) return { problem: 'trust.missing', reason: null };
  // This page was given its signer with itself; a file brought by somebody does not name another.
  if (base !== null && bundle.pin.trim() !== base.pin.trim())
    return { problem: 'trust.refused', reason: 'other-signer' };
  const known = newer(await listOf(base), seen);
  const policy = text === null ? null : policyIn(text);
  const given = { at, ...(known === undefined ? {} : { known }), ...(policy === null ? {} : { policy }) };
  const opened = await openTrustMaterial(bundle, given);
  return opened.ok ? { opened: opened.value } : { problem: 'trust.refused', reason: opened.fault };
}

/** The text of a policy of witnesses, which goes with a receipt or log beside it, or with a trust list; null for any other file. */
export function policyTextIn({ content }: Given): string | null {
  if (typeof content === 'string' || content.length > 65_536) return null;
  const text = new TextDecoder().decode(content);
  return policyIn(text) === null ? null : text;
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
  const opened = base === null ? null : await openTrustMaterial({ ...base, crls: null }, { at: new Date(0) });
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
