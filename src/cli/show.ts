import { caseShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import { caseLines } from './case-lines.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import { openGateway } from './gateway-client.node.ts';

/** One case as it is now. */
export async function show(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, { options: {}, operands: [1, 1] });
  const gateway = await openGateway(cli, values.profile);
  const one = caseShape.parse(await gateway.get(casePath(positionals[0])));
  return { exit: exitCodes.ok, value: one, lines: caseLines(one, cli.locale) };
}
