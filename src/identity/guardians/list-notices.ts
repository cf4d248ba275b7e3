import { findPupil } from '../../directory/find-member.ts';
import { shownName } from '../../directory/shown-name.ts';
import { fault } from '../../faults.ts';
import { type Actor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { findNotices } from './store.ts';
import type { GuardianSubject } from './tables.ts';

export interface NoticeView {
  readonly pupilId: string;
  /** Null for whoever sees the pupil no longer. */
  readonly pupilName: string | null;
  readonly subject: GuardianSubject;
  /** Of a certificate, for whoever may open it. */
  readonly requestId: string | null;
  readonly at: Date;
}

const shownNotices = 20;

/** What the person was told about the guardians of their pupils, newest first. */
export async function listNotices(
  services: Pick<IdentityServices, 'database'>,
  actor: Actor,
): Promise<Result<readonly NoticeView[]>> {
  if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return refuse(fault('login.required'));
  if (actor.kind !== 'person') return refuse(fault('policy.denied', { detail: 'person-only' }));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const rows = await findNotices(tx, actor.personId, shownNotices);
    const visible = new Set(actor.pupils.map(({ pupilId }) => pupilId));
    const views: NoticeView[] = [];
    for (const { pupilId, subject, requestId, at } of rows) {
      const pupil = visible.has(pupilId) ? await findPupil(tx, pupilId) : null;
      views.push({ pupilId, pupilName: pupil === null ? null : shownName(pupil), subject, requestId, at });
    }
    return ok(views);
  });
}
