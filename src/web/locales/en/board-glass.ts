import type { boardGlassJa } from '../ja/board-glass.ts';

export const boardGlassEn = {
  'board-glass.title': 'Open the name',
  'board-glass.offer': 'If you have to see the name',
  'board-glass.lead':
    'Only where nothing can be settled without knowing whose case it is. Ordinary audits need no name.',
  'board-glass.rule-name': 'It shows the name of this case’s pupil alone: no document, and nothing of a record.',
  'board-glass.rule-hour': 'It ends by itself after 60 minutes. You can end it at any time.',
  'board-glass.rule-told':
    'The principals of your schools in the case and the board’s other auditors are told at once.',
  'board-glass.rule-seen':
    'Pupil and guardians see your board, the time, your role and the kind of reason, and each time you look.',
  'board-glass.rule-reviewed': 'Another auditor reads what you write and says whether it was justified.',
  'board-glass.reason-hint':
    'What is it for, and why is the name needed? At least 15 characters; no names and no illnesses.',
  'board-glass.open': 'Record the reason and see the name',
  'board-glass.running': 'The name is open (until {until})',
  'board-glass.end': 'Close the name',
  'board-glass.name-lead': 'End it as soon as you are done.',
  'board-glass.official-name': 'Name',
  'board-glass.display-name': 'Name as displayed',
  'board-glass.kana': 'Kana',
  'board-glass.list': 'Names opened',
  'board-glass.list-lead':
    'What auditors of this board have opened. An auditor other than the one who did reviews each of them; the names are not shown here.',
  'board-glass.none': 'No name was opened',
  'board-glass.none-text': 'When it happens it stands here, and the other auditors are told by mail.',
  'board-glass.review-reason': 'Reason of the review',
  'board-glass.review-hint': 'Say in at least 15 characters why it was justified or not.',
  'board-glass.reason-short': 'Give the reason in at least 15 characters.',
  'glass.category-inquiry': 'To answer a pupil, a guardian or a school',
  'glass.category-mistake': 'Suspected wrong delivery or mix-up',
  'glass.category-audit': 'Audit or inquiry',
  'event.board-glass.opened': 'Opened the pupil’s name',
  'event.board-glass.read': 'Read the pupil’s name',
  'event.board-glass.ended': 'Closed the pupil’s name',
  'event.board-glass.reviewed': 'Reviewed the opening of the pupil’s name',
} as const satisfies Record<keyof typeof boardGlassJa, string>;
