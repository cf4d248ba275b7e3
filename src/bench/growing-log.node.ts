import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { claimLog, type LogClaim } from '../audit/claim.ts';
import { type EntryBody, encodeBody } from '../audit/entry.ts';
import { openLogKey } from '../audit/log-key.ts';
import { logOfYear } from '../audit/log-name.ts';
import { findProof } from '../audit/proof.ts';
import { publish } from '../audit/publisher.ts';
import { sequence } from '../audit/sequencer.ts';
import { systemClock } from '../clock.ts';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import type { ObjectStore } from '../objects/store.ts';

/** A log that is filled with synthetic entries by the gateway's own sequencer and publisher. */
export interface GrowingLog {
  /** Appends so many, sequences and publishes them. */
  readonly grow: (entries: number) => Promise<void>;
  /** The same for a handful, as one round of a working gateway does. */
  readonly round: () => Promise<void>;
  /** Makes the proof of an entry of any age and verifies it. */
  readonly prove: () => Promise<void>;
}

const schools = Array.from({ length: 40 }, (_, at) => `B1${String(11 + at)}11999${String(at).padStart(4, '0')}`);
const atOnce = 4096;
/** What a gateway sequences in a round when it is neither idle nor at its peak. */
const inRound = 64;
/** One in so many entries is kept in mind to be proven. */
const remembered = 97;

export async function openGrowingLog(database: Database, store: ObjectStore, year: number): Promise<GrowingLog> {
  const log = logOfYear('bench.example/log', year);
  const signer = await openLogKey(log.origin, new Uint8Array(randomBytes(32)));
  const claim = await claimLog(database, log.origin);
  const publishing = { database, store, log, signer, witnessing: null };
  const source = { database, store, logOf: () => Promise.resolve({ log, key: signer.key }) };
  const known: string[] = [];
  const append = async (entries: number): Promise<void> => {
    const ids = await insertPending(database, entries);
    known.push(...ids.filter((_, at) => at % remembered === 0));
    await sequenceAll(database, claim, entries);
  };
  return {
    async grow(entries) {
      for (let left = entries; left > 0; left -= atOnce) await append(Math.min(left, atOnce));
      await publish(publishing);
    },
    async round() {
      await append(inRound);
      await publish(publishing);
    },
    async prove() {
      const id = known[Math.floor(Math.random() * known.length)] ?? '';
      // It verifies what it makes before it gives it out.
      if ((await findProof(source, systemScope('ledger'), id)) === null) throw new Error('an entry has no proof');
    },
  };
}

async function sequenceAll(database: Database, claim: LogClaim, entries: number): Promise<void> {
  let done = 0;
  while (done < entries) {
    const placed = await sequence(database, claim, { clock: systemClock });
    if (placed === 0) throw new Error('entries are missing');
    done += placed;
  }
}

/** What acts write, thousands in one statement: readable row and pending entry. */
async function insertPending(database: Database, entries: number): Promise<readonly string[]> {
  const rows = Array.from({ length: entries }, (_, at) => ({
    id: randomUUID(),
    organisation: schools[at % schools.length] ?? null,
    body: encodeBody(anEntry()),
  }));
  await database.transaction(systemScope('bench'), (tx) =>
    tx.execute(sql`
      with row as (
        select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row(id uuid, organisation text, body text)
      ), event as (
        insert into audit_events (id, at, name, outcome, side, organisation, actor_role, person_visible, sealed_detail)
        select id, now(), 'package.deposited', 'done', 'sender', organisation, 'clerk', false, '\\x00'::bytea from row
      )
      insert into audit_pending (event_id, organisation, body) select id, organisation, body from row`),
  );
  return rows.map(({ id }) => id);
}

function anEntry(): EntryBody {
  return {
    v: 1,
    event: 'package.deposited',
    time: systemClock.now().toISOString(),
    side: 'sender',
    orgRole: 'clerk',
    purpose: 'schoolTransfer',
    objectDigest: null,
    token: randomBytes(16).toString('hex'),
    nonce: randomBytes(16).toString('hex'),
    commitment: createHash('sha256').update(randomBytes(32)).digest('hex'),
  };
}
