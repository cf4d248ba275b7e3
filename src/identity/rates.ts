import { createHmac } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { logEvent } from './audit.ts';
import { type Arrival, type Counted, narrowestOf, type RateVerdict, windowSeconds } from './rate-rules.ts';
import { dayInJapan } from './rules.ts';
import type { IdentityServices } from './services.ts';
import { rateLimits } from './tables.ts';

type Services = Pick<IdentityServices, 'clock' | 'personTrust' | 'rates' | 'sealDetail'>;

/**
 * Counts a request against all of these at once, in the caller's transaction (scope `system:login` or
 * `system:linking`): one statement for every process together. Null when nothing is to be counted.
 *
 * @see GCRA, ITU-T I.371: a bucket is the one instant until which its arrivals are paid for; a whole quota may come at once
 */
export async function takeRates(
  tx: Transaction,
  services: Services,
  counted: readonly Counted[],
): Promise<RateVerdict | null> {
  const asked = counted.map((one) => ({
    ...one,
    key: keyOf(services, one),
    perMinute: one.perMinute ?? services.rates.perMinute[one.name],
  }));
  const narrowest = narrowestOf(await arrive(tx, asked));
  if (narrowest?.allowed === false) await tellOnce(tx, services, narrowest);
  return narrowest;
}

/** Forgets buckets that are full again; gives how many. */
export async function forgetRates(tx: Transaction): Promise<number> {
  const gone = await tx.execute(sql`delete from ${rateLimits} where expires_at < now() returning 1 as one`);
  return gone.length;
}

/** A pseudonym of the day: whoever reads the table learns neither address nor account, and cannot follow one from day to day. */
function keyOf({ clock, personTrust }: Services, { name, subject }: Counted): string {
  const text = ['hikitsugi/rate-limit/v1', dayInJapan(clock.now()), name, subject].join('\0');
  return createHmac('sha256', personTrust.indexKey).update(text).digest('hex').slice(0, 40);
}

interface Asked extends Counted {
  readonly key: string;
  readonly perMinute: number;
}

/**
 * Takes one step from every bucket that has one left. The database's clock counts, since it is the one that all processes
 * share. Keys in order, so that two requests never wait for each other in a circle.
 */
async function arrive(tx: Transaction, asked: readonly Asked[]): Promise<readonly Arrival[]> {
  const rows = await tx.execute(sql`
    with asked as (
      select *, ${windowSeconds} * interval '1 second' / "perMinute" as step
      from jsonb_to_recordset(${JSON.stringify(asked)}) as a (key text, name text, subject text, "perMinute" float8)
      order by key
    ), taken as (
      insert into ${rateLimits} as r (key, arrival, expires_at)
      select key, statement_timestamp() + step, statement_timestamp() + ${windowSeconds} * interval '1 second' from asked
      on conflict (key) do update set
        arrival = greatest(r.arrival, statement_timestamp()) + (excluded.arrival - statement_timestamp()),
        expires_at = excluded.expires_at
      where r.arrival <= statement_timestamp() + (excluded.expires_at - excluded.arrival)
      returning key, arrival
    )
    select asked.name, asked.subject, asked."perMinute", taken.key is not null as allowed, coalesce(
      extract(epoch from coalesce(taken.arrival, former.arrival) - statement_timestamp())::float8, ${windowSeconds}
    ) as seconds
    from asked left join taken using (key) left join ${rateLimits} former using (key)`);
  // Sound: the columns of the statement above, of the types that it gives them.
  return rows as unknown as readonly Arrival[];
}

/** One entry a minute for a bucket that refuses: a flood must not become a flood of log entries. */
async function tellOnce(tx: Transaction, services: Services, verdict: RateVerdict): Promise<void> {
  const told = await tx.execute(sql`
    update ${rateLimits} set told_at = statement_timestamp()
    where key = ${keyOf(services, verdict)}
      and (told_at is null or told_at < statement_timestamp() - interval '1 minute') returning 1 as one`);
  if (told.length === 0) return;
  await logEvent(tx, services, {
    name: 'access.denied',
    refused: `too-often:${verdict.name}`,
    organisation: verdict.name === 'school' ? verdict.subject : null,
    actorRole: verdict.name === 'client' ? 'machineClient' : 'anonymous',
  });
}
