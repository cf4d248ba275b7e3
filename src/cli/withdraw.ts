import { caseShape, withdrawalsShape } from './api-shapes.ts';
import { readArguments } from './arguments.ts';
import { caseLines } from './case-lines.ts';
import { casePath } from './case-path.ts';
import type { Cli, CommandResult } from './cli.ts';
import { usageError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { columns } from './format.ts';
import { type GatewayClient, openGateway } from './gateway-client.node.ts';
import { cliText } from './text.ts';

/** As many as the gateway takes at once. */
const most = 200;

/** 取下げ: takes packages back before they are opened, with a reason; several at once, each with its own outcome. */
export async function withdraw(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values, positionals } = readArguments(args, { options: { reason: { type: 'string' } }, operands: [1, most] });
  const { reason } = values;
  if (reason === undefined || reason.trim() === '') throw usageError('usage.reason');
  // No request is begun with an id that is none.
  const [path = ''] = positionals.map((id) => casePath(id, 'withdrawal'));
  const gateway = await openGateway(cli, values.profile);
  if (positionals.length > 1) return withdrawMany(gateway, { cases: positionals, reason }, cli);
  const done = caseShape.parse(await gateway.post(path, { reason }));
  return { exit: exitCodes.ok, value: done, lines: caseLines(done, cli.locale) };
}

async function withdrawMany(
  gateway: GatewayClient,
  wanted: { readonly cases: readonly string[]; readonly reason: string },
  cli: Cli,
): Promise<CommandResult> {
  const done = withdrawalsShape.parse(await gateway.post('/api/withdrawals', wanted));
  const lines = columns(
    done.items.map((item) => [
      `${item.outcome === 'withdrawn' ? '✓' : '✗'} ${item.caseId}`,
      cliText(cli.locale, `withdraw.${item.outcome}`),
      item.case?.pupil.displayName ?? '',
    ]),
  );
  const isWhole = done.items.every(({ outcome }) => outcome === 'withdrawn');
  const hasOpened = done.items.some(({ outcome }) => outcome === 'alreadyOpened');
  const incident = hasOpened ? [cliText(cli.locale, 'withdraw.incident')] : [];
  return { exit: isWhole ? exitCodes.ok : exitCodes.failed, value: done, lines: [...lines, ...incident] };
}
