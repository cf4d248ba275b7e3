import type { Transaction } from '../../database/connection.ts';
import type { AssuranceLevel } from '../../policy/actor.ts';
import { after, logInHistoryDays, refusedLogInsToTell } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import type { LogInOutcome, LogInReason } from '../tables.ts';
import { notifyOfLogIn } from './notify-of-log-in.ts';
import { countRefused, insertLogIn } from './store.ts';

interface Noted {
  readonly personId: string;
  readonly assurance: AssuranceLevel;
  /** The browser's User-Agent; shown to the person alone. */
  readonly browser: string;
}

type Services = Pick<IdentityServices, 'clock'>;

/** Notes for the person's own eyes that they came in, or that one of their ways was added or taken away. */
export async function noteLogIn(
  tx: Transaction,
  services: Services,
  noted: Noted & { readonly outcome?: Exclude<LogInOutcome, 'refused'> },
): Promise<void> {
  await insertLogIn(tx, { ...rowOf(services, noted), outcome: noted.outcome ?? 'done' });
}

/** Notes that somebody was turned away at this person's door. Every few of them within a day are told by mail. */
export async function noteRefusal(
  tx: Transaction,
  services: Services,
  noted: Noted & { readonly reason: LogInReason },
): Promise<void> {
  const { personId, reason } = noted;
  await insertLogIn(tx, { ...rowOf(services, noted), outcome: 'refused', reason });
  const refused = await countRefused(tx, personId, after(services.clock.now(), { days: -1 }));
  if (refused % refusedLogInsToTell === 0) await notifyOfLogIn(tx, { personId, subject: 'log-ins-refused' });
}

function rowOf({ clock }: Services, { personId, assurance, browser }: Noted) {
  const at = clock.now();
  const expiresAt = after(at, { days: logInHistoryDays });
  return { id: crypto.randomUUID(), personId, at, assurance, browser: browser.slice(0, 200), expiresAt };
}
