import { shownName } from '../directory/shown-name.ts';
import { Actions, ButtonLink } from '../web/components/button.tsx';
import { newProtectionPath, ProtectedBadge, protectionsPath } from '../web/components/protected.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { Steps } from '../web/components/steps.tsx';
import { SummaryList, type SummaryRow } from '../web/components/summary-list.tsx';
import { formatDay } from '../web/format.ts';
import { Page } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { CaseActs } from './case-acts.tsx';
import { CaseDocuments } from './case-documents.tsx';
import { CaseEvidence } from './case-evidence.tsx';
import { CaseNext } from './case-next.tsx';
import type { CasePageProps } from './case-page-props.ts';
import { CaseVerdicts } from './case-verdicts.tsx';
import { FaultBanner } from './fault-banner.tsx';
import type { CaseView } from './view.ts';
import { CaseStateChip, School } from './words.tsx';

/** One case from one side: where it stands, what to do next, what is in it, who did what. */
export function CasePage(props: CasePageProps) {
  const { frame, view, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'case.title', { name: shownName(view.pupil) });
  const kicker = `${t(locale, `kind.${view.kind}`)} ・ ${t(locale, 'case.number')} ${view.id.slice(0, 8)}`;
  const list = t(locale, `case.list-${view.side}`);
  const verdicts = view.verification !== null && (
    <CaseVerdicts locale={locale} view={view} verification={view.verification} />
  );
  return (
    <Page
      {...frame}
      title={kicker}
      breadcrumbs={[{ label: list, href: `/cases?side=${view.side}` }, { label: title }]}
      scripts={view.may.includes('addDocument') ? ['upload.js'] : []}
    >
      <PageHead
        title={<span lang="ja">{title}</span>}
        kicker={kicker}
        status={
          <>
            <CaseStateChip locale={locale} summary={view} /> {view.isProtected && <ProtectedBadge locale={locale} />}
          </>
        }
      />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {view.side !== 'person' && view.state !== 'withdrawn' && <Steps locale={locale} {...stepsOf(locale, view)} />}
      {view.isProtected && <ProtectedNotice {...props} />}
      <CaseNext locale={locale} view={view} />
      {view.side !== 'person' && verdicts}
      <Parts {...props} />
      {view.side === 'person' && verdicts}
      <CaseEvidence {...props} />
      {!view.isProtected && <ProtectLink {...props} />}
    </Page>
  );
}

/** Said before anything goes out, and never on paper. */
function ProtectedNotice({ frame: { locale }, view, protects }: CasePageProps) {
  const links = (
    <Actions>
      <ButtonLink href={protectionsPath} kind="secondary">
        {t(locale, 'protection.case-do')}
      </ButtonLink>
      {/* The other school's order names nobody here; one of our own does. */}
      {protects && (
        <ButtonLink href={newProtectionPath('case', view.id)} kind="text">
          {t(locale, 'protection.case-enter')}
        </ButtonLink>
      )}
    </Actions>
  );
  return (
    <div class="no-print">
      <Banner locale={locale} tone="warning" title={t(locale, 'protection.case')} action={links}>
        <p>{t(locale, 'protection.case-text')}</p>
        <p>{t(locale, 'protection.limits')}</p>
      </Banner>
    </div>
  );
}

function ProtectLink({ frame: { locale }, view, protects }: CasePageProps) {
  if (!protects) return null;
  return (
    <div class="no-print">
      <Section title={t(locale, 'protection.title')} lead={t(locale, 'protection.limits')}>
        <Actions>
          <ButtonLink href={newProtectionPath('case', view.id)} kind="secondary">
            {t(locale, 'protection.case-enter')}
          </ButtonLink>
        </Actions>
      </Section>
    </div>
  );
}

/** Before one acts one looks: whose records, to whom, which documents. A sealed arrival has nothing to look at yet. */
function Parts(props: CasePageProps) {
  const { view, frame } = props;
  const facts = (
    <Section title={t(frame.locale, 'case.facts')}>
      <SummaryList rows={factsOf(frame.locale, view)} />
    </Section>
  );
  const documents = <CaseDocuments {...props} />;
  const acts = <CaseActs {...props} />;
  if (view.side === 'recipient' && view.state === 'deposited') return [acts, facts, documents];
  if (view.side === 'sender' && isDrafting(view)) return [facts, documents, acts];
  return [documents, acts, facts];
}

function isDrafting({ state }: CaseView): boolean {
  return ['draft', 'submitted', 'approved', 'sealed', 'returned', 'withdrawn'].includes(state);
}

function stepsOf(locale: Locale, view: CaseView): { readonly steps: readonly string[]; readonly current: number } {
  if (view.side === 'recipient') {
    const done = { opened: view.verification === null ? 1 : 2, acknowledged: 3 };
    return {
      steps: [t(locale, 'step.match'), t(locale, 'step.verify'), t(locale, 'step.acknowledge')],
      current: view.state === 'opened' ? done.opened : view.state === 'acknowledged' ? done.acknowledged : 0,
    };
  }
  const current: Readonly<Record<CaseView['state'], number>> = {
    draft: 0,
    returned: 0,
    withdrawn: 0,
    submitted: 1,
    approved: 2,
    sealed: 2,
    deposited: 3,
    opened: 3,
    acknowledged: 4,
  };
  return {
    steps: [t(locale, 'step.prepare'), t(locale, 'step.approve'), t(locale, 'step.seal'), t(locale, 'step.receive')],
    current: current[view.state],
  };
}

function factsOf(locale: Locale, view: CaseView): readonly SummaryRow[] {
  const change =
    view.may.includes('edit') && view.state === 'draft'
      ? {
          href: `/cases/${view.id}/recipient`,
          label: t(locale, 'recipient.change'),
          about: t(locale, 'case.recipient'),
        }
      : undefined;
  const hidden = t(locale, 'case.hidden-until-opened');
  return [
    { label: t(locale, 'case.pupil'), value: <PupilName locale={locale} view={view} /> },
    {
      label: t(locale, 'case.kana'),
      value: view.pupil.kana === '' ? hidden : <span lang="ja">{view.pupil.kana}</span>,
    },
    {
      label: t(locale, 'case.birth-date'),
      value: view.birthDate === null ? hidden : formatDay(locale, view.birthDate),
    },
    { label: t(locale, 'case.sender'), value: <School locale={locale} school={view.sender} /> },
    {
      label: t(locale, 'case.recipient'),
      value:
        view.recipient === null ? t(locale, 'case.no-recipient') : <School locale={locale} school={view.recipient} />,
      ...(change === undefined ? {} : { change }),
    },
    { label: t(locale, 'case.legal-basis'), value: <span lang="ja">{view.legalBasis}</span> },
    ...(view.purpose === '' ? [] : [{ label: t(locale, 'case.purpose'), value: view.purpose }]),
    ...(view.reason === null ? [] : [{ label: t(locale, 'case.reason'), value: view.reason }]),
  ];
}

/** The official name with its exact characters, and the display form where it differs. */
function PupilName({ locale, view }: { readonly locale: Locale; readonly view: CaseView }) {
  const { officialName, displayName } = view.pupil;
  const shown = shownName(view.pupil);
  return (
    <>
      <span lang="ja">{shown}</span>
      {shown !== officialName && (
        <>
          <br />
          <span class="hint">{t(locale, 'case.non-standard-name')}</span>
        </>
      )}
      {displayName !== shown && (
        <>
          <br />
          <span class="hint">{t(locale, 'case.display-name', { name: displayName })}</span>
        </>
      )}
    </>
  );
}
