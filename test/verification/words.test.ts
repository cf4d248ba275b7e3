import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { questions, verdict, words } from '../../src/verification/report.ts';
import { reasonText, sentenceOf, stepOf } from '../../src/verification/words.ts';

const verdicts = questions.flatMap((question) => words.map((word) => verdict(question, word)));

describe('the words of a verdict', () => {
  it.each(verdicts)('has one plain sentence for $code in both languages, and a next step unless all is well', (one) => {
    for (const locale of ['ja', 'en'] as const) {
      expect(sentenceOf(one, locale)).toMatch(locale === 'ja' ? /。$/ : /\.$/);
      if (one.word === 'valid') expect(stepOf(one, locale)).toBeNull();
      else expect(stepOf(one, locale)).toMatch(locale === 'ja' ? /^次にすること: .+。$/ : /^Next: .+\.$/);
    }
  });

  it('are listed for programs in docs/formats.md', async () => {
    const page = await readFile('docs/formats.md', 'utf8');
    expect(questions.filter((question) => !page.includes(`| \`${question}\` |`))).toEqual([]);
  });

  it('show a reason that has no words of its own as its code', () => {
    expect(reasonText('something-new:records/01.pdf', 'en')).toBe('something-new: records/01.pdf');
    expect(reasonText('crl-expired', 'ja')).toBe('失効リストが古すぎます');
  });
});
