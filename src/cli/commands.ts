import { acknowledge } from './acknowledge.ts';
import type { Command } from './cli.ts';
import { download } from './download.node.ts';
import { exportLog } from './export-log.node.ts';
import { inbox } from './inbox.ts';
import { login } from './login.node.ts';
import { open } from './open.ts';
import { pupils } from './pupils.ts';
import { receipts } from './receipts.node.ts';
import { returnUnopened } from './return.ts';
import { seal } from './seal.node.ts';
import { send } from './send.node.ts';
import { show } from './show.ts';
import { verify } from './verify.node.ts';
import { verifyLog } from './verify-log.node.ts';
import { withdraw } from './withdraw.ts';
import { witness } from './witness.node.ts';

/** Every command by its name, in the order of a record's way. */
export const commands = {
  login,
  pupils,
  send,
  seal,
  inbox,
  show,
  open,
  download,
  acknowledge,
  return: returnUnopened,
  withdraw,
  receipts,
  verify,
  'verify-log': verifyLog,
  'export-log': exportLog,
  witness,
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof commands;

export function isCommandName(text: string): text is CommandName {
  return Object.hasOwn(commands, text);
}
