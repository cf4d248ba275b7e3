import type { Fault } from '../faults.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import type { FormValues } from '../transfers/form-values.ts';
import type { PupilView } from '../transfers/list-pupils.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { DateField, FileField, TextArea, TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { CertifiableTable } from './certifiable-table.tsx';
import { CorrectionsTable, GroundFields } from './corrections-part.tsx';
import { leavings } from './facts.ts';
import { IssuedTable } from './issued-table.tsx';
import { registerPath } from './register-page.tsx';
import type { EntryView } from './show-register.ts';

export type FieldErrors = Readonly<Record<string, string>>;

interface EntryPageProps {
  readonly frame: PageFrame;
  /** Null for a new one. */
  readonly entryId: string | null;
  readonly values: FormValues;
  readonly errors: FieldErrors;
  readonly reason: Fault | null;
  readonly pupils: readonly PupilView[];
  /** As saved; null for a new one. */
  readonly entry: EntryView | null;
}

/** One entry of the register: new, or as it stands. */
export function EntryPage(props: EntryPageProps) {
  const { frame, entryId, values, errors, reason, entry } = props;
  const formerSchool = entry?.formerSchool ?? null;
  const { locale } = frame;
  const title = t(locale, entryId === null ? 'register.new' : titleOf(formerSchool));
  const version = values['version'];
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'register.title'), href: registerPath }, { label: title }]}
      width="narrow"
    >
      <PageHead title={title} {...(formerSchool === null ? { lead: t(locale, 'register.entry-lead') } : {})} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      {formerSchool !== null && (
        <Banner locale={locale} tone="info" title={t(locale, 'register.inherited', { name: formerSchool.name })}>
          <p>{t(locale, 'register.inherited-text')}</p>
        </Banner>
      )}
      {entryId === null && (
        <Section title={t(locale, 'register.core')} lead={t(locale, 'register.core-lead')}>
          <Form locale={locale} action={`${registerPath}/core`} multipart>
            <FileField
              locale={locale}
              name="core"
              label={t(locale, 'register.core-file')}
              accept=".json,application/json"
              required
            />
            <Actions>
              <Button kind="secondary">{t(locale, 'register.core-read')}</Button>
            </Actions>
          </Form>
        </Section>
      )}
      <Section title={t(locale, 'register.facts')}>
        <Form
          locale={locale}
          action={`${registerPath}/${entryId ?? 'new'}`}
          {...(version === undefined ? {} : { hidden: { version } })}
        >
          <Names {...props} />
          <Days {...props} />
          <TextArea
            locale={locale}
            name="subjects"
            label={t(locale, 'register.subjects')}
            hint={t(locale, 'register.subjects-hint')}
            value={values['subjects']}
            error={errors['subjects']}
            rows={8}
            maxlength={5_000}
          />
          {formerSchool !== null && <GroundFields {...{ locale, values, errors }} />}
          <Actions>
            <Button>{t(locale, formerSchool === null ? 'register.save' : 'register.correct')}</Button>
          </Actions>
        </Form>
      </Section>
      {entry !== null && entry.corrections.length > 0 && <CorrectionsTable {...{ locale, entry }} />}
      {entry !== null && entry.issued.length > 0 && <IssuedTable locale={locale} issued={entry.issued} />}
      {entry !== null && <CertifiableTable locale={locale} certifiable={entry.certifiable} />}
      {entryId !== null && (
        <Actions>
          <ButtonLink kind="secondary" href={`/certificate-requests/new?entry=${entryId}`}>
            {t(locale, 'request.enter')}
          </ButtonLink>
        </Actions>
      )}
    </Page>
  );
}

function titleOf(formerSchool: EntryView['formerSchool']) {
  return formerSchool === null ? 'register.change' : 'register.entry';
}

function Names({ frame: { locale }, values, errors, pupils, entry }: EntryPageProps) {
  const isInherited = entry !== null && entry.formerSchool !== null;
  // Whom an inherited entry is about stays as it was.
  const choices = isInherited ? [] : pupils;
  const field = (name: string) => ({ locale, name, value: values[name], error: errors[name] });
  return (
    <>
      <TextField
        {...field('number')}
        label={t(locale, 'register.number')}
        hint={t(locale, 'register.number-hint')}
        width="medium"
        maxlength={40}
        required
      />
      <SelectField
        {...field('pupilId')}
        value={values['pupilId'] ?? ''}
        label={t(locale, 'register.pupil')}
        hint={t(locale, 'register.pupil-hint')}
        options={[
          ...(isInherited && (values['pupilId'] ?? '') !== ''
            ? []
            : [{ value: '', label: t(locale, 'register.pupil-none') }]),
          ...keptOf(locale, values['pupilId'] ?? '', choices),
          ...choices.map(({ id, displayName, homeroom }) => ({ value: id, label: `${displayName}（${homeroom}）` })),
        ]}
      />
      <TextField
        {...field('officialName')}
        label={t(locale, 'register.name')}
        hint={t(locale, 'register.name-hint')}
        maxlength={100}
        required
      />
      <TextField {...field('kana')} label={t(locale, 'register.kana')} maxlength={200} required />
      <TextField
        {...field('nameEnglish')}
        label={t(locale, 'register.name-english')}
        hint={t(locale, 'register.name-english-hint')}
        maxlength={100}
      />
      <TextField
        {...field('glyphs')}
        label={t(locale, 'register.glyphs')}
        hint={t(locale, 'register.glyphs-hint')}
        maxlength={1000}
      />
    </>
  );
}

/** Whom the roll does not show any more: the choice stays what it was, unless somebody changes it. */
function keptOf(locale: Locale, pupilId: string, pupils: readonly PupilView[]) {
  const isKept = pupilId !== '' && pupils.every(({ id }) => id !== pupilId);
  return isKept ? [{ value: pupilId, label: t(locale, 'register.pupil-kept') }] : [];
}

function Days({ frame: { locale }, values, errors }: EntryPageProps) {
  const field = (name: string) => ({ locale, name, value: values[name], error: errors[name] });
  return (
    <>
      <DateField {...field('birthDate')} label={t(locale, 'case.birth-date')} required />
      <TextField {...field('course')} label={t(locale, 'register.course')} width="medium" maxlength={60} />
      <TextField {...field('grade')} label={t(locale, 'register.grade')} width="short" maxlength={10} />
      <DateField {...field('enrolledOn')} label={t(locale, 'register.enrolled-on')} />
      <DateField {...field('leftOn')} label={t(locale, 'register.left-on')} hint={t(locale, 'register.left-on-hint')} />
      <SelectField
        {...field('leaving')}
        value={values['leaving'] ?? ''}
        label={t(locale, 'register.leaving')}
        width="short"
        options={[
          { value: '', label: t(locale, 'register.enrolled') },
          ...leavings.map((value) => ({ value, label: t(locale, `register.leaving-${value}`) })),
        ]}
      />
    </>
  );
}
