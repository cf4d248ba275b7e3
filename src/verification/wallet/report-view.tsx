import { PrintButton } from '../../web/components/code-box.tsx';
import { Icon, type IconName } from '../../web/components/icon.tsx';
import { Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { formatDateTime } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { isMessageKey, t, textOrKey } from '../../web/text.ts';
import { outcomeOf, type Report, type Verdict, type Word } from '../report.ts';
import { reasonText, sentenceOf, stepOf, verificationText } from '../words.ts';

interface ReportViewProps {
  readonly locale: Locale;
  readonly report: Report;
  readonly checkedAt: Date;
}

const tones = { valid: 'success', invalid: 'danger', notChecked: 'warning' } as const satisfies Record<Word, string>;
const icons: Readonly<Record<Word, IconName>> = { valid: 'check', invalid: 'cross', notChecked: 'question' };

/** What `/verify` says of a credential in the reader's own browser, in the same words. */
export function ReportView({ locale, report, checkedAt }: ReportViewProps) {
  const outcome = outcomeOf(report.verdicts);
  const claims = claimRows(locale, report.facts['claims']);
  return (
    <>
      <Banner locale={locale} tone={tones[outcome]} title={verificationText(locale, `outcome.${outcome}`)}>
        {outcome === 'valid' && <p>{verificationText(locale, 'step.valid')}</p>}
      </Banner>
      <ul class="verdicts">
        {report.verdicts.map((verdict) => (
          <VerdictItem {...{ locale, verdict }} />
        ))}
      </ul>
      {report.remarks.map((code) => (
        <p class="hint">{reasonText(code, locale)}</p>
      ))}
      {claims.length > 0 && (
        <Section title={verificationText(locale, 'facts.title')}>
          <SummaryList rows={claims} />
        </Section>
      )}
      <p class="hint">{t(locale, 'wallet-verifier.shown-until', { at: formatDateTime(locale, checkedAt) })}</p>
      <PrintButton locale={locale} />
    </>
  );
}

function VerdictItem({ locale, verdict }: { readonly locale: Locale; readonly verdict: Verdict }) {
  const { question, word, code, about } = verdict;
  const reasons = word === 'valid' ? [] : verdict.reasons;
  const step = stepOf(verdict, locale);
  return (
    <li class={`verdict verdict-${word}`}>
      <span class="verdict-mark">
        <Icon name={icons[word]} />
      </span>
      <div>
        <p class="verdict-subject">
          <span>{verificationText(locale, `verdict.${question}`)}</span>{' '}
          <strong class="verdict-result">{verificationText(locale, `word.${word}`)}</strong>
        </p>
        <p class="verdict-text">{sentenceOf(verdict, locale)}</p>
        {about !== null && <p class="verdict-detail">{about}</p>}
        {reasons.map((reason) => (
          <p class="verdict-detail">{reasonText(reason, locale)}</p>
        ))}
        {step !== null && <p>{step}</p>}
        <p class="verdict-code">{[code, ...reasons].join(' ')}</p>
      </div>
    </li>
  );
}

/** Claims that we know by their names, others by what they are called in the credential. */
function claimRows(locale: Locale, claims: unknown) {
  if (typeof claims !== 'object' || claims === null) return [];
  const entries: readonly (readonly [name: string, value: unknown])[] = Object.entries(claims);
  return entries.map(([name, value]) => {
    const key = `credential.claim-${name}`;
    return {
      label: isMessageKey(key) ? textOrKey(locale, key) : name,
      value: name === 'document_kind' ? kindText(locale, value) : <ClaimValue value={value} />,
    };
  });
}

function kindText(locale: Locale, kind: unknown): string {
  const key = `certificate.${String(kind)}`;
  return isMessageKey(key) ? textOrKey(locale, key) : String(kind);
}

/** A list line by line, and of what lies inside the values in their order. */
function ClaimValue({ value }: { readonly value: unknown }) {
  if (!Array.isArray(value)) return <>{textOf(value)}</>;
  return (
    <>
      {value.map((one) => (
        <div>{textOf(one)}</div>
      ))}
    </>
  );
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value)
    .map((one) => textOf(one))
    .join('　');
}
