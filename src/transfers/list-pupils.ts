import { listPupils } from '../directory/find-member.ts';
import { ok, type Result } from '../result.ts';
import { authorise, look, ownResource, schoolOf, type VerbContext } from './act.ts';

export interface PupilView {
  readonly id: string;
  readonly officialName: string;
  readonly displayName: string;
  readonly kana: string;
  readonly birthDate: string;
  readonly grade: string;
  readonly homeroom: string;
  /** 支援措置: told to staff who may know. */
  readonly isProtected: boolean;
}

/** The roster, for whoever may begin a case with one of them. */
export async function listDraftablePupils(context: VerbContext): Promise<Result<readonly PupilView[]>> {
  const allowed = authorise(context, 'case.draft', ownResource(context.actor));
  return allowed.ok ? listOwnPupils(context) : allowed;
}

/** The roster of the actor's school; a homeroom teacher sees the own class. At most 500. */
export async function listOwnPupils(context: VerbContext): Promise<Result<readonly PupilView[]>> {
  return look(context, async (tx) => {
    const { actor } = context;
    const allowed = authorise(context, 'pupil.list', ownResource(actor));
    if (!allowed.ok) return allowed;
    const homeroom = actor.kind === 'staff' && actor.role === 'homeroomTeacher' ? (actor.homeroom ?? '') : null;
    const rows = await listPupils(tx, { school: schoolOf(actor) ?? '', homeroom, after: null, limit: 500 });
    return ok(
      rows.map(({ id, officialName, displayName, kana, birthDate, grade, homeroom: ownClass, protection }) => ({
        id,
        officialName,
        displayName,
        kana,
        birthDate,
        grade,
        homeroom: ownClass,
        isProtected: protection !== 'none',
      })),
    );
  });
}
