import { caseShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import { caseLines } from './case-lines.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import { openGateway } from './gateway-client.node.ts';

/** 受領書: says that the records have been taken in. */
export async function acknowledge(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, { options: {}, operands: [1, 1] });
  const gateway = await openGateway(cli, values.profile);
  const done = caseShape.parse(await gateway.post(casePath(positionals[0], 'acknowledgement'), {}));
  return { exit: exitCodes.ok, value: done, lines: caseLines(done, cli.locale) };
}
