import { Actions, Button } from '../web/components/button.tsx';
import { Form } from '../web/components/form.tsx';
import { Card, PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { ProposedClientList } from './clients/proposed-client-list.tsx';
import { changeText } from './member-words.ts';
import type { ProposalView } from './proposals.ts';
import { Confirmers } from './waiting-banner.tsx';

interface ProposalsProps {
  readonly frame: PageFrame;
  readonly proposals: readonly ProposalView[];
  readonly done: boolean;
}

/** What waits for a second person, with all that it would change, and what was decided lately. */
export function ProposalsPage({ frame, proposals, done }: ProposalsProps) {
  const { locale } = frame;
  const title = t(locale, 'proposal.title');
  const pending = proposals.filter(({ state }) => state === 'pending');
  const past = proposals.filter(({ state }) => state !== 'pending');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'proposal.lead')} />
      {done && <Banner locale={locale} tone="success" title={t(locale, 'proposal.done')} />}
      <Section title={t(locale, 'proposal.pending')}>
        {pending.length === 0 && <EmptyState title={t(locale, 'proposal.none')} />}
        {pending.map((proposal) => (
          <PendingProposal frame={frame} proposal={proposal} />
        ))}
      </Section>
      {past.length > 0 && (
        <Section title={t(locale, 'proposal.past')}>
          <PastProposals frame={frame} proposals={past} />
        </Section>
      )}
    </Page>
  );
}

function PendingProposal({ frame: { locale }, proposal }: { frame: PageFrame; proposal: ProposalView }) {
  const path = `/proposals/${encodeURIComponent(proposal.id)}`;
  return (
    <Card level={3} title={t(locale, `proposal.kind-${proposal.kind}`)}>
      <SummaryList
        rows={[
          { label: t(locale, 'proposal.by'), value: <span lang="ja">{proposal.proposedBy}</span> },
          { label: t(locale, 'proposal.at'), value: formatDateTime(locale, new Date(proposal.proposedAt)) },
          { label: t(locale, 'proposal.until'), value: formatDateTime(locale, new Date(proposal.expiresAt)) },
          ...(proposal.subject === null || proposal.client !== null
            ? []
            : [{ label: t(locale, 'proposal.subject'), value: <span class="digest">{proposal.subject}</span> }]),
        ]}
      />
      {proposal.changes.length > 0 && (
        <DataTable
          caption={t(locale, 'proposal.kind-members')}
          rows={proposal.changes}
          columns={[
            { header: t(locale, 'people.name'), cell: ({ name }) => <span lang="ja">{name}</span> },
            { header: t(locale, 'proposal.act'), cell: ({ act }) => t(locale, `proposal.act-${act}`) },
            { header: t(locale, 'people.role'), cell: (change) => changeText(locale, change) },
          ]}
        />
      )}
      {proposal.client !== null && <ProposedClientList locale={locale} client={proposal.client} />}
      {!proposal.mayConfirm && (
        <p>
          {t(locale, 'proposal.own')} <Confirmers {...{ locale, proposal }} />
        </p>
      )}
      <Actions>
        {proposal.mayConfirm && (
          <Form locale={locale} action={`${path}/confirmation`} inline>
            <Button>{t(locale, 'proposal.confirm')}</Button>
          </Form>
        )}
        <Form locale={locale} action={`${path}/cancellation`} inline>
          <Button kind="secondary">{t(locale, proposal.mayConfirm ? 'proposal.reject' : 'proposal.cancel')}</Button>
        </Form>
      </Actions>
    </Card>
  );
}

const tones = { pending: 'info', confirmed: 'success', cancelled: 'neutral', expired: 'warning' } as const;

function PastProposals({ frame: { locale }, proposals }: { frame: PageFrame; proposals: readonly ProposalView[] }) {
  return (
    <DataTable
      caption={t(locale, 'proposal.past')}
      rows={proposals}
      columns={[
        { header: t(locale, 'proposal.act'), cell: (proposal) => whatText(locale, proposal) },
        {
          header: t(locale, 'proposal.by'),
          cell: ({ proposedBy, proposedAt }) => `${proposedBy} ${formatDateTime(locale, new Date(proposedAt))}`,
        },
        {
          header: t(locale, 'proposal.state'),
          cell: ({ state }) => <StatusChip tone={tones[state]}>{t(locale, `proposal.state-${state}`)}</StatusChip>,
        },
        {
          header: t(locale, 'proposal.decided'),
          cell: ({ decidedBy, decidedAt }) =>
            decidedAt === null ? '—' : `${decidedBy ?? ''} ${formatDateTime(locale, new Date(decidedAt))}`,
        },
      ]}
    />
  );
}

function whatText(locale: Locale, { kind, changes, subject }: ProposalView): string {
  const [first, ...others] = changes;
  const more = others.length === 0 ? '' : ` +${others.length}`;
  const about =
    first === undefined ? (subject ?? '').slice(0, 60) : `${first.name} ${changeText(locale, first)}${more}`;
  return `${t(locale, `proposal.kind-${kind}`)}: ${about}`;
}
