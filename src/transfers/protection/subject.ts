import type { Transaction } from '../../database/connection.ts';
import { findPupil } from '../../directory/find-member.ts';
import { shownName } from '../../directory/shown-name.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { findCase, findExpectationByCode, findExpectationById } from '../store.ts';

/** What a school protects: a pupil of its roll, one it expects, or one whose case has come to it. */
export const subjectKinds = ['pupil', 'expectation', 'case'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** The subject as its mark names it; null when the actor's school has none such. A case of its own is its pupil. */
export async function markOf(tx: Transaction, { school }: StaffActor, { kind, id }: Subject): Promise<string | null> {
  switch (kind) {
    case 'pupil':
      return (await findPupil(tx, id))?.schoolCode === school ? `pupil:${id}` : null;
    case 'expectation': {
      const row = await findExpectationById(tx, id);
      return row?.recipientCode === school ? `code:${row.codeHash}` : null;
    }
    case 'case': {
      const row = await findCase(tx, id);
      if (row?.senderCode === school) return `pupil:${row.pupilId}`;
      return row?.recipientCode === school ? `case:${id}` : null;
    }
  }
}

/** The pupil whom a mark names; null where the school has no such pupil on its roll. */
export function pupilIdOf(mark: string): string | null {
  return mark.startsWith('pupil:') ? mark.slice('pupil:'.length) : null;
}

/** Whom a mark is about, as its school knows them; the name is empty once the thing is gone. */
export async function subjectOf(tx: Transaction, mark: string): Promise<Subject & { readonly name: string }> {
  const [kind = '', ...rest] = mark.split(':');
  const id = rest.join(':');
  if (kind === 'pupil') {
    const pupil = await findPupil(tx, id);
    return { kind, id, name: pupil === null ? '' : shownName(pupil) };
  }
  if (kind === 'code') {
    const row = await findExpectationByCode(tx, id);
    return { kind: 'expectation', id: row?.id ?? '', name: row?.pupilName ?? '' };
  }
  const row = await findCase(tx, id);
  const name =
    row === null ? '' : shownName({ officialName: row.pupilOfficialName, displayName: row.pupilDisplayName });
  return { kind: 'case', id, name };
}
