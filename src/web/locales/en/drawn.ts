import type { drawnJa } from '../ja/drawn.ts';

export const drawnEn = {
  'drawn.number': 'Certificate no. {number} (copy {copy} of {of})',
  'drawn.name': 'Name',
  'drawn.name-japanese': 'Name in Japanese',
  'drawn.kana': 'Kana',
  'drawn.birth': 'Date of birth',
  'drawn.course': 'Course',
  'drawn.grade': 'Grade',
  'drawn.enrolled': 'Admitted on',
  'drawn.graduated': 'Graduated on',
  'drawn.completed': 'Completed on',
  'drawn.left': 'Left on',
  'drawn.asked': 'Certificate asked for',
  'drawn.year': 'School year',
  'drawn.subject': 'Subject',
  'drawn.credits': 'Credits',
  'drawn.mark': 'Grade',
  'drawn.electronic':
    'The electronic file is the original. The electronic seal (signature) of the school proves it genuine. A printout is a copy.',
  'drawn.level': 'It was asked for after a log-in by: {level}',
  'drawn.former-school': 'School attended',
  'drawn.successor': '({former} has closed. “This school” above means {former}; {school} certifies as its successor.)',
  'drawn.state': 'Whether it is still valid: {url}',
  'drawn.offline': 'The school’s signature over what is written here, as a code',
  'drawn.base-form': '“{character}” is printed in its base form (exactly: {codePoints}).',
  'drawn.private': '“〓” stands for a private character (Moji Joho {glyph}).',
} as const satisfies Record<keyof typeof drawnJa, string>;
