import { parseCheckpoint } from '../../audit/checkpoint.ts';
import { parseNote } from '../../audit/note.ts';
import { parseProof } from '../../audit/proof-text.ts';
import { trustPath } from '../../verification/verify-page.tsx';
import { assetPath } from '../../web/assets.ts';
import { Actions, ButtonLink } from '../../web/components/button.tsx';
import { Icon } from '../../web/components/icon.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList, type SummaryRow } from '../../web/components/summary-list.tsx';
import { Timeline } from '../../web/components/timeline.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { entryOf } from '../ledger-words.ts';
import { word } from '../words.tsx';
import type { Story, StoryItem } from './tell-story.ts';

/** Who sealed the package and when, as the seal itself says; null where there is none to be shown. */
export interface SealFacts {
  readonly signer: string | null;
  readonly time: string | null;
}

interface StoryPageProps {
  readonly frame: PageFrame;
  readonly story: Story;
  readonly seal: SealFacts | null;
}

/** The whole evidence of a case in the order in which it came to be. */
export function StoryPage({ frame, story, seal }: StoryPageProps) {
  const { locale } = frame;
  const { view, items } = story;
  const title = t(locale, 'story.title');
  const number = `${t(locale, 'case.number')} ${view.id.slice(0, 8)}`;
  const entries = items.map((item) => ({
    ...entryOf(locale, item.line, view),
    detail: <Evidence locale={locale} caseId={view.id} item={item} seal={seal} />,
  }));
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[
        { label: t(locale, `case.list-${view.side}`), href: `/cases?side=${view.side}` },
        { label: number, href: `/cases/${view.id}` },
        { label: title },
      ]}
      scripts={['verify.js']}
    >
      <PageHead
        title={title}
        kicker={`${t(locale, `kind.${view.kind}`)} ・ ${number}`}
        lead={t(locale, 'story.lead')}
      />
      {story.isCut && <Banner locale={locale} tone="warning" title={t(locale, 'story.cut')} />}
      <VerifyHere
        locale={locale}
        address={`/api/cases/${view.id}/story/bundle`}
        lead={t(locale, 'story.verify-lead')}
      />
      <Section title={t(locale, 'story.acts')}>
        {items.length === 0 ? <p>{t(locale, 'story.none')}</p> : <Timeline locale={locale} entries={entries} />}
      </Section>
    </Page>
  );
}

/** Saves the bundle, and verifies it in the reader's browser: the file comes from the gateway and goes nowhere. */
export function VerifyHere({
  locale,
  address,
  lead,
}: {
  readonly locale: Locale;
  readonly address: string;
  readonly lead: string;
}) {
  return (
    <Section title={t(locale, 'story.verify')} lead={lead}>
      <div class="no-print">
        <Actions>
          <ButtonLink href={address} icon="download" download>
            {t(locale, 'story.save')}
          </ButtonLink>
          <button type="button" class="button button-secondary" data-verify-fetch={address} hidden>
            <Icon name="check" />
            <span>{t(locale, 'story.verify-here')}</span>
          </button>
          <button type="button" class="button button-text" data-verify-print hidden>
            <Icon name="print" />
            <span>{t(locale, 'story.print')}</span>
          </button>
        </Actions>
        <noscript>
          <p>{t(locale, 'story.no-script')}</p>
        </noscript>
      </div>
      <div data-verify data-trust={trustPath} data-worker={assetPath('verify.js')} hidden>
        <p role="status" data-verify-news />
        <div
          class="verify-results"
          data-verify-results
          tabindex={-1}
          aria-label={t(locale, 'verify.results')}
          role="group"
        />
      </div>
    </Section>
  );
}

interface EvidenceProps {
  readonly locale: Locale;
  readonly caseId: string;
  readonly item: StoryItem;
  readonly seal: SealFacts | null;
}

function Evidence({ locale, caseId, item, seal }: EvidenceProps) {
  const { line, receipt } = item;
  const rows = [
    ...(line.event === 'package.sealed' && seal !== null ? sealRows(locale, seal) : []),
    ...(receipt === null
      ? []
      : [
          {
            label: t(locale, 'story.receipt'),
            value: `${word(locale, `receipt.${receipt.event}`, 'case.receipts')} ・ ${t(locale, 'story.signed-by-gateway')}`,
          },
        ]),
    ...logRows(locale, item.evidence?.proof ?? null),
  ];
  const receiptPath = receipt === null ? null : `/api/cases/${caseId}/receipts/${receipt.id}`;
  return (
    <details class="more" open={receipt !== null || line.event === 'package.sealed'}>
      <summary>{t(locale, 'story.evidence')}</summary>
      <SummaryList rows={rows} />
      {receiptPath !== null && (
        <div class="row-actions no-print">
          <a href={receiptPath} download>
            {t(locale, 'case.download-receipt')}
          </a>
          {item.receiptProof !== null && (
            <a href={`${receiptPath}/proof`} download>
              {t(locale, 'case.download-proof')}
            </a>
          )}
          {item.receiptProof !== null && (
            <button
              type="button"
              class="button button-text"
              data-verify-fetch={`${receiptPath} ${receiptPath}/proof`}
              hidden
            >
              <span>{t(locale, 'story.verify-receipt')}</span>
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function sealRows(locale: Locale, { signer, time }: SealFacts): readonly SummaryRow[] {
  return [
    { label: t(locale, 'story.seal-signer'), value: signer ?? t(locale, 'story.unknown') },
    { label: t(locale, 'story.seal-time'), value: time ?? t(locale, 'story.unknown') },
  ];
}

/** Where in the log, under which checkpoint, and who has cosigned it: what the browser then verifies. */
export function logRows(locale: Locale, text: string | null): readonly SummaryRow[] {
  const proof = text === null ? null : parseProof(text);
  const note = proof?.ok === true ? parseNote(proof.value.checkpoint) : null;
  const checkpoint = note?.ok === true ? parseCheckpoint(note.value.text) : null;
  if (proof?.ok !== true || note?.ok !== true || checkpoint?.ok !== true) {
    return [{ label: t(locale, 'story.log'), value: t(locale, 'story.waiting') }];
  }
  const { origin, size } = checkpoint.value;
  const witnesses = note.value.signatures.map(({ name }) => name).filter((name) => name !== origin);
  return [
    {
      label: t(locale, 'story.log'),
      value: t(locale, 'story.place', { index: String(proof.value.index + 1n), size: String(size) }),
    },
    { label: t(locale, 'story.checkpoint'), value: origin },
    {
      label: t(locale, 'story.witnesses'),
      value: witnesses.length === 0 ? t(locale, 'story.no-witnesses') : witnesses.join(', '),
    },
  ];
}
