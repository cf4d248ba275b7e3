import { systemScope } from '../../database/scope.ts';
import { findSchools } from '../../directory/find-organisation.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, ownResource, type VerbContext } from '../act.ts';
import { countOpenReports } from './store.ts';

export interface OpenReports {
  readonly school: { readonly code: string; readonly name: string };
  readonly open: number;
  /** Whole days since the oldest of them came in. */
  readonly oldestDays: number;
}

/** Reports (心当たりがない) that are not closed: how many at each school of the board, and how old. Nothing of what they say. */
export async function countReports(context: VerbContext): Promise<Result<readonly OpenReports[]>> {
  const { actor, gateway } = context;
  const allowed = authorise(context, 'audit.read', ownResource(actor));
  if (!allowed.ok) return allowed;
  if (actor.kind !== 'staff') return refuse(fault('policy.denied', { detail: 'staff-only' }));
  const of = actor.role === 'auditor' ? { board: actor.school } : { school: actor.school };
  return gateway.database.transaction(systemScope('report-count'), async (tx) => {
    const rows = await countOpenReports(tx, of);
    const schools = await findSchools(
      tx,
      rows.map(({ school }) => school),
    );
    const now = gateway.clock.now().getTime();
    return ok(
      rows.map(({ school, open, oldest }) => ({
        school: { code: school, name: schools.get(school)?.name ?? school },
        open,
        oldestDays: oldest === null ? 0 : Math.floor((now - oldest.getTime()) / 86_400_000),
      })),
    );
  });
}
