import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { renewalJob } from '../tables.ts';
import { renewOne } from './renew-one.ts';
import { claimDue, enlistCertificates } from './store.ts';

export interface RenewalRound {
  readonly renewed: number;
  /** Looked at, and good for longer. */
  readonly standing: number;
  readonly failed: number;
}

const enlistedAtOnce = 1_000;
const roundSize = 200;
const leaseMs = 3_600_000;

/**
 * One round of the evidence renewal, for the hourly work: looks at the certificates that are due and renews those whose
 * evidence ends soon, one by one. Bounded, resumable, and safe to run in several processes at once. Without the time-stamp
 * authority the round ends early, and what is left is taken up by a later one.
 */
export async function renewCertificates(gateway: Gateway): Promise<RenewalRound> {
  const scope = systemScope(renewalJob);
  const now = gateway.clock.now();
  await gateway.database.transaction(scope, (tx) => enlistCertificates(tx, now, enlistedAtOnce));
  const due = await gateway.database.transaction(scope, (tx) =>
    claimDue(tx, { now, until: new Date(now.getTime() + leaseMs), limit: roundSize }),
  );
  const round = { renewed: 0, standing: 0, failed: 0 };
  for (const row of due) {
    // What broke on the way, such as the object store, is tried again when the lease ends.
    const outcome = await renewOne(gateway, row).catch(() => 'failed' as const);
    if (outcome === 'no-time') {
      round.failed += 1;
      break;
    }
    if (outcome !== 'gone') round[outcome] += 1;
  }
  return round;
}

/** For the operator: some certificates could not be renewed; `certificate_evidence.problem` says why. */
export class CertificatesNotRenewed extends Error {
  override readonly name = 'CertificatesNotRenewed';
}
