import { readFile } from 'node:fs/promises';
import { evidenceType } from '../audit/evidence.ts';
import { parseJws } from '../crypto/jose.ts';
import { manifestType } from '../records/manifest.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { notChecked, usageError } from './cli-error.ts';
import { verifyContainer } from './verification/container.ts';
import { parseJson, verifyManifest } from './verification/manifest.ts';
import { isPdf, verifyPdfFile } from './verification/pdf.ts';
import { readTrust } from './verification/read-trust.node.ts';
import { verifyReceipt } from './verification/receipt.ts';
import { exitOf, outcomeOf, type Report, type Word, worstOf } from './verification/report.ts';
import { reportLines } from './verification/report-lines.ts';
import type { TrustMaterial } from './verification/trust-material.ts';

/** Verifies files offline: nothing is asked of any server, and nothing is believed but the trust list given. */
export async function verify(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, {
    options: { trust: { type: 'string' }, crl: { type: 'string' }, proof: { type: 'string' } },
    operands: [1, 1000],
  });
  const proof = values.proof === undefined ? null : new TextDecoder().decode(await readOrRefuse(values.proof));
  if (proof !== null && positionals.length > 1) throw usageError('usage.proof');
  const trust = () =>
    readTrust({ trust: values.trust ?? cli.environment['HIKITSUGI_TRUST'], crl: values.crl, at: cli.clock.now() });
  const reports: FileReport[] = [];
  for (const path of positionals) {
    const report = await examine(await readOrRefuse(path), { path, proof, trust });
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
  readonly trust: () => Promise<TrustMaterial>;
}

/** What it is stands in its first bytes; the ending of its name is anybody's word. */
async function examine(bytes: Uint8Array, { path, proof, trust }: Examination): Promise<Report> {
  if (isPdf(bytes)) return verifyPdfFile(bytes, await trust());
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return verifyContainer(bytes, await trust());
  const type = jwsType(bytes);
  if (proof !== null && type !== evidenceType) throw usageError('usage.proof');
  if (type === evidenceType) return verifyReceipt(bytes, await trust(), proof);
  if (type === manifestType) return verifyManifest(bytes, await trust());
  throw notChecked('file.unknown', { path });
}

function jwsType(bytes: Uint8Array): unknown {
  const parsed = parseJws(parseJson(bytes));
  return parsed.ok ? parsed.value.protectedHeader['typ'] : null;
}

async function readOrRefuse(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) throw notChecked('file.missing', { path });
  return new Uint8Array(bytes);
}
