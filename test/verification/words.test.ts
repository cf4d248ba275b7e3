import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { SdJwtReason } from '../../src/crypto/sd-jwt/reasons.ts';
import { questions, verdict, words } from '../../src/verification/report.ts';
import { reasonText, sentenceOf, stepOf } from '../../src/verification/words.ts';

const verdicts = questions.flatMap((question) => words.map((word) => verdict(question, word)));

/** Every reason why a text is no credential: one more is an error here, until it has words. */
const reasons: Readonly<Record<SdJwtReason, true>> = {
  malformed: true,
  'header-not-allowed': true,
  'algorithm-not-allowed': true,
  'type-mismatch': true,
  'key-unknown': true,
  'key-not-usable': true,
  'signature-invalid': true,
  'decryption-failed': true,
  'claims-invalid': true,
  expired: true,
  'not-yet-valid': true,
  'issuer-mismatch': true,
  'audience-mismatch': true,
  'lifetime-too-long': true,
  'certificate-malformed': true,
  'json-malformed': true,
  'json-too-deep': true,
  'json-name-repeated': true,
  'too-large': true,
  'too-many-disclosures': true,
  'hash-unknown': true,
  'disclosure-malformed': true,
  'disclosure-repeated': true,
  'disclosure-unreferenced': true,
  'disclosure-misplaced': true,
  'digest-malformed': true,
  'digest-repeated': true,
  'name-reserved': true,
  'name-taken': true,
  'claim-not-disclosable': true,
  'status-malformed': true,
  'type-unknown': true,
};

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

  it.each(Object.keys(reasons))(
    'say why, where %s is the reason, of a credential, its holder and its list',
    (reason) => {
      for (const locale of ['ja', 'en'] as const) {
        for (const code of [reason, `list-${reason}`, `holder-${reason}`]) {
          expect(reasonText(code, locale)).not.toMatch(new RegExp(`^((list|holder)-)?${reason}$`));
        }
      }
    },
  );

  it('show a reason that has no words of its own as its code', () => {
    expect(reasonText('something-new:records/01.pdf', 'en')).toBe('something-new: records/01.pdf');
    expect(reasonText('crl-expired', 'ja')).toBe('失効リストが古すぎます');
  });
});
