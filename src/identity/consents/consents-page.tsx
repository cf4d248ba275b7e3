import type { Actor } from '../../policy/actor.ts';
import { personScopes } from '../../policy/actor.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { CheckField, RadioField } from '../../web/components/choices.tsx';
import { DateField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner, StatusChip } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime, formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { linksPath, scopeText } from '../guardians/words.tsx';
import { StepUpNotice } from '../step-up-page.tsx';
import type { ConsentState, ConsentView, OwnConsents } from './list-consents.ts';

export const consentsPath = '/consents';

/** The form as it was sent, to be shown again with its errors. */
export interface ConsentForm {
  readonly guardianId?: string | undefined;
  readonly scope: readonly string[];
  readonly until?: string | undefined;
}

interface ConsentsProps {
  readonly frame: PageFrame;
  readonly actor: Actor;
  readonly pupils: readonly OwnConsents[];
  readonly values: ConsentForm;
  readonly errors?: Readonly<Record<string, string>> | undefined;
  readonly done: 'given' | 'withdrawn' | null;
}

/** A pupil’s own page: what they, of age, let former guardians see, and giving and taking back of it. */
export function ConsentsPage(props: ConsentsProps) {
  const { frame, actor, pupils, errors, done } = props;
  const { locale } = frame;
  const title = t(locale, 'consent.title');
  const crumbs = [{ label: t(locale, 'link.title'), href: linksPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs}>
      <PageHead title={title} lead={t(locale, 'consent.lead')} />
      {done !== null && <Banner locale={locale} tone="success" title={t(locale, `consent.${done}`)} />}
      <ErrorSummary locale={locale} errors={errors} />
      {pupils.length === 0 && (
        <EmptyState title={t(locale, 'consent.none')}>{t(locale, 'consent.none-text')}</EmptyState>
      )}
      {pupils.some(({ former }) => former.length > 0) && <StepUpNotice frame={frame} actor={actor} />}
      {pupils.map((own) => (
        <OwnPart {...props} own={own} />
      ))}
    </Page>
  );
}

function OwnPart({ frame: { locale }, own, values, errors }: ConsentsProps & { readonly own: OwnConsents }) {
  if (!own.isOfAge) return <p class="hint">{t(locale, 'consent.minor', { day: formatDay(locale, own.ofAgeFrom) })}</p>;
  return (
    <>
      <Section title={t(locale, 'consent.list')}>
        <ConsentTable locale={locale} consents={own.consents} />
      </Section>
      <Section title={t(locale, 'consent.give')}>
        {own.former.length === 0 ? (
          <EmptyState title={t(locale, 'consent.nobody')}>{t(locale, 'consent.nobody-text')}</EmptyState>
        ) : (
          <GiveForm locale={locale} own={own} values={values} errors={errors} />
        )}
      </Section>
    </>
  );
}

function GiveForm({
  locale,
  own,
  values,
  errors,
}: Pick<ConsentsProps, 'values' | 'errors'> & { readonly locale: Locale; readonly own: OwnConsents }) {
  return (
    <Form locale={locale} action={consentsPath}>
      <RadioField
        locale={locale}
        name="guardianId"
        label={t(locale, 'consent.guardian')}
        required
        value={values.guardianId}
        error={errors?.['guardianId']}
        options={own.former.map(({ id, name, relation }) => ({
          value: id,
          label: (
            <>
              <span lang="ja">{name}</span> ({t(locale, `guardian.relation-${relation}`)})
            </>
          ),
        }))}
      />
      <CheckField
        locale={locale}
        name="scope"
        label={t(locale, 'guardian.scope')}
        required
        values={values.scope}
        error={errors?.['scope']}
        options={personScopes.map((value) => ({ value, label: t(locale, `guardian.scope-${value}`) }))}
      />
      <DateField
        locale={locale}
        name="until"
        label={t(locale, 'consent.until')}
        hint={t(locale, 'consent.until-hint', { day: formatDay(locale, own.latest) })}
        required
        value={values.until}
        max={own.latest}
        error={errors?.['until']}
      />
      <Actions>
        <Button>{t(locale, 'consent.give-button')}</Button>
      </Actions>
    </Form>
  );
}

const tones = {
  inForce: 'success',
  resting: 'warning',
  over: 'neutral',
  withdrawn: 'neutral',
} as const satisfies Record<ConsentState, string>;

function ConsentTable({ locale, consents }: { readonly locale: Locale; readonly consents: readonly ConsentView[] }) {
  return (
    <DataTable
      caption={t(locale, 'consent.list')}
      rows={consents}
      empty={<EmptyState title={t(locale, 'consent.list-none')} />}
      columns={[
        {
          header: t(locale, 'consent.guardian'),
          cell: ({ guardianName }) => <span lang="ja">{guardianName ?? t(locale, 'link.hidden-pupil')}</span>,
        },
        { header: t(locale, 'guardian.scope'), cell: ({ scope }) => scopeText(locale, scope) },
        { header: t(locale, 'consent.given-at'), cell: ({ givenAt }) => formatDateTime(locale, givenAt) },
        { header: t(locale, 'consent.until'), cell: ({ until }) => formatDay(locale, until) },
        {
          header: t(locale, 'guardian.state'),
          cell: ({ state }) => <StatusChip tone={tones[state]}>{t(locale, `consent.state-${state}`)}</StatusChip>,
        },
        {
          header: t(locale, 'component.actions'),
          cell: ({ id, state }) =>
            (state === 'inForce' || state === 'resting') && (
              <Form locale={locale} action={`${consentsPath}/withdrawal`} hidden={{ consent: id }} inline>
                <Button kind="secondary">{t(locale, 'consent.withdraw')}</Button>
              </Form>
            ),
        },
      ]}
    />
  );
}
