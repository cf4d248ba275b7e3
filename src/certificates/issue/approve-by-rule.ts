import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import type { AssuranceLevel } from '../../policy/actor.ts';
import type { Prepared } from '../requests/prepare.ts';
import { certificatesJob, recordByGateway } from '../requests/record.ts';
import { changeRequest, type RequestRow } from '../requests/store.ts';
import { byRule } from '../requests/view.ts';
import { findSettings } from '../template-store.ts';

/** What may be issued now: exactly what was approved. */
export interface Approved extends Prepared {
  readonly row: RequestRow;
}

/** A paper and a mail are weak proof: such a request is looked at by people. */
const strongLevels: readonly AssuranceLevel[] = ['certificate', 'digitalAuthenticationApp'];

/**
 * The standing rule of the principal: a kind that is issued at once, to who has logged in with a card or the app. Null
 * where the rule does not reach; then people check and approve.
 */
export async function approveByRule(
  gateway: Pick<Gateway, 'database' | 'clock' | 'sealDetail'>,
  row: RequestRow,
  prepared: Prepared,
): Promise<Approved | null> {
  const scope = { ...systemScope(certificatesJob), school: row.schoolCode };
  return gateway.database.transaction(scope, async (tx) => {
    const setting = (await findSettings(tx, row.schoolCode))?.kinds[row.kind];
    const isStrong = row.personId !== null && strongLevels.includes(row.assurance);
    // The rule opens a kind; what comes in its place after the term is looked at by people.
    const isThatKind = prepared.statement.kind === row.kind;
    if (setting?.offered !== true || !setting.atOnce || !isStrong || !isThatKind) return null;
    const changes = {
      state: 'approved',
      problem: null,
      entryId: prepared.entryId,
      contentDigest: prepared.digest,
      approvedBy: byRule,
      approvedAt: gateway.clock.now(),
    } as const;
    if (!(await changeRequest(tx, row, changes))) return null;
    await recordByGateway(tx, gateway, {
      name: 'certificate.approved',
      row,
      detail: { by: byRule, content: prepared.digest },
    });
    return { ...prepared, row: { ...row, ...changes, version: row.version + 1 } };
  });
}
