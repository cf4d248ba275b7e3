import type { Clock } from '../../clock.ts';
import type { Database, Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findMemberships } from '../../directory/find-member.ts';
import { notifyKeepers } from '../../directory/notify-staff.ts';
import type { JobHandler } from '../../notices/drain.ts';
import { JobMalformed } from '../../notices/job-malformed.ts';
import { dayInJapan } from '../rules.ts';

/** `{ staffId }`: a member of staff says that a log-in was not theirs. */
export const tellKeepersJob = 'log-ins.tell-keepers';

/**
 * Writes to those who keep the people of the schools where the account acts: principals, and the founder's
 * administrators. An administrator's account reaches every school of the founder: there the administrators are written to,
 * once, and no principal.
 */
export function tellKeepersHandler(services: { readonly database: Database; readonly clock: Clock }): JobHandler {
  return async (job) => {
    const { staffId } = job.payload;
    if (staffId === undefined) throw new JobMalformed('a log-ins.tell-keepers job needs staffId');
    await services.database.transaction(systemScope('login'), (tx) =>
      tellKeepers(tx, staffId, dayInJapan(services.clock.now())),
    );
  };
}

async function tellKeepers(tx: Transaction, staffId: string, day: string): Promise<void> {
  const memberships = await findMemberships(tx, staffId, day);
  const own = memberships.filter(({ role }) => role !== 'administrator');
  const [above] = memberships.filter(({ role }) => role === 'administrator');
  for (const { id, schoolCode: school } of own) {
    await notifyKeepers(tx, {
      school,
      day,
      subject: 'log-in-disowned',
      id,
      except: staffId,
      roles: ['principal', 'administrator'],
    });
  }
  if (above === undefined) return;
  const { id, schoolCode: school } = above;
  await notifyKeepers(tx, { school, day, subject: 'log-in-disowned', id, except: staffId, roles: ['administrator'] });
}
