import { createHmac } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { logEvent } from './audit.ts';
import type { Counted } from './rate-rules.ts';
import { dayInJapan } from './rules.ts';
import type { IdentityServices } from './services.ts';
import { rateLimits } from './tables.ts';

/** The narrowest of the limits that a request was counted against. */
export interface RateVerdict extends Counted {
  readonly allowed: boolean;
  readonly perMinute: number;
  readonly remaining: number;
  /** Until all of the quota is there again. */
  readonly resetSeconds: number;
  /** Until one more is let through; 0 when this one was. */
  readonly retryAfterSeconds: number;
}

type Services = Pick<IdentityServices, 'clock' | 'personTrust' | 'rates' | 'sealDetail'>;

const windowSeconds = 60;

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
  if (counted.length === 0) return null;
  const asked = counted.map((one) => ({
    ...one,
    key: keyOf(services, one),
    perMinute: one.perMinute ?? services.rates.perMinute[one.name],
  }));
  const steps = asked.map(({ perMinute }) => windowSeconds / perMinute);
  const ahead = await arrive(
    tx,
    asked.map(({ key }) => key),
    steps,
  );
  const verdicts = asked.map(({ name, subject, key, perMinute }, index) => {
    const paid = ahead.get(key) ?? { allowed: false, seconds: windowSeconds };
    return verdictOf({ name, subject, perMinute, ...paid, step: steps[index] ?? 1 });
  });
  const [narrowest] = verdicts.toSorted(byNarrowness);
  if (narrowest !== undefined && !narrowest.allowed) await tellOnce(tx, services, narrowest);
  return narrowest ?? null;
}

/** Forgets buckets that are full again; gives how many. */
export async function forgetRates(tx: Transaction): Promise<number> {
  const gone = await tx.execute(sql`delete from ${rateLimits} where expires_at < now() returning 1 as one`);
  return gone.length;
}

/** A pseudonym of the day: whoever reads the table learns neither address nor account, and cannot follow one from day to day. */
function keyOf({ clock, personTrust }: Services, { name, subject }: Counted): string {
  const text = ['hikitsugi/rate-limit/v1', dayInJapan(clock.now()), name, subject].join('\0');
  return createHmac('sha256', personTrust.indexKey).update(text, 'utf8').digest('hex').slice(0, 40);
}

interface Paid {
  readonly allowed: boolean;
  /** How far ahead of now the bucket is paid for. */
  readonly seconds: number;
}

/**
 * Takes one step from every bucket that has one left. The database's clock counts, since it is the one that all processes
 * share. Keys in order, so that two requests never wait for each other in a circle.
 */
async function arrive(
  tx: Transaction,
  keys: readonly string[],
  steps: readonly number[],
): Promise<ReadonlyMap<string, Paid>> {
  const rows = await tx.execute(sql`
    with asked as (
      select key, step * interval '1 second' as step
      from unnest(${`{${keys.join(',')}}`}::text[], ${`{${steps.join(',')}}`}::float8[]) as a (key, step) order by key
    ), taken as (
      insert into ${rateLimits} as r (key, arrival, expires_at)
      select key, statement_timestamp() + step, statement_timestamp() + ${windowSeconds} * interval '1 second' from asked
      on conflict (key) do update set
        arrival = greatest(r.arrival, statement_timestamp()) + (excluded.arrival - statement_timestamp()),
        expires_at = excluded.expires_at
      where r.arrival <= statement_timestamp() + (excluded.expires_at - excluded.arrival)
      returning key, arrival
    )
    select asked.key, taken.key is not null as allowed,
      extract(epoch from coalesce(taken.arrival, former.arrival) - statement_timestamp())::float8 as seconds
    from asked left join taken using (key) left join ${rateLimits} former using (key)`);
  return new Map(
    rows.map((row) => [
      String(row['key']),
      { allowed: row['allowed'] === true, seconds: Number(row['seconds'] ?? windowSeconds) },
    ]),
  );
}

function verdictOf(input: Counted & Paid & { readonly perMinute: number; readonly step: number }): RateVerdict {
  const { name, subject, perMinute, allowed, seconds, step } = input;
  return {
    name,
    subject,
    perMinute,
    allowed,
    remaining: allowed ? Math.max(0, Math.floor((windowSeconds - seconds) / step)) : 0,
    resetSeconds: Math.max(0, Math.ceil(seconds)),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(seconds - windowSeconds + step)),
  };
}

/** Refusals first, the longest wait before the shorter; else what has the smallest share left. */
function byNarrowness(a: RateVerdict, b: RateVerdict): number {
  return b.retryAfterSeconds - a.retryAfterSeconds || a.remaining / a.perMinute - b.remaining / b.perMinute;
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
