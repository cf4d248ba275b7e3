import { systemScope } from '../../database/scope.ts';
import { composeNumberMail } from '../../notices/access-number-mail.ts';
import type { JobHandler } from '../../notices/drain.ts';
import type { Mailer } from '../../notices/mailer.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { hashNumber } from './number-hash.ts';
import { findReceivers } from './receivers.ts';
import { accessNumberFrom, hasEnded } from './rules.ts';
import { findAttempted, storeNumber } from './store.ts';

/** `{ attempt }`: the hash of the attempt's token. The number itself is in no job: it is made when it is sent. */
export const accessNumberJob = 'mail.access-number';

class AttemptMissing extends Error {
  override readonly name = 'AttemptMissing';
}

/**
 * Does the jobs that `beginCodeLogin` queues: makes a number, keeps its hash, and mails it to the holder's guardian. Run
 * twice, it sends another number under the same name of the mail, and the later one counts.
 */
export function accessNumberHandler(
  services: Pick<IdentityServices, 'database' | 'clock' | 'personTrust' | 'publicOrigin'>,
  mailer: Mailer,
): JobHandler {
  return async (job) => {
    const { attempt } = job.payload;
    if (attempt === undefined) throw new AttemptMissing('it needs an attempt');
    const now = services.clock.now();
    const attempted = await services.database.transaction(systemScope('access-code'), (tx) =>
      findAttempted(tx, attempt, now),
    );
    // Too late, used or withdrawn meanwhile: nobody waits for a number any more.
    if (attempted === null || hasEnded(attempted.code, now)) return;
    const receivers = await services.database.transaction(systemScope('linking'), (tx) =>
      findReceivers(tx, attempted.code, dayInJapan(now)),
    );
    if (receivers.length === 0) return;
    const number = accessNumberFrom(crypto.getRandomValues(new Uint32Array(1)));
    const numberHash = await hashNumber(services.personTrust.indexKey, number);
    const stored = await services.database.transaction(systemScope('access-code'), (tx) =>
      storeNumber(tx, attempt, numberHash),
    );
    if (!stored) return;
    for (const [index, to] of receivers.entries()) {
      await mailer.send(composeNumberMail({ id: `${job.id}-${index}`, to, number, origin: services.publicOrigin }));
    }
  };
}
