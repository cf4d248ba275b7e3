import { Section } from '../web/components/section.tsx';
import { type Verdict, VerdictList } from '../web/components/verdicts.tsx';
import { formatDateTime } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { PlainAct } from './case-acts.tsx';
import type { Verdict as Outcome, PackageVerdict } from './verdict.ts';
import type { CaseView } from './view.ts';

interface CaseVerdictsProps {
  readonly locale: Locale;
  readonly view: CaseView;
  readonly verification: PackageVerdict;
}

/** What verifying found, each question on its own line. */
export function CaseVerdicts({ locale, view, verification }: CaseVerdictsProps) {
  return (
    <Section title={t(locale, 'verify.title')}>
      <VerdictList locale={locale} verdicts={verdictsOf(locale, verification)} />
      {view.may.includes('verify') && (
        <PlainAct locale={locale} view={view} act="verification" label={t(locale, 'verify.do')} kind="secondary" />
      )}
    </Section>
  );
}

function verdictsOf(locale: Locale, found: PackageVerdict): readonly Verdict[] {
  const result = (outcome: Outcome): Outcome => outcome;
  const signer = commonName(found.signer ?? '—');
  const at = found.sealedAt === null ? '—' : formatDateTime(locale, new Date(found.sealedAt));
  const seal =
    found.seal === 'valid' ? t(locale, 'verify.seal-valid', { signer }) : t(locale, `verify.seal-${found.seal}`);
  const time = found.time === 'valid' ? t(locale, 'verify.time-valid', { at }) : t(locale, `verify.time-${found.time}`);
  const inner = found.documents.some(({ innerSignature }) => innerSignature === 'presentNotChecked');
  return [
    {
      result: result(found.seal),
      subject: t(locale, 'verify.seal'),
      text: seal,
      ...(found.signer === null ? {} : { detail: <span lang="ja">{found.signer}</span> }),
    },
    {
      result: result(found.issuer),
      subject: t(locale, 'verify.issuer'),
      text: t(locale, `verify.issuer-${found.issuer}`),
    },
    { result: result(found.time), subject: t(locale, 'verify.time'), text: time },
    {
      result: result(found.digests),
      subject: t(locale, 'verify.digests'),
      text: t(locale, `verify.digests-${found.digests}`),
    },
    ...(inner
      ? [{ result: 'notChecked' as const, subject: t(locale, 'verify.inner'), text: t(locale, 'verify.inner-present') }]
      : []),
  ];
}

/** The name that people know out of a distinguished name (RFC 4514); the whole stands below it. */
function commonName(signer: string): string {
  return /(?:^|,)CN=([^,]+)/.exec(signer)?.[1] ?? signer;
}
