import type { Transaction } from '../../database/connection.ts';
import type { AssuranceLevel } from '../../policy/actor.ts';
import { after, logInHistoryDays, refusedLogInsToTell } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { lockKey } from '../store.ts';
import { notifyOfLogIn, notifyStaffOfLogIn } from './notify-of-log-in.ts';
import { unusualIn } from './rules.ts';
import { countRefused, insertLogIn, isTold, markTold, type Owner } from './store.ts';
import type { LogInOutcome, LogInReason, StaffLogInSubject } from './tables.ts';

type Noted = Owner & {
  readonly assurance: AssuranceLevel;
  /** The browser's User-Agent; shown to its owner alone. */
  readonly browser: string;
};

type Services = Pick<IdentityServices, 'clock'>;

/** Notes for the person's own eyes that they came in, or that one of their ways was added or taken away. */
export async function noteLogIn(
  tx: Transaction,
  services: Services,
  noted: Noted & { readonly outcome?: Exclude<LogInOutcome, 'refused'> },
): Promise<void> {
  await insertLogIn(tx, { ...rowOf(services, noted), outcome: noted.outcome ?? 'done' });
}

/** The same for a member of staff, who is written to when there is something unusual in it (ASVS 6.3.5). */
export async function noteStaffLogIn(
  tx: Transaction,
  services: Services,
  noted: Noted & { readonly staffId: string; readonly lastLogInAt: Date | null },
): Promise<void> {
  await lockOwner(tx, noted);
  const row = rowOf(services, noted);
  await insertLogIn(tx, { ...row, outcome: 'done' });
  const dayAgo = after(row.at, { days: -1 });
  const { lastLogInAt } = noted;
  const since = lastLogInAt === null || lastLogInAt < dayAgo ? dayAgo : lastLogInAt;
  const refused = await countRefused(tx, noted, since);
  for (const subject of unusualIn({ lastLogInAt, refused, at: row.at })) await tellOnce(tx, { row, subject });
}

/** Notes that somebody was turned away at this door. A few of them within a day are told by mail. */
export async function noteRefusal(
  tx: Transaction,
  services: Services,
  noted: Noted & { readonly reason: LogInReason },
): Promise<void> {
  await lockOwner(tx, noted);
  const row = rowOf(services, noted);
  await insertLogIn(tx, { ...row, outcome: 'refused', reason: noted.reason });
  const refused = await countRefused(tx, noted, after(row.at, { days: -1 }));
  if (refused >= refusedLogInsToTell) await tellOnce(tx, { row, subject: 'log-ins-refused' });
}

/** Two at once are counted one after the other. */
async function lockOwner(tx: Transaction, { personId, staffId }: Owner): Promise<void> {
  await lockKey(tx, `log-ins:${personId ?? staffId}`);
}

type NewRow = ReturnType<typeof rowOf>;

/** One mail of a kind and day: who guesses all night writes no hundred of them. */
async function tellOnce(
  tx: Transaction,
  { row, subject }: { readonly row: NewRow; readonly subject: StaffLogInSubject },
): Promise<void> {
  if (await isTold(tx, row, { subject, since: after(row.at, { days: -1 }) })) return;
  await markTold(tx, row.id, subject);
  if (row.staffId !== undefined) await notifyStaffOfLogIn(tx, { staffId: row.staffId, subject, at: row.at });
  // Of what happens at a person's door this alone comes here.
  else if (subject === 'log-ins-refused') await notifyOfLogIn(tx, { personId: row.personId, subject });
}

function rowOf({ clock }: Services, { personId, staffId, assurance, browser }: Noted) {
  const at = clock.now();
  const expiresAt = after(at, { days: logInHistoryDays });
  const owner: Owner = personId === undefined ? { staffId } : { personId };
  return { id: crypto.randomUUID(), ...owner, at, assurance, browser: browser.slice(0, 200), expiresAt };
}
