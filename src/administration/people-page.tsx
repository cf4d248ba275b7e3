import { QrCode } from '../identity/qr-code.tsx';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { CodeBox, PrintButton } from '../web/components/code-box.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { IssuedInvitation } from './invitations.ts';
import type { InvitationView, MembersView, MemberView } from './list-members.ts';
import { periodText, roleText } from './member-words.ts';

export const peoplePath = '/people';

interface PeopleProps {
  readonly frame: PageFrame;
  readonly view: MembersView;
  /** What has just come about. */
  readonly news: 'done' | 'proposed' | null;
  readonly isAdministrator: boolean;
}

/** Who is what at this school, from when to when. */
export function PeoplePage({ frame, view, news, isAdministrator }: PeopleProps) {
  const { locale } = frame;
  const title = t(locale, 'people.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead
        title={title}
        lead={t(locale, 'people.lead')}
        actions={<ButtonLink href={`${peoplePath}/new`}>{t(locale, 'people.grant')}</ButtonLink>}
      />
      {news === 'done' && <Banner locale={locale} tone="success" title={t(locale, 'people.done')} />}
      {news === 'proposed' && (
        <Banner locale={locale} tone="info" title={t(locale, 'proposal.waiting')}>
          <p>{t(locale, 'proposal.waiting-text')}</p>
        </Banner>
      )}
      <MemberTable frame={frame} members={view.members} />
      <Actions>
        <ButtonLink kind="secondary" href="/proposals">
          {t(locale, 'proposal.title')}
        </ButtonLink>
        <ButtonLink kind="secondary" href={`${peoplePath}/import`}>
          {t(locale, 'people.import')}
        </ButtonLink>
        <ButtonLink kind="secondary" href={`${peoplePath}/export`} download="members.csv">
          {t(locale, 'people.export')}
        </ButtonLink>
        {isAdministrator && (
          <ButtonLink kind="secondary" href={`${peoplePath}/accounts`}>
            {t(locale, 'people.accounts')}
          </ButtonLink>
        )}
      </Actions>
      <Section title={t(locale, 'people.invitations')} lead={t(locale, 'people.invitations-lead')}>
        <InvitationTable frame={frame} invitations={view.invitations} />
      </Section>
    </Page>
  );
}

function MemberTable({ frame: { locale }, members }: { frame: PageFrame; members: readonly MemberView[] }) {
  return (
    <DataTable
      caption={t(locale, 'people.title')}
      rows={members}
      columns={[
        { header: t(locale, 'people.name'), cell: (member) => <NameCell locale={locale} member={member} /> },
        { header: t(locale, 'people.role'), cell: (member) => roleText(locale, member) },
        {
          header: t(locale, 'people.period'),
          cell: (member) => (
            <>
              {periodText(locale, member)}{' '}
              {member.state === 'toCome' && <StatusChip tone="info">{t(locale, 'people.to-come')}</StatusChip>}
            </>
          ),
        },
        {
          header: t(locale, 'people.last-login'),
          cell: ({ lastLoginAt }) =>
            lastLoginAt === null ? t(locale, 'people.never') : formatDateTime(locale, new Date(lastLoginAt)),
        },
        {
          header: t(locale, 'people.action'),
          cell: ({ id, name, role }) => (
            <a href={`${peoplePath}/${encodeURIComponent(id)}`}>
              {t(locale, 'people.open')}
              <span class="visually-hidden">
                : {name} {t(locale, `role.${role}`)}
              </span>
            </a>
          ),
        },
      ]}
    />
  );
}

function NameCell({ locale, member }: { readonly locale: PageFrame['locale']; readonly member: MemberView }) {
  const { name, account, sameAs } = member;
  return (
    <>
      <span lang="ja">{name}</span>
      <p class="hint">{account}</p>
      {sameAs.length > 0 && <p class="hint">{t(locale, 'people.same-as', { accounts: sameAs.join(', ') })}</p>}
    </>
  );
}

function InvitationTable({
  frame: { locale },
  invitations,
}: {
  frame: PageFrame;
  invitations: readonly InvitationView[];
}) {
  return (
    <DataTable
      caption={t(locale, 'people.invitations')}
      rows={invitations}
      empty={<EmptyState title={t(locale, 'people.no-invitations')} />}
      columns={[
        { header: t(locale, 'people.name'), cell: ({ name }) => <span lang="ja">{name}</span> },
        { header: t(locale, 'people.role'), cell: (one) => roleText(locale, one) },
        { header: t(locale, 'people.period'), cell: (one) => periodText(locale, one) },
        {
          header: t(locale, 'people.code-until'),
          cell: ({ codeExpiresAt }) =>
            codeExpiresAt === null ? t(locale, 'people.no-code') : formatDateTime(locale, new Date(codeExpiresAt)),
        },
        {
          header: t(locale, 'people.action'),
          cell: ({ id, name }) => (
            <>
              <Form locale={locale} action={`${peoplePath}/invitations/${encodeURIComponent(id)}/code`} inline>
                <Button kind="secondary">
                  {t(locale, 'people.issue-code')}
                  <span class="visually-hidden">: {name}</span>
                </Button>
              </Form>
              <Form locale={locale} action={`${peoplePath}/invitations/${encodeURIComponent(id)}/cancellation`} inline>
                <Button kind="text">
                  {t(locale, 'people.cancel-invitation')}
                  <span class="visually-hidden">: {name}</span>
                </Button>
              </Form>
            </>
          ),
        },
      ]}
    />
  );
}

interface IssuedProps {
  readonly frame: PageFrame;
  readonly issued: IssuedInvitation;
}

/** The sheet to print: the only time the code is seen. */
export function InvitationSheet({ frame, issued }: IssuedProps) {
  const { locale } = frame;
  const title = t(locale, 'invitation.title');
  const crumbs = [{ label: t(locale, 'people.title'), href: peoplePath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} actions={<PrintButton locale={locale} />} />
      <div class="no-print">
        <Banner locale={locale} tone="warning" title={t(locale, 'invitation.once')} />
      </div>
      <SummaryList
        rows={[{ label: t(locale, 'people.code-until'), value: formatDateTime(locale, new Date(issued.expiresAt)) }]}
      />
      <CodeBox locale={locale} id="invitation-code" label={t(locale, 'invitation.code')} value={issued.code} />
      <QrCode text={issued.address} label={t(locale, 'linking.qr')} />
      <p>{t(locale, 'invitation.how')}</p>
    </Page>
  );
}
