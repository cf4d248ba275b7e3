import type { boardJa } from '../ja/board.ts';

export const boardEn: Readonly<Record<keyof typeof boardJa, string>> = {
  'board.title': 'Oversight',
  'board.lead': 'Whether the transfers of your schools arrive in time. No pupil’s name and no document is shown.',
  'board.lead-school': 'Whether the transfers of your school arrive in time. No pupil’s name and no document is shown.',
  'board.empty': 'There are no transfers yet',
  'board.log.link': 'Verify the log',
  'board.log.title': 'Verifying the log',
  'board.log.lead':
    'Take your own entries of the log away and verify them on your own machine. They hold no name, no document and no school code.',
  'board.log.slices': 'Entries to take away',
  'board.log.empty': 'The log has published no entries of yours yet',
  'board.log.whose': 'Which',
  'board.log.of-board': 'All entries of the board’s schools',
  'board.log.of-school': 'Entries of this organisation alone',
  'board.log.year': 'School year',
  'board.log.entries': 'Entries',
  'board.log.files': 'Export',
  'board.log.download': 'Export entries {from}–{to}',
  'board.log.how': 'How to verify',
  'board.log.how-lead': 'What this page shows proves nothing: whoever runs the log runs the page.',
  'board.log.step-entries': 'Fetch the export above, and the public log (hikitsugi export-log --out log).',
  'board.log.step-policy':
    'Write a policy file with the keys of the witnesses. Get the keys from the witnesses themselves, not from this page.',
  'board.log.step-verify': 'Verify; nobody is asked anything.',
  'board.log.step-keep':
    'Keep the file of --state: by it the next run shows that the log was neither rolled back nor rewritten.',
};
