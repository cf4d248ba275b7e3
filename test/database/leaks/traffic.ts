import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../src/database/connection.ts';
import type { ActorScope } from '../../../src/database/scope.ts';

/** What is under test: the gateway's database, or the naive shared pool on which the harness must find leaks. */
export interface Subject {
  transaction<T>(scope: ActorScope, work: (tx: Transaction) => Promise<T>): Promise<T>;
}

export interface Journal {
  readonly acknowledged: Set<string>;
  readonly refused: Set<string>;
  readonly unknown: Set<string>;
  stuck: number;
  begun: number;
  idling: number;
}

export const rowsPerTransaction = 5;
export const actorColumns = `label text not null, part int not null, actor text not null,
  acted_as text default current_setting('app.actor', true), within text default current_setting('app.transaction', true)`;

class FailedOnPurpose extends Error {}

/** Begins transactions until told to stop; every fourth fails on purpose half-way, some waiting in the middle. */
export async function keepTrading(subject: Subject, journal: Journal, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const label = randomUUID();
    const actor = `staff:${randomInt(1000)}`;
    const failsAt = randomInt(4) === 0 ? randomInt(1, rowsPerTransaction) : null;
    const outcome = subject
      .transaction({ actor }, (tx) => writeParts(tx, { label, actor, failsAt, journal }))
      .then(() => journal.acknowledged, outcomeSet(journal, failsAt));
    const settled = await Promise.race([outcome, patience()]);
    if (settled === 'stuck') journal.stuck += 1;
    else settled.add(label);
  }
}

interface Parts {
  readonly label: string;
  readonly actor: string;
  readonly failsAt: number | null;
  readonly journal: Journal;
}

/** Two rows under row level security and three in a table without, where only the client's order keeps strays out. */
async function writeParts(tx: Transaction, { label, actor, failsAt, journal }: Parts): Promise<void> {
  journal.begun += 1;
  for (let part = 0; part < rowsPerTransaction; part += 1) {
    if (part === failsAt) throw new FailedOnPurpose();
    const table = sql.identifier(part < 2 ? 'guarded_rows' : 'open_rows');
    await tx.execute(sql`insert into ${table} (label, part, actor) values (${label}, ${part}, ${actor})`);
    // A cut may find the transaction waiting for the server, or idle between two statements: both matter.
    if (randomInt(4) === 0) await tx.execute(sql`select pg_sleep(${randomInt(3) / 1000})`);
    // Some idle until somebody else has begun, on the same slot perhaps: the driver connects again for whom it likes.
    if (randomInt(8) === 0) await somebodyElse(journal);
  }
}

async function somebodyElse(journal: Journal): Promise<void> {
  const before = journal.begun;
  journal.idling += 1;
  for (let tries = 0; tries < 30 && journal.begun === before; tries += 1) await pause(5);
  journal.idling -= 1;
}

function outcomeSet(journal: Journal, failsAt: number | null): (reason: unknown) => Set<string> {
  return (reason) => {
    if (failsAt !== null || reason instanceof FailedOnPurpose) return journal.refused;
    return reason instanceof Error && reason.name === 'CommitUnknown' ? journal.unknown : journal.refused;
  };
}

function patience(): Promise<'stuck'> {
  return new Promise((resolve) => setTimeout(resolve, 6_000, 'stuck').unref());
}
