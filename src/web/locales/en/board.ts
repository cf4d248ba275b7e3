import type { boardJa } from '../ja/board.ts';

export const boardEn: Readonly<Record<keyof typeof boardJa, string>> = {
  'board.title': 'Oversight',
  'board.lead': 'Whether the transfers of your schools arrive in time. No pupil’s name and no document is shown.',
  'board.lead-school': 'Whether the transfers of your school arrive in time. No pupil’s name and no document is shown.',
  'board.empty': 'There are no transfers yet',
};
