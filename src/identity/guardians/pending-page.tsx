import type { AssuranceLevel } from '../../policy/actor.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { Card, PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import type { MessageKey } from '../../web/locales/ja.ts';
import { t } from '../../web/text.ts';
import type { Pending, PendingLink } from './list-pending.ts';
import { guardianPath, guardiansPath, linkingPath, pendingPath, StandingChip } from './words.tsx';

interface PendingProps {
  readonly frame: PageFrame;
  readonly pending: Pending;
  readonly done: boolean;
  readonly errors?: Readonly<Record<string, string>> | undefined;
  readonly refusal?: { readonly title: string; readonly advice: string } | undefined;
}

/** What waits for a second pair of eyes. */
export function PendingPage({ frame, pending, done, errors, refusal }: PendingProps) {
  const { locale } = frame;
  const title = t(locale, 'pending.title');
  const crumbs = [{ label: t(locale, 'linking.title'), href: linkingPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs}>
      <PageHead title={title} lead={t(locale, 'pending.lead')} />
      {done && <Banner locale={locale} tone="success" title={t(locale, 'pending.confirmed')} />}
      <ErrorSummary locale={locale} errors={errors} />
      {refusal && (
        <Banner locale={locale} tone="danger" title={refusal.title}>
          {refusal.advice}
        </Banner>
      )}
      <Section title={t(locale, 'pending.links')}>
        {pending.links.length === 0 && <EmptyState title={t(locale, 'pending.links-none')} />}
        {pending.links.map((link) => (
          <WaitingLink locale={locale} link={link} errors={errors} />
        ))}
      </Section>
      <Section title={t(locale, 'pending.guardians')}>
        <WaitingGuardians locale={locale} guardians={pending.guardians} />
      </Section>
    </Page>
  );
}

/** The field of one link's number: several forms stand on the page. */
export function checkField(linkId: string): string {
  return `check-${linkId}`;
}

function WaitingLink({
  locale,
  link,
  errors,
}: {
  readonly locale: Locale;
  readonly link: PendingLink;
  readonly errors: Readonly<Record<string, string>> | undefined;
}) {
  const name = checkField(link.id);
  return (
    <Card title={<a href={guardiansPath(link.pupil.id)}>{link.pupil.name}</a>} level={3}>
      <LinkFacts locale={locale} link={link} />
      {link.namedLikeIssuer && <Banner locale={locale} tone="warning" title={t(locale, 'pending.like-issuer')} />}
      {link.may.confirm ? (
        <Form locale={locale} action={`${pendingPath}/${encodeURIComponent(link.id)}`}>
          <TextField
            locale={locale}
            name={name}
            label={t(locale, 'pending.check')}
            hint={t(locale, 'pending.check-hint')}
            error={errors?.[name]}
            inputmode="numeric"
            width="short"
            maxlength={20}
            required
            code
          />
          <Actions>
            <Button>{t(locale, 'pending.confirm')}</Button>
          </Actions>
        </Form>
      ) : (
        <p class="hint">{t(locale, 'pending.own')}</p>
      )}
      {link.may.refuse && (
        <Form locale={locale} action={`${pendingPath}/${encodeURIComponent(link.id)}/refusal`}>
          <Actions>
            <Button kind="secondary">{t(locale, 'pending.refuse')}</Button>
          </Actions>
        </Form>
      )}
    </Card>
  );
}

const logins: Readonly<Record<AssuranceLevel, Extract<MessageKey, `pending.login-${string}`>>> = {
  certificate: 'pending.login-certificate',
  digitalAuthenticationApp: 'pending.login-digitalAuthenticationApp',
  schoolCode: 'pending.login-schoolCode',
  organisationPrime: 'pending.login-other',
  organisationMember: 'pending.login-other',
  machine: 'pending.login-other',
};

function LinkFacts({ locale, link }: { readonly locale: Locale; readonly link: PendingLink }) {
  const { guardian } = link;
  const who =
    guardian === null
      ? t(locale, 'link.relation-self')
      : `${guardian.name} (${t(locale, `guardian.relation-${guardian.relation}`)})`;
  return (
    <SummaryList
      rows={[
        {
          label: t(locale, 'guardian.code-for'),
          value:
            guardian === null ? (
              who
            ) : (
              <>
                <a href={guardianPath(guardian)}>{who}</a> <StandingChip locale={locale} state={guardian.state} />
              </>
            ),
        },
        { label: t(locale, 'pending.asked'), value: formatDateTime(locale, link.askedAt) },
        { label: t(locale, 'pending.issuer'), value: link.issuedBy },
        { label: t(locale, 'pending.login'), value: t(locale, logins[link.assurance]) },
      ]}
    />
  );
}

function WaitingGuardians({
  locale,
  guardians,
}: {
  readonly locale: Locale;
  readonly guardians: Pending['guardians'];
}) {
  return (
    <DataTable
      caption={t(locale, 'pending.guardians')}
      rows={guardians}
      empty={<EmptyState title={t(locale, 'pending.guardians-none')} />}
      columns={[
        { header: t(locale, 'guardian.name'), cell: ({ guardian }) => guardian.name },
        { header: t(locale, 'link.pupil'), cell: ({ pupil }) => pupil.name },
        {
          header: t(locale, 'guardian.state'),
          cell: ({ guardian }) => <StandingChip locale={locale} state={guardian.state} />,
        },
        {
          header: t(locale, 'component.actions'),
          cell: ({ guardian }) => (
            <div class="row-actions">
              <a href={guardianPath(guardian)}>
                {t(locale, 'guardian.open')}
                <span class="visually-hidden">: {guardian.name}</span>
              </a>
            </div>
          ),
        },
      ]}
    />
  );
}
