import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { RadioField } from '../../web/components/choices.tsx';
import { CodeBox, PrintButton } from '../../web/components/code-box.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner, StatusChip } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { PupilView } from '../links/links.ts';
import { QrCode } from '../qr-code.tsx';
import type { IssuedAccessCode } from './issue-access-code.ts';
import type { AccessCodeView, PossibleHolder, PupilAccessCodes } from './list-access-codes.ts';

export function papersPath(pupilId: string): string {
  return `/linking/${encodeURIComponent(pupilId)}/papers`;
}

interface PapersProps {
  readonly frame: PageFrame;
  readonly papers: PupilAccessCodes;
  readonly errors?: Readonly<Record<string, string>>;
  readonly refusal?: { readonly title: string; readonly advice: string };
}

/** The papers of a pupil: those handed out, and a new one. */
export function PapersPage({ frame, papers: { pupil, codes, holders }, errors, refusal }: PapersProps) {
  const { locale } = frame;
  const title = t(locale, 'paper.for', { name: pupil.name });
  return (
    <Page {...frame} title={t(locale, 'paper.all')} breadcrumbs={crumbs(frame, pupil, title)}>
      <PageHead title={title} lead={t(locale, 'paper.lead')} />
      <ErrorSummary locale={locale} errors={errors} />
      {refusal && (
        <Banner locale={locale} tone="danger" title={refusal.title}>
          {refusal.advice}
        </Banner>
      )}
      <Section title={t(locale, 'paper.existing')}>
        <PaperTable frame={frame} pupil={pupil} codes={codes} />
      </Section>
      <Section title={t(locale, 'paper.issue')} lead={t(locale, 'paper.issue-lead')}>
        <Form locale={locale} action={papersPath(pupil.id)}>
          <RadioField
            locale={locale}
            name="holder"
            label={t(locale, 'linking.who')}
            hint={t(locale, 'linking.who-hint')}
            required
            error={errors?.['holder']}
            options={holders.map((holder) => optionOf(frame, holder))}
          />
          <Actions>
            <Button>{t(locale, 'paper.issue')}</Button>
          </Actions>
        </Form>
      </Section>
    </Page>
  );
}

function optionOf({ locale }: PageFrame, { guardianId, name, isReachable }: PossibleHolder) {
  const relation = t(locale, `link.relation-${guardianId === null ? 'self' : 'guardian'}`);
  return {
    value: guardianId ?? 'self',
    label: `${name}（${relation}）`,
    ...(isReachable ? {} : { hint: t(locale, 'paper.unreachable') }),
  };
}

function PaperTable(props: {
  readonly frame: PageFrame;
  readonly pupil: PupilView;
  readonly codes: readonly AccessCodeView[];
}) {
  const { frame, pupil, codes } = props;
  const { locale } = frame;
  return (
    <DataTable
      caption={t(locale, 'paper.existing')}
      rows={codes}
      empty={<EmptyState title={t(locale, 'paper.none')} />}
      columns={[
        {
          header: t(locale, 'linking.who'),
          cell: ({ holder }) => holder ?? `${pupil.name}（${t(locale, 'link.relation-self')}）`,
        },
        {
          header: t(locale, 'paper.state'),
          cell: ({ state }) => <StatusChip tone={tones[state]}>{t(locale, `paper.state-${state}`)}</StatusChip>,
        },
        { header: t(locale, 'paper.issued-at'), cell: ({ issuedAt }) => formatDateTime(locale, issuedAt) },
        { header: t(locale, 'linking.expires'), cell: ({ expiresAt }) => formatDateTime(locale, expiresAt) },
        { header: t(locale, 'linking.action'), cell: (code) => <PaperActs frame={frame} pupil={pupil} code={code} /> },
      ]}
    />
  );
}

const tones = { open: 'info', used: 'success', expired: 'neutral', locked: 'warning', withdrawn: 'neutral' } as const;

function PaperActs(props: { readonly frame: PageFrame; readonly pupil: PupilView; readonly code: AccessCodeView }) {
  const { locale } = props.frame;
  const { id, state } = props.code;
  if (state === 'withdrawn' || state === 'expired') return <>—</>;
  const base = papersPath(props.pupil.id);
  return (
    <div class="row-actions">
      {state === 'locked' && (
        <Form locale={locale} action={`${base}/release`} hidden={{ code: id }} inline>
          <Button kind="secondary">{t(locale, 'paper.release')}</Button>
        </Form>
      )}
      <Form locale={locale} action={`${base}/withdraw`} hidden={{ code: id }} inline>
        <Button kind="secondary">{t(locale, state === 'used' ? 'paper.end' : 'paper.withdraw')}</Button>
      </Form>
    </div>
  );
}

interface SheetProps {
  readonly frame: PageFrame;
  readonly pupil: PupilView;
  readonly holder: PossibleHolder;
  readonly issued: IssuedAccessCode;
}

/** The sheet to print: the only time the code is seen. The name is the holder's; of the pupil it says no more. */
export function PaperSheetPage({ frame, pupil, holder, issued }: SheetProps) {
  const { locale } = frame;
  const title = t(locale, 'paper.sheet');
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs(frame, pupil, title)} width="narrow">
      <PageHead title={title} actions={<PrintButton locale={locale} />} />
      <div class="no-print">
        <Banner locale={locale} tone="warning" title={t(locale, 'linking.issued-lead')} />
      </div>
      <SummaryList
        rows={[
          { label: t(locale, 'linking.who'), value: holder.name },
          { label: t(locale, 'linking.expires'), value: formatDateTime(locale, issued.expiresAt) },
        ]}
      />
      <CodeBox locale={locale} id="access-code" label={t(locale, 'paper.code')} value={issued.code} />
      <QrCode text={issued.address} label={t(locale, 'paper.qr')} />
      <ol class="numbered">
        <li>{t(locale, 'paper.step-1')}</li>
        <li>{t(locale, 'paper.step-2')}</li>
        <li>{t(locale, 'paper.step-3')}</li>
      </ol>
      <p class="hint">{t(locale, 'paper.once')}</p>
      <div class="no-print">
        <Actions>
          <ButtonLink kind="secondary" href={papersPath(pupil.id)}>
            {t(locale, 'paper.back')}
          </ButtonLink>
        </Actions>
      </div>
    </Page>
  );
}

function crumbs({ locale }: PageFrame, pupil: PupilView, title: string) {
  return [
    { label: t(locale, 'linking.title'), href: '/linking' },
    { label: pupil.name, href: `/linking/${encodeURIComponent(pupil.id)}` },
    { label: title },
  ];
}
