import { readFile } from 'node:fs/promises';
import type { CredentialCompanions } from '../verification/credential.ts';
import { examineFile, kindOf } from '../verification/examine.ts';
import type { PaperCompanions } from '../verification/paper.ts';
import { outcomeOf, type Report, type Word, worstOf } from '../verification/report.ts';
import type { TrustMaterial } from '../verification/trust-material.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { notChecked, usageError } from './cli-error.ts';
import { companionsOf, credentialOptions } from './credential-companions.node.ts';
import { exitOf } from './exit-codes.ts';
import { askingOf, originOptions, originToAsk } from './origin.node.ts';
import { paperOf, paperOptions } from './paper-companions.node.ts';
import { readPolicy } from './read-policy.node.ts';
import { readTrust } from './read-trust.node.ts';
import { reportLines } from './report-lines.ts';

/** Verifies files offline: nothing is asked of any server unless `--fetch-status` says so, and nothing is believed but the trust list given. */
export async function verify(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, {
    options: {
      trust: { type: 'string' },
      crl: { type: 'string' },
      proof: { type: 'string' },
      policy: { type: 'string' },
      renewal: { type: 'string', multiple: true },
      ...credentialOptions,
      ...paperOptions,
      ...originOptions,
    },
    operands: [1, 1000],
  });
  const proof = values.proof === undefined ? null : new TextDecoder().decode(await readOrRefuse(values.proof));
  if (proof !== null && positionals.length > 1) throw usageError('usage.proof');
  const witnessPolicy = await readPolicy(values.policy);
  const trust = async () => ({
    ...(await readTrust({
      trust: values.trust ?? cli.environment['HIKITSUGI_TRUST'],
      crl: values.crl,
      at: cli.clock.now(),
    })),
    ...(witnessPolicy === undefined ? {} : { witnessPolicy }),
  });
  const renewals = await Promise.all((values.renewal ?? []).map(readOrRefuse));
  const companions = await companionsOf(values, readOrRefuse);
  const asking = askingOf(await originToAsk(values, cli.environment));
  const paper = { ...(await paperOf(values, positionals, readOrRefuse)), ...asking };
  const reports: FileReport[] = [];
  for (const path of positionals) {
    const report = await examine(await readOrRefuse(path), { path, proof, renewals, companions, paper, trust });
    reports.push({ file: path, outcome: outcomeOf(report.verdicts), ...report });
  }
  const outcome = worstOf(reports.map((report) => report.outcome));
  return {
    exit: exitOf(outcome),
    value: { outcome, reports },
    lines: reports.flatMap((report) => reportLines(report, report.file, cli.locale)),
  };
}

interface FileReport extends Report {
  readonly file: string;
  readonly outcome: Word;
}

interface Examination {
  readonly path: string;
  readonly proof: string | null;
  readonly renewals: readonly Uint8Array[];
  readonly companions: CredentialCompanions;
  readonly paper: PaperCompanions;
  readonly trust: () => Promise<TrustMaterial>;
}

async function examine(
  bytes: Uint8Array,
  { path, proof, renewals, companions, paper, trust }: Examination,
): Promise<Report> {
  const kind = kindOf(bytes);
  if (proof !== null && kind !== 'receipt') throw usageError('usage.proof');
  if (kind === null) throw notChecked('file.unknown', { path });
  return examineFile({ kind, bytes, proof, renewals, companions, paper, trust });
}

async function readOrRefuse(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) throw notChecked('file.missing', { path });
  return new Uint8Array(bytes);
}
