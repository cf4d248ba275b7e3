import { PrintButton } from '../../web/components/code-box.tsx';
import { Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { VerdictList } from '../../web/components/verdicts.tsx';
import { formatDateTime } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { outcomeOf, type Report, type Verdict, type Word } from '../report.ts';
import { reasonText, sentenceOf, stepOf, verificationText } from '../words.ts';

interface ReportViewProps {
  readonly locale: Locale;
  readonly report: Report;
  readonly checkedAt: Date;
}

const tones = { valid: 'success', invalid: 'danger', notChecked: 'warning' } as const satisfies Record<Word, string>;

/** What `/verify` says of a credential in the reader's own browser, in the same words. */
export function ReportView({ locale, report, checkedAt }: ReportViewProps) {
  const outcome = outcomeOf(report.verdicts);
  const claims = claimRows(report.facts['claims']);
  return (
    <>
      <Banner locale={locale} tone={tones[outcome]} title={verificationText(locale, `outcome.${outcome}`)}>
        {outcome === 'valid' && <p>{verificationText(locale, 'step.valid')}</p>}
      </Banner>
      <VerdictList
        locale={locale}
        verdicts={report.verdicts.map((verdict) => ({
          result: verdict.word,
          subject: verificationText(locale, `verdict.${verdict.question}`),
          text: sentenceOf(verdict, locale),
          detail: <Detail {...{ locale, verdict }} />,
        }))}
      />
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

function Detail({ locale, verdict }: { readonly locale: Locale; readonly verdict: Verdict }) {
  const { code, word, about } = verdict;
  const reasons = word === 'valid' ? [] : verdict.reasons;
  const step = stepOf(verdict, locale);
  return (
    <>
      {about !== null && <p>{about}</p>}
      {reasons.map((reason) => (
        <p>{reasonText(reason, locale)}</p>
      ))}
      {step !== null && <p>{step}</p>}
      <p class="verdict-code">{[code, ...reasons].join(' ')}</p>
    </>
  );
}

function claimRows(claims: unknown) {
  if (typeof claims !== 'object' || claims === null) return [];
  return Object.entries(claims).map(([name, value]) => ({
    label: name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}
