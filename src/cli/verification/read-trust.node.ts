import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { anchorsFor, verifyTrustList } from '../../crypto/trust-list.ts';
import { parseX509Certificate } from '../../crypto/x509/certificate.ts';
import { crlSource } from '../../crypto/x509/crl.ts';
import { pemToDer } from '../../crypto/x509/pem.ts';
import { noRevocationSource, type RevocationSource } from '../../crypto/x509/revocation.ts';
import { notChecked, usageError } from '../cli-error.ts';
import { parseJson } from './manifest.ts';
import { parseLogKeys, type TrustMaterial } from './trust-material.ts';

export interface TrustPlaces {
  /** A folder with `trust.json` and the certificate that signed it, or that file in such a folder. */
  readonly trust: string | undefined;
  /** A folder of revocation lists, `*.crl`, DER. */
  readonly crl: string | undefined;
  readonly at: Date;
}

const pinName = 'gateway-evidence.pem';

/**
 * Reads whom to believe. The list must be signed by the key of `gateway-evidence.pem` beside it: whoever can change the
 * list alone adds no anchor. Without revocation lists "revoked" cannot be told from "not revoked".
 */
export async function readTrust({ trust, crl, at }: TrustPlaces): Promise<TrustMaterial> {
  if (trust === undefined) throw usageError('usage.trust');
  const isFolder = (await stat(trust).catch(() => null))?.isDirectory() === true;
  const path = isFolder ? join(trust, 'trust.json') : trust;
  const list = await readFile(path).catch(() => null);
  const pin = await readPin(join(dirname(path), pinName));
  if (list === null || pin === null) throw notChecked('trust.missing', { path, pin: pinName });
  const verified = await verifyTrustList({ jws: parseJson(list), key: { spki: pin } });
  if (!verified.ok) throw notChecked('trust.refused', { path, reason: verified.fault });
  const [seal, person, time, evidence] = (['seal', 'person', 'time', 'evidence'] as const).map((purpose) =>
    anchorsFor(verified.value, purpose),
  );
  return {
    seal: seal ?? [],
    person: person ?? [],
    time: time ?? [],
    evidence: evidence ?? [],
    revocation: await readRevocation(crl, at),
    logKeys: parseLogKeys(verified.value.logKeys),
    at,
  };
}

async function readPin(path: string): Promise<Uint8Array | null> {
  const pem = await readFile(path, 'utf8').catch(() => null);
  const [der] = pem === null ? [] : pemToDer(pem, 'CERTIFICATE');
  const leaf = der === undefined ? null : parseX509Certificate(der);
  return leaf?.ok === true ? leaf.value.publicKey.spki : null;
}

async function readRevocation(folder: string | undefined, now: Date): Promise<RevocationSource> {
  if (folder === undefined) return noRevocationSource;
  const names = await readdir(folder).catch(() => null);
  if (names === null) throw notChecked('file.missing', { path: folder });
  const lists = names.filter((name) => name.endsWith('.crl'));
  return crlSource(await Promise.all(lists.map(async (name) => new Uint8Array(await readFile(join(folder, name))))), {
    now,
  });
}
