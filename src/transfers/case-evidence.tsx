import { type Visibility, visibilities } from '../records/kinds.ts';
import { Actions, ButtonLink } from '../web/components/button.tsx';
import { Card, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { Time, Timeline } from '../web/components/timeline.tsx';
import { formatDateTime } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { CasePageProps } from './case-page-props.ts';
import type { LedgerLine } from './ledger-line.ts';
import { entryOf } from './ledger-words.ts';
import { withoutMirrors } from './story/rules.ts';
import { UnrecognisedForm } from './unrecognised-form.tsx';
import type { CaseView } from './view.ts';
import { word } from './words.tsx';

/** What stays behind: containers, signed receipts with their proofs, and who did what. */
export function CaseEvidence({ frame: { locale }, view, ledger, reported, isRenewed }: CasePageProps) {
  const containers = readableContainers(view);
  return (
    <>
      {containers.length > 0 && (
        <Section title={t(locale, 'case.containers')} lead={t(locale, 'case.containers-lead')}>
          <Actions>
            {containers.map((visibility) => (
              <ButtonLink
                href={`/api/cases/${view.id}/containers/${visibility}`}
                kind="secondary"
                icon="download"
                download
              >
                {t(locale, `visibility.${visibility}`)}
              </ButtonLink>
            ))}
          </Actions>
        </Section>
      )}
      {view.receipts.length > 0 && <Receipts locale={locale} view={view} isRenewed={isRenewed} />}
      {ledger.length > 0 && (
        <Section title={t(locale, 'case.ledger')}>
          <Actions>
            <ButtonLink href={`/cases/${view.id}/story`} kind="secondary">
              {t(locale, 'story.open')}
            </ButtonLink>
          </Actions>
          <Timeline locale={locale} entries={withoutMirrors(ledger).map((line) => entryOf(locale, line, view))} />
          {view.side === 'person' && <Unrecognised locale={locale} view={view} ledger={ledger} reported={reported} />}
        </Section>
      )}
    </>
  );
}

/** 心当たりがない: the school that acted is told. */
function Unrecognised(props: {
  readonly locale: Locale;
  readonly view: CaseView;
  readonly ledger: readonly LedgerLine[];
  readonly reported: boolean;
}) {
  const { locale, view, ledger, reported } = props;
  const options = withoutMirrors(ledger)
    .toReversed()
    .map((line) => {
      const { at, title, who } = entryOf(locale, line, view);
      return { value: line.eventId, label: `${formatDateTime(locale, at)} ${title} (${who})` };
    });
  return (
    <Card title={t(locale, 'ledger.unrecognised')} level={3}>
      {reported && <Banner locale={locale} tone="success" title={t(locale, 'ledger.reported')} />}
      <p>{t(locale, 'ledger.unrecognised-text')}</p>
      <UnrecognisedForm locale={locale} action={`/cases/${view.id}/ledger/reports`} lines={options} />
    </Card>
  );
}

/** A container is offered when everything in it may be read. */
function readableContainers(view: CaseView): readonly Visibility[] {
  if (view.times.sealedAt === null) return [];
  return visibilities.filter((visibility) => {
    const inside = view.documents.filter((document) => document.visibility === visibility);
    return inside.length > 0 && inside.every((document) => document.readable);
  });
}

function Receipts({
  locale,
  view,
  isRenewed,
}: {
  readonly locale: Locale;
  readonly view: CaseView;
  readonly isRenewed: boolean;
}) {
  return (
    <Section title={t(locale, 'case.receipts')} lead={t(locale, 'case.receipts-lead')}>
      <DataTable
        caption={t(locale, 'case.receipts')}
        rows={view.receipts}
        columns={[
          {
            header: t(locale, 'case.receipt'),
            cell: (receipt) => word(locale, `receipt.${receipt.event}`, 'case.receipts'),
          },
          {
            header: t(locale, 'case.issued-at'),
            cell: (receipt) => <Time locale={locale} at={new Date(receipt.issuedAt)} />,
          },
          {
            header: t(locale, 'component.actions'),
            cell: (receipt) => (
              <div class="row-actions">
                <a href={`/api/cases/${view.id}/receipts/${receipt.id}`} download>
                  {t(locale, 'case.download-receipt')}
                </a>
                <a href={`/api/cases/${view.id}/receipts/${receipt.id}/proof`} download>
                  {t(locale, 'case.download-proof')}
                </a>
              </div>
            ),
          },
        ]}
      />
      {isRenewed && (
        <p>
          {t(locale, 'case.renewed')}{' '}
          <a href={`/api/cases/${view.id}/renewal`} download>
            {t(locale, 'case.download-renewal')}
          </a>
        </p>
      )}
    </Section>
  );
}
