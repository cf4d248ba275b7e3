import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openTrustMaterial, type TrustBundle } from '../verification/open-trust.ts';
import { parseJson } from '../verification/parse-json.ts';
import { parseBundle } from '../verification/trust-bundle.ts';
import type { TrustMaterial } from '../verification/trust-material.ts';
import { notChecked, usageError } from './cli-error.ts';

export interface TrustPlaces {
  /** A folder with `trust.json` and the certificate that signed it, that file in such a folder, or a published bundle. */
  readonly trust: string | undefined;
  /** A folder of revocation lists, `*.crl`, DER. */
  readonly crl: string | undefined;
  readonly at: Date;
}

const pinName = 'gateway-evidence.pem';

/** Reads whom to believe. Without revocation lists "revoked" cannot be told from "not revoked". */
export async function readTrust({ trust, crl, at }: TrustPlaces): Promise<TrustMaterial> {
  if (trust === undefined) throw usageError('usage.trust');
  const isFolder = (await stat(trust).catch(() => null))?.isDirectory() === true;
  const path = isFolder ? join(trust, 'trust.json') : trust;
  const list = await readFile(path).catch(() => null);
  const bundle = list === null ? null : await readBundle(parseJson(list), dirname(path));
  if (bundle === null) throw notChecked('trust.missing', { path, pin: pinName });
  const opened = await openTrustMaterial({ ...bundle, crls: together(bundle.crls, await readLists(crl)) }, { at });
  if (opened.ok) return opened.value;
  if (opened.fault === 'pin-unusable') throw notChecked('trust.missing', { path, pin: pinName });
  throw notChecked('trust.refused', { path, reason: opened.fault });
}

/** The bundle that a gateway publishes, or the signed list alone with the certificate of its signer beside it. */
async function readBundle(found: unknown, folder: string): Promise<TrustBundle | null> {
  const bundle = parseBundle(found);
  if (bundle !== null) return bundle;
  const pin = await readFile(join(folder, pinName), 'utf8').catch(() => null);
  return pin === null ? null : { list: found, pin, crls: null };
}

function together(some: TrustBundle['crls'], more: TrustBundle['crls']): TrustBundle['crls'] {
  return some === null || more === null ? (some ?? more) : [...some, ...more];
}

async function readLists(folder: string | undefined): Promise<readonly Uint8Array[] | null> {
  if (folder === undefined) return null;
  const names = await readdir(folder).catch(() => null);
  if (names === null) throw notChecked('file.missing', { path: folder });
  const lists = names.filter((name) => name.endsWith('.crl'));
  return Promise.all(lists.map(async (name) => new Uint8Array(await readFile(join(folder, name)))));
}
