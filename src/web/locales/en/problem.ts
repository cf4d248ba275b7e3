import type { problemJa } from '../ja/problem.ts';

export const problemEn = {
  'problem.what-next': 'What you can do next',
  'problem.number': 'Request number',
  'problem.number-hint': 'If it goes on, tell this number to the operator.',
  'problem.back': 'Back to the page before',
  'problem.top': 'Go to the top page',
  'problem.log-in': 'Log in',
  'problem.switch': 'Switch school or role',
  'problem.reload': 'Reload the page',
  'problem.guide': 'List of errors',
  'problem.guide-lead': 'What the pages and the API may answer, and how to put it right.',
  'problem.code': 'Code',
  'problem.status': 'HTTP status',
  'problem.title': 'Error',
  'problem.advice': 'What to do',
  'problem.field': 'Fill this in correctly',
  'problem.reason-missing': 'Give a reason',
} as const satisfies Record<keyof typeof problemJa, string>;
