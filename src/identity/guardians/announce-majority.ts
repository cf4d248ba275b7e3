import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { after, dayInJapan } from '../rules.ts';
import { notifyGuardians } from './notify-guardians.ts';
import { bornUntil } from './rules.ts';
import { markMajority } from './store.ts';
import type { GuardianSubject } from './tables.ts';

const daysAhead = 30;

/**
 * Tells guardians and pupil thirty days ahead, and on the day, that the pupil comes of age. It only tells: the access
 * itself ends by the date at each request, whether or not this has run. For the hourly round.
 */
export async function announceMajority(services: {
  readonly database: Database;
  readonly clock: Clock;
}): Promise<number> {
  const at = services.clock.now();
  const [today, soon] = [dayInJapan(at), dayInJapan(after(at, { days: daysAhead }))];
  return services.database.transaction(systemScope('linking'), async (tx) => {
    const reached = await markMajority(tx, { kind: 'reached', bornUntil: bornUntil(today), bornAfter: null, at });
    const ahead = await markMajority(tx, {
      kind: 'ahead',
      bornUntil: bornUntil(soon),
      bornAfter: bornUntil(today),
      at,
    });
    const told: readonly (readonly [readonly string[], GuardianSubject])[] = [
      [reached, 'majority-reached'],
      [ahead, 'majority-ahead'],
    ];
    for (const [pupilIds, subject] of told) {
      for (const pupilId of pupilIds) await notifyGuardians(tx, { pupilId, subject });
    }
    return reached.length + ahead.length;
  });
}
