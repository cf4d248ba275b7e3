import { readFile, stat } from 'node:fs/promises';
import { readAtMost } from '../audit/bytes.ts';
import { openPackedLog } from '../audit/log-file.ts';
import { openLogFolder } from '../audit/log-folder.node.ts';
import { noteFromBytes, parseVerifierKey, type VerifierKey } from '../audit/note.ts';
import { parseProof } from '../audit/proof-text.ts';
import type { OwnEntry } from '../audit/slice-file.ts';
import type { LogReader } from '../audit/verify-log.ts';
import { everyYearOf } from '../audit/witness.ts';
import type { WitnessPolicy } from '../audit/witness-policy.ts';
import { logKeyOfBytes } from '../verification/trust-material.ts';
import { GatewayRefusal, notChecked, usageError } from './cli-error.ts';
import { reach } from './reach.ts';
import { readTrust } from './read-trust.node.ts';

/** A folder of tiles, or the one file that a log is packed into. */
export async function openLogPlace(path: string): Promise<LogReader> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return openLogFolder(path);
  const packed = found === null ? null : openPackedLog(await readText(path));
  if (packed === null) throw notChecked('log.unreadable', { path });
  return packed;
}

/** A tile has 8,192 bytes; a checkpoint with a hundred cosignatures less than this. */
const maxFileBytes = 65_536;
const timeoutMs = 10_000;

/** The public half of a log, file by file from the gateway; needs no log-in. */
export function openGatewayLog(origin: string, year: string): LogReader {
  return async (path) => {
    const url = `${origin}/log/${year}/${path}`;
    const answer = await reach(() => fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }), origin);
    if (answer.status === 404) return null;
    const bytes = answer.ok && answer.body !== null ? await readAtMost(answer.body, maxFileBytes) : null;
    if (bytes !== null) return bytes;
    const title = `HTTP ${answer.status} /log/${year}/${path}`;
    throw new GatewayRefusal({ title, status: answer.status, detail: '', code: 'http.unexpected', requestId: '' });
  };
}

/** The log's key: as named, or the policy's, or the trust list's. */
export async function logKeyFor(
  checkpoint: Uint8Array,
  from: {
    readonly policy: WitnessPolicy | undefined;
    readonly named: string | undefined;
    readonly trust: string | undefined;
    readonly at: Date;
  },
): Promise<VerifierKey> {
  if (from.named !== undefined) {
    const key = parseVerifierKey(from.named);
    if (!key.ok) throw usageError('usage.logKey');
    return key.value;
  }
  const [origin = ''] = (noteFromBytes(checkpoint) ?? '').split('\n', 1);
  const ofPolicy = from.policy?.logs.map(({ key }) => everyYearOf(key)(origin)).find((key) => key !== null);
  if (ofPolicy !== undefined) return ofPolicy;
  const trust = await readTrust({ trust: from.trust, crl: undefined, at: from.at });
  const known = logKeyOfBytes(trust, checkpoint);
  if (known === null) throw notChecked('log.keyUnknown');
  return known;
}

/** The entry that a proof carries: it must lie in this log too, not only under the proof's own checkpoint. */
export async function entryOfProof(path: string): Promise<OwnEntry> {
  const proof = parseProof(await readText(path));
  if (!proof.ok || proof.value.extra === null) throw notChecked('file.unknown', { path });
  return { index: proof.value.index, entry: proof.value.extra };
}

export async function readText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw notChecked('file.missing', { path });
  return text;
}
