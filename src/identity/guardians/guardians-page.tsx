import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { newProtectionPath, ProtectedBadge, protectionsPath } from '../../web/components/protected.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner, StatusChip } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime, formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { papersPath } from '../access-codes/paper-pages.tsx';
import type { LinkView } from '../links/links.ts';
import type { CodeView, GuardianView, PupilGuardians } from './list-guardians.ts';
import {
  consentText,
  guardianPath,
  guardiansPath,
  linkingPath,
  NameOf,
  periodText,
  StandingChip,
  scopeOf,
  scopeText,
} from './words.tsx';

interface GuardiansProps {
  readonly frame: PageFrame;
  readonly view: PupilGuardians;
  readonly links: readonly LinkView[];
  readonly done: 'entered' | 'corrected' | 'done' | null;
}

/** One pupil's guardians, who is linked, and the codes handed out. */
export function GuardiansPage({ frame, view, links, done }: GuardiansProps) {
  const { locale } = frame;
  const title = t(locale, 'guardian.title', { name: view.pupil.name });
  const day = formatDay(locale, view.ofAgeFrom);
  const enter = view.may.enter && (
    <ButtonLink href={`${guardiansPath(view.pupil.id)}/new`} icon="person">
      {t(locale, 'guardian.enter')}
    </ButtonLink>
  );
  return (
    <Page
      {...frame}
      title={t(locale, 'guardian.all')}
      breadcrumbs={[{ label: t(locale, 'linking.title'), href: linkingPath }, { label: title }]}
    >
      <PageHead
        title={title}
        lead={t(locale, 'guardian.lead')}
        actions={enter || undefined}
        status={view.isProtected && <ProtectedBadge locale={locale} />}
      />
      {done !== null && <Banner locale={locale} tone="success" title={t(locale, `guardian.${done}`)} />}
      <p class="hint">{view.isOfAge ? t(locale, 'guardian.is-of-age') : t(locale, 'guardian.majority', { day })}</p>
      <Protection locale={locale} view={view} />
      <Section title={t(locale, 'guardian.list')}>
        <GuardianTable locale={locale} guardians={view.guardians} />
      </Section>
      <Section title={t(locale, 'linking.existing')}>
        <SchoolLinks locale={locale} view={view} links={links} />
      </Section>
      <Section title={t(locale, 'guardian.codes')}>
        <CodeTable locale={locale} view={view} />
        {view.may.issueCode && (
          <Form locale={locale} action={guardiansPath(view.pupil.id)} hidden={{ relation: 'self' }}>
            <Actions>
              <Button kind="secondary">{t(locale, 'guardian.issue-self')}</Button>
            </Actions>
          </Form>
        )}
      </Section>
      {view.may.issueCode && (
        <Section title={t(locale, 'paper.door')} lead={t(locale, 'paper.lead')}>
          <Actions>
            <ButtonLink kind="secondary" href={papersPath(view.pupil.id)}>
              {t(locale, 'paper.manage')}
            </ButtonLink>
          </Actions>
        </Section>
      )}
    </Page>
  );
}

function Protection({ locale, view }: { readonly locale: Locale; readonly view: PupilGuardians }) {
  if (!view.isProtected && !view.may.protect) return null;
  return (
    <div class="no-print">
      <Section title={t(locale, 'protection.title')} lead={t(locale, 'protection.limits')}>
        <Actions>
          <ButtonLink
            kind="secondary"
            href={view.isProtected ? protectionsPath : newProtectionPath('pupil', view.pupil.id)}
          >
            {t(locale, view.isProtected ? 'protection.case-do' : 'protection.case-enter')}
          </ButtonLink>
        </Actions>
      </Section>
    </div>
  );
}

function GuardianTable({
  locale,
  guardians,
}: {
  readonly locale: Locale;
  readonly guardians: readonly GuardianView[];
}) {
  return (
    <DataTable
      caption={t(locale, 'guardian.list')}
      rows={guardians}
      empty={<EmptyState title={t(locale, 'guardian.none')}>{t(locale, 'guardian.none-text')}</EmptyState>}
      columns={[
        { header: t(locale, 'guardian.name'), cell: (guardian) => <NameOf {...guardian} /> },
        {
          header: t(locale, 'guardian.relation'),
          cell: ({ relation, custody }) =>
            `${t(locale, `guardian.relation-${relation}`)} (${t(locale, 'guardian.custody')}: ${t(locale, `guardian.custody-${custody}`)})`,
        },
        { header: t(locale, 'guardian.scope'), cell: (guardian) => scopeText(locale, scopeOf(guardian)) },
        { header: t(locale, 'guardian.period'), cell: (guardian) => <Period locale={locale} guardian={guardian} /> },
        {
          header: t(locale, 'guardian.state'),
          cell: ({ state }) => <StandingChip locale={locale} state={state} />,
        },
        {
          header: t(locale, 'component.actions'),
          cell: (guardian) => (
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

/** With what the pupil, of age, has said, where that is what counts. */
function Period({ locale, guardian }: { readonly locale: Locale; readonly guardian: GuardianView }) {
  const { consent } = guardian;
  if (consent === null) return <>{periodText(locale, guardian)}</>;
  return (
    <>
      {t(locale, 'consent.on-record')}: {consentText(locale, consent)}
    </>
  );
}

function SchoolLinks({
  locale,
  view,
  links,
}: {
  readonly locale: Locale;
  readonly view: PupilGuardians;
  readonly links: readonly LinkView[];
}) {
  return (
    <DataTable
      caption={t(locale, 'linking.existing')}
      rows={links}
      empty={<EmptyState title={t(locale, 'linking.existing-none')} />}
      columns={[
        { header: t(locale, 'linking.who'), cell: (link) => holderOf(locale, view, link) },
        { header: t(locale, 'link.since'), cell: ({ linkedAt }) => formatDateTime(locale, linkedAt) },
        { header: t(locale, 'link.state'), cell: ({ state }) => <StandingChip locale={locale} state={state} /> },
        {
          header: t(locale, 'link.action'),
          cell: ({ id }) => (
            <Form locale={locale} action={`${guardiansPath(view.pupil.id)}/end`} hidden={{ link: id }} inline>
              <Button kind="secondary">{t(locale, 'link.end')}</Button>
            </Form>
          ),
        },
      ]}
    />
  );
}

function CodeTable({ locale, view }: { readonly locale: Locale; readonly view: PupilGuardians }) {
  const withdraw = ({ id, state }: CodeView) =>
    state === 'open' &&
    view.may.issueCode && (
      <Form locale={locale} action={`${guardiansPath(view.pupil.id)}/withdrawal`} hidden={{ code: id }} inline>
        <Button kind="secondary">{t(locale, 'guardian.withdraw')}</Button>
      </Form>
    );
  return (
    <DataTable
      caption={t(locale, 'guardian.codes')}
      rows={view.codes}
      empty={<EmptyState title={t(locale, 'guardian.codes-none')} />}
      columns={[
        { header: t(locale, 'guardian.code-for'), cell: (code) => holderOf(locale, view, code) },
        { header: t(locale, 'guardian.code-issued'), cell: ({ issuedAt }) => formatDateTime(locale, issuedAt) },
        { header: t(locale, 'linking.expires'), cell: ({ expiresAt }) => formatDateTime(locale, expiresAt) },
        {
          header: t(locale, 'guardian.state'),
          cell: ({ state }) => (
            <StatusChip tone={state === 'open' ? 'info' : 'neutral'}>{t(locale, `guardian.code-${state}`)}</StatusChip>
          ),
        },
        { header: t(locale, 'component.actions'), cell: withdraw },
      ]}
    />
  );
}

/** The guardian by name, or the pupil. */
function holderOf(locale: Locale, view: PupilGuardians, { guardianId }: Pick<LinkView, 'guardianId'>): string {
  if (guardianId === null) return t(locale, 'link.relation-self');
  const guardian = view.guardians.find(({ id }) => id === guardianId);
  return guardian?.name ?? t(locale, 'link.relation-guardian');
}
