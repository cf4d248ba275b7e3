import { timeText } from '../verification/time-text.ts';
import { type CasePage, casePageShape } from './api-shapes.ts';
import { oneOf, readArguments } from './arguments.ts';
import type { Cli, CommandResult } from './cli.ts';
import { exitCodes } from './exit-codes.ts';
import { columns } from './format.ts';
import { type GatewayClient, openGateway } from './gateway-client.node.ts';
import { cliText, cliTextOr } from './text.ts';

const states = [
  'draft',
  'submitted',
  'approved',
  'sealed',
  'deposited',
  'opened',
  'acknowledged',
  'returned',
  'withdrawn',
] as const;

/** What has come to this school, newest first; `--sent` shows what it sends. */
export async function inbox(args: readonly string[], cli: Cli): Promise<CommandResult> {
  const { values } = readArguments(args, {
    options: { sent: { type: 'boolean' }, state: { type: 'string' }, all: { type: 'boolean' } },
    operands: [0, 0],
  });
  const gateway = await openGateway(cli, values.profile);
  const query = new URLSearchParams({ side: values.sent === true ? 'sender' : 'recipient', limit: '50' });
  if (values.state !== undefined) query.set('state', oneOf('--state', values.state, states));
  const { items, next } = await readPages(gateway, query, values.all === true ? 200 : 1);
  const rows = items.map((one) => [
    one.id,
    cliTextOr(cli.locale, `state.${one.state}`, one.state),
    timeText(new Date(one.updatedAt)),
    one.pupil.displayName,
    `${one.sender.name} → ${one.recipient?.name ?? '—'}`,
  ]);
  const more = next === null ? [] : [cliText(cli.locale, 'inbox.more')];
  const lines = rows.length === 0 ? [cliText(cli.locale, 'inbox.empty')] : [...columns(rows), ...more];
  return { exit: exitCodes.ok, value: { items, next }, lines };
}

async function readPages(gateway: GatewayClient, query: URLSearchParams, most: number): Promise<CasePage> {
  const items: CasePage['items'] = [];
  let next: string | null = null;
  for (let page = 0; page < most; page += 1) {
    if (next !== null) query.set('cursor', next);
    const answer: CasePage = casePageShape.parse(await gateway.get(`/api/cases?${query.toString()}`));
    items.push(...answer.items);
    next = answer.next;
    if (next === null) break;
  }
  return { items, next };
}
