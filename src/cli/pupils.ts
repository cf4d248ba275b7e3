import { pupilsShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import { columns } from './format.ts';
import { openGateway } from './gateway-client.node.ts';

/** The roll of this school, for the ids that `send` wants. */
export async function pupils(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values } = readArguments(args, { options: {}, operands: [0, 0] });
  const gateway = await openGateway(cli, values.profile);
  const roll = pupilsShape.parse(await gateway.get('/api/pupils'));
  const rows = roll.items.map(({ id, homeroom, displayName, kana }) => [id, homeroom, displayName, kana]);
  return { exit: exitCodes.ok, value: roll, lines: columns(rows) };
}
