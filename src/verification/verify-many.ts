import { asicLimits } from '../crypto/asic.ts';
import { readZip } from '../crypto/asic-zip-read.ts';
import type { KnownTrustList } from '../crypto/trust-list.ts';
import { fault } from '../faults.ts';
import type { Gateway } from '../gateway.ts';
import { ok, type Result, refuse } from '../result.ts';
import { examineFile, kindOf } from './examine.ts';
import { type OpenedTrust, openTrustMaterial } from './open-trust.ts';
import { noPaper, type PaperCompanions } from './paper.ts';
import { publishedBundle } from './published-bundle.ts';
import { publishedSeal } from './published-seal.ts';
import { outcomeOf, type Report, type Word, worstOf } from './report.ts';
import { type SealChain, sealChainIn } from './seal-chain.ts';
import { parseBundle } from './trust-bundle.ts';

/** One thing that a program wants verified, with what lies beside it. */
export interface ItemToVerify {
  /** The caller's own name for it. */
  readonly id: string;
  readonly content: Uint8Array;
  readonly proof: string | null;
  readonly statusLists: readonly string[];
  readonly holder: { readonly audience: string; readonly nonce: string } | null;
  readonly sharedWith: string | null;
}

/** Of what is no kind of file that can be verified, `kind` is null and the outcome `notChecked`. */
export type VerifiedItem =
  | (Report & { readonly id: string; readonly outcome: Word })
  | {
      readonly id: string;
      readonly kind: null;
      readonly outcome: 'notChecked';
      readonly problem: 'file.unknown' | 'file.too-large' | 'verifier.broken';
    };

export interface VerifiedMany {
  readonly verifiedAt: Date;
  readonly trustList: KnownTrustList;
  readonly outcome: Word;
  readonly items: readonly VerifiedItem[];
}

/** Much less than a reader may unpack on a machine of their own: here many ask at once. Of all items of a list together. */
const maxUnpackedBytes = 64 * 1024 * 1024;

const holderMaxAgeSeconds = 600;

/**
 * Verifies a list for a program, item by item, by what `/verify` believes. Nothing is kept and nothing is fetched: a status list comes
 * with the item, and seals are those of this gateway's own schools.
 */
export async function verifyMany(
  gateway: Pick<Gateway, 'publishedTrust' | 'trust' | 'clock' | 'database'>,
  items: readonly ItemToVerify[],
): Promise<Result<VerifiedMany>> {
  const at = gateway.clock.now();
  const bundle = parseBundle(await publishedBundle(gateway));
  const trust = bundle === null ? null : await openTrustMaterial(bundle, { at });
  if (!trust?.ok) return refuse(fault('verification.no-trust', { detail: trust?.fault ?? 'no bundle' }));
  const used: Used = { unpackedBytes: 0, nonces: new Set(), fetchSeal: knownSeals(gateway) };
  const verified: VerifiedItem[] = [];
  for (const item of items) verified.push(await verifyItem(item, trust.value, used));
  const outcome = worstOf(verified.map((one) => one.outcome));
  return ok({ verifiedAt: at, trustList: trust.value.list, outcome, items: verified });
}

/** What the items of one list use up together. */
interface Used {
  unpackedBytes: number;
  /** Of holders: one showing counts once. */
  readonly nonces: Set<string>;
  readonly fetchSeal: PaperCompanions['fetchSeal'];
}

async function verifyItem(item: ItemToVerify, trust: OpenedTrust, used: Used): Promise<VerifiedItem> {
  const { id, content, proof, statusLists, sharedWith } = item;
  const kind = kindOf(content);
  if (kind === null) return { id, kind, outcome: 'notChecked', problem: 'file.unknown' };
  if (kind === 'container') used.unpackedBytes += unpackedBytes(content);
  if (used.unpackedBytes > maxUnpackedBytes)
    return { id, kind: null, outcome: 'notChecked', problem: 'file.too-large' };
  const companions = { statusLists, fetchStatusList: null, holder: holderOf(item, used), sharedWith };
  const paper = { ...noPaper, fetchSeal: used.fetchSeal };
  try {
    const report = await examineFile({ kind, bytes: content, proof, companions, paper, trust: async () => trust });
    return { id, outcome: outcomeOf(report.verdicts), ...report };
  } catch {
    // One file that breaks the verifier says nothing of the others.
    return { id, kind: null, outcome: 'notChecked', problem: 'verifier.broken' };
  }
}

/** Each seal is looked up once for a list. */
function knownSeals(gateway: Pick<Gateway, 'database'>): PaperCompanions['fetchSeal'] {
  const found = new Map<string, SealChain | null>();
  return async (fingerprint) => {
    const known = found.get(fingerprint);
    if (known !== undefined) return known;
    const pem = await publishedSeal(gateway, fingerprint);
    const chain = pem === null ? null : sealChainIn(new TextEncoder().encode(pem));
    found.set(fingerprint, chain);
    return chain;
  };
}

/** As its directory says, which is held to when it is unpacked; 0 for what will be refused before that. */
function unpackedBytes(container: Uint8Array): number {
  const entries = readZip(container, asicLimits);
  return entries.ok ? entries.value.reduce((sum, { size }) => sum + size, 0) : 0;
}

function holderOf({ holder }: ItemToVerify, { nonces }: Used) {
  if (holder === null) return null;
  const spendNonce = async (nonce: string) => {
    const isFresh = !nonces.has(nonce);
    nonces.add(nonce);
    return isFresh;
  };
  return { ...holder, maxAgeSeconds: holderMaxAgeSeconds, spendNonce };
}
