import type { storyJa } from '../ja/story.ts';

export const storyEn: Readonly<Record<keyof typeof storyJa, string>> = {
  'story.open': 'See all the evidence',
  'story.title': 'The story of the evidence',
  'story.lead': 'Who did what in this case, and when. Each act has its signature, its time and its place in the log.',
  'story.verify': 'Verify and save',
  'story.verify-lead':
    'The evidence can be saved as one file (ASiC-E). It verifies offline, act by act, by the command hikitsugi verify or on the verification page.',
  'story.save': 'Save the evidence',
  'story.verify-here': 'Verify it here',
  'story.print': 'Print',
  'story.no-script':
    'Verifying on this page needs scripts. The saved file can be verified by the command hikitsugi verify.',
  'story.acts': 'In the order of time',
  'story.none': 'There is nothing yet.',
  'story.cut': 'There are many acts: these are the first 300.',
  'story.evidence': 'Evidence',
  'story.receipt': 'Signed receipt',
  'story.signed-by-gateway': 'signed by the gateway’s evidence key',
  'story.seal-signer': 'Certificate of the school that sealed',
  'story.seal-time': 'Time stamp',
  'story.unknown': 'cannot be read',
  'story.log': 'In the log',
  'story.place': 'entry {index} (of the log with {size} entries)',
  'story.waiting': 'The log has not taken it in yet. Open this page again in a few seconds.',
  'story.checkpoint': 'Signed log',
  'story.witnesses': 'Cosigned by the witnesses',
  'story.no-witnesses': 'No witness has cosigned it',
  'story.verify-receipt': 'Verify this receipt',
  'board-story.lead':
    'Acts of the schools of this board alone: no name, no document, and nothing of what the other school keeps.',
  'board-story.reports-lead': 'How many reports of persons are not closed yet. What they say is not shown.',
  'board-story.school': 'School',
  'board-story.open': 'Open',
  'board-story.oldest': 'Oldest',
  'board-story.days': '{days} days',
};
