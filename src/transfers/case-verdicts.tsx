import { Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { type Verdict, VerdictList } from '../web/components/verdicts.tsx';
import { formatDateTime } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { PlainAct } from './case-acts.tsx';
import {
  type InnerSignature,
  type Verdict as Outcome,
  type PackageVerdict,
  type SenderKey,
  worstInnerSignature,
} from './verdict.ts';
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
      {view.side === 'recipient' && verification.senderKey !== null && (
        <KeyOfSender locale={locale} senderKey={verification.senderKey} />
      )}
      {view.may.includes('verify') && (
        <PlainAct locale={locale} view={view} act="verification" label={t(locale, 'verify.do')} kind="secondary" />
      )}
    </Section>
  );
}

/** Who could exchange a school's key unseen would seal with a good one: what is new is read out over the telephone. */
function KeyOfSender({ locale, senderKey }: { readonly locale: Locale; readonly senderKey: SenderKey }) {
  const { fingerprint, registeredAt } = senderKey;
  const warning = warningOf(senderKey);
  return (
    <>
      <SummaryList
        rows={[
          { label: t(locale, 'sender-key.title'), value: <code class="digest">{fingerprint}</code> },
          {
            label: t(locale, 'sender-key.since'),
            value:
              registeredAt === null ? t(locale, 'sender-key.never') : formatDateTime(locale, new Date(registeredAt)),
          },
        ]}
      />
      {warning !== null && (
        <Banner locale={locale} tone="warning" title={t(locale, `sender-key.${warning}`)}>
          <p>{t(locale, 'sender-key.ask')}</p>
        </Banner>
      )}
    </>
  );
}

function warningOf({ registeredAt, standing, isNew }: SenderKey): 'unknown' | 'doubted' | 'new' | null {
  if (registeredAt === null) return 'unknown';
  if (standing === 'doubted') return 'doubted';
  return isNew ? 'new' : null;
}

function verdictsOf(locale: Locale, found: PackageVerdict): readonly Verdict[] {
  const result = (outcome: Outcome): Outcome => outcome;
  const signer = commonName(found.signer ?? '—');
  const at = found.sealedAt === null ? '—' : formatDateTime(locale, new Date(found.sealedAt));
  const seal =
    found.seal === 'valid' ? t(locale, 'verify.seal-valid', { signer }) : t(locale, `verify.seal-${found.seal}`);
  const time = found.time === 'valid' ? t(locale, 'verify.time-valid', { at }) : t(locale, `verify.time-${found.time}`);
  const inner = worstInnerSignature(found.documents.map(({ innerSignature }) => innerSignature));
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
    ...(inner === 'none'
      ? []
      : [{ result: innerResult[inner], subject: t(locale, 'verify.inner'), text: t(locale, `verify.inner-${inner}`) }]),
  ];
}

/** The name that people know out of a distinguished name (RFC 4514); the whole stands below it. */
function commonName(signer: string): string {
  return /(?:^|,)CN=([^,]+)/.exec(signer)?.[1] ?? signer;
}

/** Nobody on the trust list, and nothing wrong with it: that is no refusal. */
const innerResult: Readonly<Record<Exclude<InnerSignature, 'none'>, Outcome>> = {
  valid: 'valid',
  changed: 'invalid',
  broken: 'invalid',
  untrusted: 'notChecked',
  notChecked: 'notChecked',
};
