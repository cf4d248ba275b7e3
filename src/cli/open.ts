import { type Case, caseShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import { caseLines } from './case-lines.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { usageError } from './cli-error.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openGateway } from './gateway-client.node.ts';

/** Opens a package with the acceptance code, or by naming the pupil; the verdicts of its verification follow at once. */
export async function open(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, {
    options: {
      code: { type: 'string' },
      kana: { type: 'string' },
      'birth-date': { type: 'string' },
      homeroom: { type: 'string' },
    },
    operands: [1, 1],
  });
  const { code, kana, 'birth-date': birthDate, homeroom } = values;
  const hasPupil = kana !== undefined && birthDate !== undefined;
  if (code === undefined && !hasPupil) throw usageError('usage.open');
  const gateway = await openGateway(cli, values.profile);
  const opened = caseShape.parse(
    await gateway.post(casePath(positionals[0], 'opening'), {
      acceptanceCode: code ?? null,
      pupil: hasPupil ? { kana, birthDate } : null,
      homeroom: homeroom ?? null,
    }),
  );
  return { exit: exitOf(opened), value: opened, lines: caseLines(opened, cli.locale) };
}

/** Opened it is in any case; the code tells what the verification said. */
function exitOf({ verification }: Case): ExitCode {
  if (verification?.outcome === 'valid') return exitCodes.ok;
  return verification?.outcome === 'invalid' ? exitCodes.failed : exitCodes.notChecked;
}
