import type { Child } from 'hono/jsx';
import type { Fault } from '../faults.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import type { SealKeyStanding } from '../transfers/seal-key-standing.ts';
import { Actions, Button } from '../web/components/button.tsx';
import { FileField, TextField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDate } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { ProposalView } from './proposals.ts';
import type { FormerSealKey, SealKeyView } from './seal-key.ts';
import { WaitingBanner } from './waiting-banner.tsx';

interface SealKeyPageProps {
  readonly frame: PageFrame;
  readonly sealKey: SealKeyView | null;
  readonly former: readonly FormerSealKey[];
  readonly reason: Fault | null;
  /** What waits for a second person and concerns this key. */
  readonly waiting: readonly ProposalView[];
  /** That a log-in is needed first; nothing when it is fresh. */
  readonly notice: Child;
}

export function SealKeyPage({ frame, sealKey, former, reason, waiting, notice }: SealKeyPageProps) {
  const { locale } = frame;
  const title = t(locale, 'seal-key.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'seal-key.lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {former.some(isStopped) && (
        <Banner locale={locale} tone="danger" title={t(locale, 'seal-key.doubted-title')}>
          <p>{t(locale, 'seal-key.doubted-text')}</p>
        </Banner>
      )}
      {notice}
      <WaitingBanner locale={locale} proposals={waiting} />
      <Section title={t(locale, 'seal-key.present')}>
        {sealKey === null ? (
          <EmptyState title={t(locale, 'seal-key.none')} />
        ) : (
          <SummaryList
            rows={[
              { label: t(locale, 'seal-key.subject'), value: <span lang="ja">{sealKey.subject}</span> },
              { label: t(locale, 'seal-key.until'), value: formatDate(locale, new Date(sealKey.notAfter)) },
              { label: t(locale, 'seal-key.place'), value: t(locale, `seal-key.place-${sealKey.place}`) },
              { label: t(locale, 'seal-key.fingerprint'), value: <code class="digest">{sealKey.fingerprint}</code> },
            ]}
          />
        )}
        {sealKey !== null && (
          <Form locale={locale} action="/seal-key/end">
            <Actions>
              <Button kind="danger">{t(locale, 'seal-key.end')}</Button>
            </Actions>
          </Form>
        )}
      </Section>
      <History locale={locale} former={former} />
      <Section title={t(locale, 'seal-key.import-title')} lead={t(locale, 'seal-key.import-lead')}>
        <Form locale={locale} action="/seal-key" multipart>
          <FileField locale={locale} name="file" label={t(locale, 'seal-key.file')} accept=".p12,.pfx" required />
          <TextField
            locale={locale}
            name="password"
            label={t(locale, 'seal-key.password')}
            type="password"
            width="medium"
            maxlength={200}
            required
          />
          <Actions>
            <Button icon="lock">{t(locale, 'seal-key.import')}</Button>
          </Actions>
        </Form>
      </Section>
      <Section title={t(locale, 'seal-key.own-title')} lead={t(locale, 'seal-key.own-lead')}>
        <Form locale={locale} action="/seal-key/certificates" multipart>
          <FileField
            locale={locale}
            name="certificates"
            label={t(locale, 'seal-key.own-files')}
            hint={t(locale, 'seal-key.own-hint')}
            accept=".pem,.crt,.cer,.der"
            multiple
            required
          />
          <Actions>
            <Button kind="secondary">{t(locale, 'seal-key.own-button')}</Button>
          </Actions>
        </Form>
      </Section>
    </Page>
  );
}

/** The key in force is not what the log says: nothing is sealed until two persons register one. */
function isStopped({ retiredAt, standing }: FormerSealKey): boolean {
  return retiredAt === null && standing === 'doubted';
}

const tones = { confirmed: 'success', notYet: 'neutral', doubted: 'danger' } as const satisfies Record<
  SealKeyStanding,
  string
>;

function History({ locale, former }: { readonly locale: Locale; readonly former: readonly FormerSealKey[] }) {
  const day = (at: string) => formatDate(locale, new Date(at));
  return (
    <Section title={t(locale, 'seal-key.history')} lead={t(locale, 'seal-key.history-lead')}>
      <DataTable
        caption={t(locale, 'seal-key.history')}
        rows={former}
        empty={<EmptyState title={t(locale, 'seal-key.none')} />}
        columns={[
          { header: t(locale, 'seal-key.fingerprint'), cell: (key) => <code class="digest">{key.fingerprint}</code> },
          { header: t(locale, 'seal-key.from'), cell: ({ addedAt }) => day(addedAt) },
          {
            header: t(locale, 'seal-key.to'),
            cell: ({ retiredAt }) => (retiredAt === null ? t(locale, 'seal-key.in-force') : day(retiredAt)),
          },
          {
            header: t(locale, 'seal-key.standing'),
            cell: ({ standing }) => (
              <StatusChip tone={tones[standing]}>{t(locale, `seal-key.standing-${standing}`)}</StatusChip>
            ),
          },
        ]}
      />
    </Section>
  );
}
