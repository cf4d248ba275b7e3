import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { LedgerLine } from './ledger-line.ts';
import type { CaseView, SchoolName } from './view.ts';
import { word } from './words.tsx';

/** The schools of the case, as far as this reader is told them. */
export type LineParties = Pick<CaseView, 'sender' | 'recipient'>;

/** A line of the ledger as a person reads it: when, what, and who by school and role. */
export function entryOf(locale: Locale, line: LedgerLine, parties: LineParties) {
  const role = word(
    locale,
    `role.${line.role}`,
    line.role === 'machineClient'
      ? 'ledger.machineClient'
      : line.side === 'gateway'
        ? 'ledger.gateway'
        : 'ledger.person',
  );
  const refused = line.outcome === 'refused' ? t(locale, 'ledger.refused') : '';
  // A board's act stands in the part of its school, and is not the school's.
  const isBoards = line.role === 'auditor';
  const side = word(locale, `ledger.${isBoards ? 'board-' : ''}${actingSide(line)}`, 'ledger.gateway');
  const school = isBoards ? undefined : schoolOf(line, parties);
  return {
    at: new Date(line.at),
    title: `${word(locale, `event.${line.event}`, 'event.other')}${whyOf(locale, line)}${refused}`,
    who: `${[side, school?.name, role].filter((part) => part !== undefined).join(' ・ ')}${levelOf(locale, line)}`,
  };
}

/** What concerns both schools stands in the ledger of both; who did it is told by the act. */
function actingSide({ event, side }: Pick<LedgerLine, 'event' | 'side'>): LedgerLine['side'] {
  if (side === 'person' || side === 'gateway') return side;
  if (receiverActs.includes(event)) return 'recipient';
  return senderActs.includes(event) ? 'sender' : side;
}

const senderActs = ['package.deposited', 'package.withdrawn'];
const receiverActs = ['package.opened', 'package.returned', 'package.acknowledged', 'custody.moved'];

function schoolOf(line: LedgerLine, { sender, recipient }: LineParties): SchoolName | undefined {
  const acting = actingSide(line);
  const school = acting === 'sender' ? sender : acting === 'recipient' ? recipient : null;
  return school ?? undefined;
}

/** With what kind of log-in it was done: weaker and stronger ones are told apart for ever. */
function levelOf(locale: Locale, { assurance }: LedgerLine): string {
  if (assurance === null) return '';
  const level = word(locale, `level.${assurance}`, 'level.unknown');
  return locale === 'ja' ? `（${level}）` : ` (${level})`;
}

/** Of an emergency its kind is told, to the pupil as well. */
function whyOf(locale: Locale, { reason }: LedgerLine): string {
  return reason === null ? '' : ` (${word(locale, `glass.category-${reason}`, 'event.other')})`;
}
