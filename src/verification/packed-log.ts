import { logFileBegin, openPackedLog } from '../audit/log-file.ts';
import type { LogFinding } from '../audit/log-findings.ts';
import { noteFromBytes } from '../audit/note.ts';
import { verifyLog } from '../audit/verify-log.ts';
import { type Report, type Verdict, verdict } from './report.ts';
import { logKeyOfBytes, type TrustMaterial } from './trust-material.ts';
import { witnessVerdicts } from './witness-verdicts.ts';

const shownFindings = 20;

export function isPackedLog(bytes: Uint8Array): boolean {
  const begin = new TextEncoder().encode(`${logFileBegin}\n`);
  return begin.every((byte, at) => bytes[at] === byte);
}

/** An exported log in one file: who signed its checkpoint, and whether the whole tree is under it. */
export async function verifyPackedLog(bytes: Uint8Array, trust: TrustMaterial): Promise<Report> {
  const read = openPackedLog(new TextDecoder().decode(bytes));
  const checkpoint = (await read?.('checkpoint')) ?? null;
  if (read === null || checkpoint === null) {
    return reportOf([
      verdict('structure', 'invalid', { reasons: [read === null ? 'log-malformed' : 'checkpoint.missing'] }),
    ]);
  }
  const whole = verdict('structure', 'valid');
  const logKey = logKeyOfBytes(trust, checkpoint);
  if (logKey === null) return reportOf([whole, verdict('signature', 'notChecked', { reasons: ['log-key-unknown'] })]);
  const { checkpoint: signed, findings, entriesChecked } = await verifyLog({ read, logKey });
  if (signed === null) return reportOf([whole, verdict('signature', 'invalid', { reasons: findings.map(reasonOf) })]);
  const about = `${signed.origin} ${signed.size}`;
  const reasons = findings.slice(0, shownFindings).map(reasonOf);
  const tree = verdict('tree', findings.length === 0 ? 'valid' : 'invalid', { about, reasons });
  const facts = { origin: signed.origin, size: Number(signed.size), entriesChecked: Number(entriesChecked) };
  const witnesses = await witnessVerdicts(noteFromBytes(checkpoint) ?? '', trust);
  return { ...reportOf([whole, verdict('signature', 'valid'), tree, ...witnesses]), facts };
}

function reportOf(verdicts: readonly Verdict[]): Report {
  return { kind: 'log', verdicts, facts: {}, remarks: [] };
}

/** The code, and where in the log. */
function reasonOf({ code, ...place }: LogFinding): string {
  return [code, ...Object.values(place).map(String)].join(':');
}
