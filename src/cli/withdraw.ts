import { caseShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import { caseLines } from './case-lines.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { openGateway } from './gateway-client.node.ts';

/** 取下げ: takes a package back before it is opened, with a reason. */
export async function withdraw(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, { options: { reason: { type: 'string' } }, operands: [1, 1] });
  const { reason } = values;
  if (reason === undefined || reason.trim() === '') throw usageError('usage.reason');
  const gateway = await openGateway(cli, values.profile);
  const done = caseShape.parse(await gateway.post(casePath(positionals[0], 'withdrawal'), { reason }));
  return { exit: exitCodes.ok, value: done, lines: caseLines(done, cli.locale) };
}
