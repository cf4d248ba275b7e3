import postgres from 'postgres';

export interface Deliveries {
  readonly school: string;
  readonly board: string;
  readonly prefecture: string;
  /** First day of the month of their deposit. */
  readonly month: string;
  readonly state: 'acknowledged' | 'deposited' | 'returned';
  readonly count: number;
  /** Days from the deposit, on the 10th, to the acknowledgement; 20 is the day they are due. */
  readonly closedAfter?: number;
}

/** Writes rows of deliveries that no case stands behind: many, and of times past. */
export async function writeDeliveries(ownerUrl: string, all: readonly Deliveries[]): Promise<void> {
  await withProgress(ownerUrl, async (tx) => {
    for (const one of all) {
      await tx`
        insert into case_progress (id, case_id, attempt, side, school_code, board_code, prefecture, kind, state, since,
          submitted_at, deposited_at, closed_at, month, due_on, lost_on, closed_on, is_settled)
        select translate(md5(random()::text), '0189', 'wxyz'), md5(random()::text), 1, 'sender', ${one.school}, ${one.board},
          ${one.prefecture}, 'advancement', ${one.state}, deposited, deposited, deposited, closed, ${one.month}::date,
          ${one.month}::date + 29, ${one.month}::date + 50, (closed at time zone 'Asia/Tokyo')::date, ${one.state !== 'deposited'}
        from generate_series(1, ${one.count}::int),
          lateral (select (${one.month}::date + 9 + time '12:00') at time zone 'Asia/Tokyo' as deposited) d,
          lateral (select case when ${one.state !== 'deposited'} then deposited + make_interval(days => ${one.closedAfter ?? 5}::int) end as closed) c`;
    }
  });
}

/** Has a delivery be due on another day. */
export async function setDue(ownerUrl: string, caseId: string, dueOn: string): Promise<void> {
  await withProgress(ownerUrl, async (tx) => {
    await tx`update case_progress set due_on = ${dueOn}::date where case_id = ${caseId}`;
  });
}

/** As the owner of the tables, whom the policies bind too until they are told not to. */
async function withProgress(ownerUrl: string, work: (tx: postgres.TransactionSql) => Promise<void>): Promise<void> {
  const client = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await client.begin(async (tx) => {
      await tx`alter table case_progress no force row level security`;
      await work(tx);
      await tx`alter table case_progress force row level security`;
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}
