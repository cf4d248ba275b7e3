import { personScopes } from '../../policy/actor.ts';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { CheckField, RadioField } from '../../web/components/choices.tsx';
import { DateField, TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { PupilGuardians } from './list-guardians.ts';
import { lastDayBefore } from './rules.ts';
import { custodies, guardianRelations } from './tables.ts';
import { guardiansPath, linkingPath } from './words.tsx';

/** The form as it was sent, to be shown again with its errors. */
export interface GuardianForm {
  readonly name?: string | undefined;
  readonly kana?: string | undefined;
  readonly relation?: string | undefined;
  readonly custody?: string | undefined;
  readonly contactMail?: string | undefined;
  readonly validFrom?: string | undefined;
  readonly validUntil?: string | undefined;
  readonly scope: readonly string[];
}

export interface GuardianFieldsProps {
  readonly frame: PageFrame;
  readonly view: PupilGuardians;
  readonly values: GuardianForm;
  readonly errors?: Readonly<Record<string, string>> | undefined;
}

interface NewGuardianProps extends GuardianFieldsProps {
  readonly refusal?: { readonly title: string; readonly advice: string } | undefined;
}

export function NewGuardianPage({ frame, view, values, errors, refusal }: NewGuardianProps) {
  const { locale } = frame;
  const title = t(locale, 'guardian.enter');
  const back = guardiansPath(view.pupil.id);
  const crumbs = [
    { label: t(locale, 'linking.title'), href: linkingPath },
    { label: t(locale, 'guardian.title', { name: view.pupil.name }), href: back },
    { label: title },
  ];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} kicker={view.pupil.name} lead={t(locale, 'guardian.enter-lead')} />
      <ErrorSummary locale={locale} errors={errors} />
      {refusal && (
        <Banner locale={locale} tone="danger" title={refusal.title}>
          {refusal.advice}
        </Banner>
      )}
      <Form locale={locale} action={`${back}/new`}>
        <GuardianFields frame={frame} view={view} values={values} errors={errors} />
        <Actions>
          <Button>{t(locale, 'guardian.enter-button')}</Button>
          <ButtonLink href={back} kind="secondary">
            {t(locale, 'component.cancel')}
          </ButtonLink>
        </Actions>
      </Form>
    </Page>
  );
}

/** What a record says of a guardian, as fields of a form. */
export function GuardianFields({ frame: { locale }, view, values, errors }: GuardianFieldsProps) {
  const field = (name: 'name' | 'kana' | 'relation' | 'custody' | 'scope') => ({
    locale,
    name,
    label: t(locale, `guardian.${name}`),
    required: true,
    error: errors?.[name],
  });
  const lastDay = formatDay(locale, lastDayBefore(view.ofAgeFrom));
  return (
    <>
      <TextField {...field('name')} value={values.name} maxlength={100} />
      <TextField {...field('kana')} value={values.kana} maxlength={200} />
      <RadioField
        {...field('relation')}
        value={values.relation}
        options={guardianRelations.map((value) => ({ value, label: t(locale, `guardian.relation-${value}`) }))}
      />
      <RadioField
        {...field('custody')}
        hint={t(locale, 'guardian.custody-hint')}
        value={values.custody}
        options={custodies.map((value) => ({ value, label: t(locale, `guardian.custody-${value}`) }))}
      />
      <CheckField
        {...field('scope')}
        values={values.scope}
        options={personScopes.map((value) => ({ value, label: t(locale, `guardian.scope-${value}`) }))}
      />
      <TextField
        locale={locale}
        name="contactMail"
        type="email"
        inputmode="email"
        label={t(locale, 'guardian.mail')}
        hint={t(locale, 'guardian.mail-hint')}
        value={values.contactMail}
        error={errors?.['contactMail']}
        maxlength={200}
      />
      <DateField
        locale={locale}
        name="validUntil"
        label={t(locale, 'guardian.until')}
        hint={t(locale, 'guardian.until-hint', { day: lastDay })}
        value={values.validUntil}
        error={errors?.['validUntil']}
      />
    </>
  );
}
