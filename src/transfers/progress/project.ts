import { sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { findClosures } from '../../directory/calendar/closures.ts';
import { addDays } from '../../directory/calendar/public-holidays.ts';
import { findBoards } from '../../directory/find-contact.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { newId } from '../ids.ts';
import type { cases } from '../tables.ts';
import { type Deadlines, deadlinesOf, lookAheadDays, waitsFor } from './rules.ts';

type Row = typeof cases.$inferSelect;

/**
 * Writes how far a delivery has got, for both sides, in the transaction of the act. A draft is the school's own business
 * until its approval is asked for; the receiving side has none until the deposit.
 */
export async function projectCase(tx: Transaction, row: Row): Promise<void> {
  const sender: Side = { side: 'sender', school: row.senderCode, peer: row.recipientCode };
  const isArrived = row.recipientCode !== null && row.depositedAt !== null;
  const recipient: Side[] = isArrived
    ? [{ side: 'recipient', school: row.recipientCode ?? '', peer: row.senderCode }]
    : [];
  // Here a side's part begins, or its other side may have become another.
  if (row.state === 'submitted') await beginSide(tx, row, sender);
  if (row.state === 'deposited') for (const one of [sender, ...recipient]) await beginSide(tx, row, one);
  await move(tx, row, row.state === 'deposited' ? await findDeadlines(tx, row) : null);
}

interface Side {
  readonly side: 'sender' | 'recipient';
  readonly school: string;
  readonly peer: string | null;
}

async function beginSide(tx: Transaction, row: Row, { side, school, peer }: Side): Promise<void> {
  const at = row.updatedAt.toISOString();
  await tx.execute(sql`
    insert into case_progress (id, case_id, attempt, side, school_code, board_code, prefecture, kind, state, since, submitted_at, is_settled)
    select ${newId()}, ${row.id}, ${row.attempt}, ${side}, code, board_code, prefecture, ${row.kind}, ${row.state}, ${at}::timestamptz, ${at}::timestamptz, false
      from organisations where code = ${school}
    on conflict (case_id, attempt, side) do nothing`);
  if (peer === null) return;
  const codeHash = row.acceptanceCodeHash === null ? null : `code:${row.acceptanceCodeHash}`;
  await tx.execute(sql`
    insert into case_progress_peers (progress_id, case_id, school_code, subjects)
    select id, case_id, ${peer}, array_remove(array[${`pupil:${row.pupilId}`}, ${`case:${row.id}`}, ${codeHash}]::text[], null)
      from case_progress where case_id = ${row.id} and attempt = ${row.attempt} and side = ${side}
    on conflict (progress_id) do update set school_code = excluded.school_code, subjects = excluded.subjects`);
}

async function move(tx: Transaction, row: Row, deadlines: Deadlines | null): Promise<void> {
  const at = (instant: Date | null) => sql`${instant?.toISOString() ?? null}::timestamptz`;
  const dayOf = (instant: Date | null) => (instant === null ? null : dayInJapan(instant));
  const depositedOn = dayOf(row.depositedAt);
  const waits = waitsFor(row.state) !== null;
  const verdict = row.state === 'opened' || row.state === 'acknowledged' ? (row.verification?.outcome ?? null) : null;
  await tx.execute(sql`
    update case_progress set
      since = case when state = ${row.state} then since else ${at(row.updatedAt)} end,
      state = ${row.state},
      verdict = ${verdict},
      deposited_at = ${at(row.depositedAt)}, opened_at = ${at(row.openedAt)}, closed_at = ${at(row.closedAt)},
      month = ${depositedOn === null ? null : `${depositedOn.slice(0, 7)}-01`}::date,
      closed_on = ${dayOf(row.closedAt)}::date,
      due_on = coalesce(${deadlines?.dueOn ?? null}::date, due_on),
      lost_on = coalesce(${deadlines?.lostOn ?? null}::date, lost_on),
      reminders = coalesce(${deadlines?.reminders.join(',') ?? null}::text, reminders),
      remind_on = case when ${waits} then coalesce(${deadlines?.reminders[0] ?? null}::date, remind_on) end,
      is_settled = ${!waits}
    where case_id = ${row.id} and attempt = ${row.attempt}`);
}

async function findDeadlines(tx: Transaction, row: Row): Promise<Deadlines | null> {
  if (row.depositedAt === null || row.recipientCode === null) return null;
  const from = dayInJapan(row.depositedAt);
  const board = (await findBoards(tx, [row.recipientCode])).get(row.recipientCode) ?? null;
  return deadlinesOf(from, await findClosures(tx, board, { from, to: addDays(from, lookAheadDays) }));
}
