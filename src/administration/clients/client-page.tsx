import type { Fault } from '../../faults.ts';
import type { ClientKeyView, ClientView } from '../../identity/clients/list-clients.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { ConfirmBox } from '../../web/components/confirm-box.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { StatusChip } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { ProposalView } from '../proposals.ts';
import { WaitingBanner } from '../waiting-banner.tsx';
import {
  ClientFields,
  type ClientForm,
  ClientState,
  clientCrumbs,
  clientsPath,
  KeyField,
  RefusedBanner,
  usedText,
} from './pages.tsx';

interface ClientPageProps {
  readonly frame: PageFrame;
  readonly client: ClientView;
  /** What was typed and refused; else what is registered. */
  readonly form: ClientForm;
  readonly reason: Fault | null;
  /** What waits for a second person and concerns this system. */
  readonly proposals: readonly ProposalView[];
  readonly origin: string;
}

/** One school-affairs system: what it is, its keys, its limits, and the way to stop it. */
export function ClientPage({ frame, client, form, reason, proposals, origin }: ClientPageProps) {
  const { locale } = frame;
  const action = `${clientsPath}/${encodeURIComponent(client.id)}`;
  const rows = [
    { label: t(locale, 'client.id'), value: <code class="digest">{client.id}</code> },
    { label: t(locale, 'client.origin'), value: <code class="digest">{origin}</code> },
    { label: t(locale, 'client.vendor'), value: client.vendor === '' ? '—' : client.vendor },
    { label: t(locale, 'client.created'), value: formatDateTime(locale, client.createdAt) },
    { label: t(locale, 'client.used'), value: usedText(locale, client.lastUsedAt) },
    { label: t(locale, 'client.per-minute'), value: client.requestsPerMinute },
    {
      label: t(locale, 'client.uploads-today'),
      value: t(locale, 'client.of', { count: client.uploadsToday, most: client.uploadsPerDay }),
    },
  ];
  return (
    <Page {...frame} title={client.name} breadcrumbs={clientCrumbs(frame, client.name)}>
      <PageHead title={client.name} status={<ClientState locale={locale} client={client} />} />
      <RefusedBanner locale={locale} reason={reason} />
      <WaitingBanner locale={locale} proposals={proposals} />
      <SummaryList rows={rows} />
      <BlockSection locale={locale} client={client} action={action} />
      <Section title={t(locale, 'client.keys')} lead={t(locale, 'client.keys-lead')}>
        <KeyTable locale={locale} keys={client.keys} action={action} />
      </Section>
      <Section title={t(locale, 'client.exchange')} lead={t(locale, 'client.exchange-lead')}>
        <Form locale={locale} action={`${action}/keys`}>
          <KeyField locale={locale} value={form.publicKey} reason={reason} />
          <TextField
            locale={locale}
            name="overlapDays"
            label={t(locale, 'client.overlap')}
            hint={t(locale, 'client.overlap-hint')}
            value="14"
            inputmode="numeric"
            width="short"
            required
          />
          <Actions>
            <Button kind="secondary">{t(locale, 'client.exchange-button')}</Button>
          </Actions>
        </Form>
      </Section>
      <Section title={t(locale, 'client.change')} lead={t(locale, 'client.change-lead')}>
        <Form locale={locale} action={action}>
          <ClientFields locale={locale} form={form} reason={reason} />
          <Actions>
            <Button kind="secondary">{t(locale, 'client.change-button')}</Button>
          </Actions>
        </Form>
      </Section>
      <ConfirmBox title={t(locale, 'client.delete')} tone="danger">
        <p>{t(locale, 'client.delete-lead')}</p>
        <Form locale={locale} action={`${action}/deletion`}>
          <Actions>
            <Button kind="danger">{t(locale, 'client.delete-button')}</Button>
          </Actions>
        </Form>
      </ConfirmBox>
    </Page>
  );
}

function BlockSection({ locale, client, action }: { locale: Locale; client: ClientView; action: string }) {
  if (client.blockedAt !== null) {
    const at = formatDateTime(locale, client.blockedAt);
    return (
      <ConfirmBox title={t(locale, 'client.blocked-title')}>
        <p>{t(locale, 'client.blocked-since', { at })}</p>
        <Form locale={locale} action={`${action}/unblock`}>
          <Actions>
            <Button kind="secondary">{t(locale, 'client.unblock')}</Button>
          </Actions>
        </Form>
      </ConfirmBox>
    );
  }
  return (
    <ConfirmBox title={t(locale, 'client.block-title')}>
      <p>{t(locale, 'client.block-lead')}</p>
      <Form locale={locale} action={`${action}/block`}>
        <Actions>
          <Button kind="danger">{t(locale, 'client.block')}</Button>
        </Actions>
      </Form>
    </ConfirmBox>
  );
}

interface KeyTableProps {
  readonly locale: Locale;
  readonly keys: readonly ClientKeyView[];
  readonly action: string;
}

const tones = { inForce: 'success', ending: 'warning', retired: 'neutral' } as const;

function KeyTable({ locale, keys, action }: KeyTableProps) {
  return (
    <DataTable
      caption={t(locale, 'client.keys')}
      rows={keys}
      empty={<EmptyState title={t(locale, 'client.no-key')} />}
      columns={[
        {
          header: t(locale, 'client.thumbprint'),
          heading: true,
          cell: ({ thumbprint, kid, algorithm }) => (
            <>
              <code class="digest">{thumbprint}</code>
              <p class="hint">
                {algorithm}
                {kid !== thumbprint && ` kid: ${kid}`}
              </p>
            </>
          ),
        },
        {
          header: t(locale, 'client.state'),
          cell: ({ state }) => <StatusChip tone={tones[state]}>{t(locale, `client.key-${state}`)}</StatusChip>,
        },
        { header: t(locale, 'client.added'), cell: ({ addedAt }) => formatDateTime(locale, addedAt) },
        {
          header: t(locale, 'client.until'),
          cell: ({ retiresAt }) =>
            retiresAt === null ? t(locale, 'client.no-end') : formatDateTime(locale, retiresAt),
        },
        { header: t(locale, 'client.used'), cell: ({ lastUsedAt }) => usedText(locale, lastUsedAt) },
        {
          header: t(locale, 'client.action'),
          cell: ({ thumbprint, state }) =>
            state !== 'retired' && (
              <Form locale={locale} action={`${action}/keys/retire`} hidden={{ thumbprint }} inline>
                <Button kind="secondary">
                  {t(locale, 'client.retire')}
                  <span class="visually-hidden">: {thumbprint}</span>
                </Button>
              </Form>
            ),
        },
      ]}
    />
  );
}
