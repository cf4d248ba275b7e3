import { readFile } from 'node:fs/promises';
import { parsePolicy, type WitnessPolicy } from '../audit/witness-policy.ts';
import { notChecked, usageError } from './cli-error.ts';

/** The policy of witnesses that a reader has chosen to believe (C2SP tlog-policy); undefined without one. */
export async function readPolicy(path: string | undefined): Promise<WitnessPolicy | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw notChecked('file.missing', { path });
  const policy = parsePolicy(text);
  if (!policy.ok) throw usageError('usage.policy', { path, line: policy.fault.line, reason: policy.fault.reason });
  return policy.value;
}
