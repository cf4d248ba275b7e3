import type { Child } from 'hono/jsx';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { RadioField } from '../../web/components/choices.tsx';
import { ConfirmBox } from '../../web/components/confirm-box.tsx';
import { DateField, TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { GuardianView, PupilGuardians } from './list-guardians.ts';
import {
  consentText,
  correctedText,
  guardianPath,
  guardiansPath,
  linkingPath,
  NameOf,
  periodText,
  StandingChip,
  scopeOf,
  scopeText,
} from './words.tsx';

interface GuardianProps {
  readonly frame: PageFrame;
  readonly view: PupilGuardians;
  readonly guardian: GuardianView;
  readonly errors?: Readonly<Record<string, string>> | undefined;
}

/** One guardian's record, and what this member of staff may do with it now. */
export function GuardianPage({ frame, view, guardian, errors }: GuardianProps) {
  const { locale } = frame;
  const back = guardiansPath(view.pupil.id);
  const crumbs = [
    { label: t(locale, 'linking.title'), href: linkingPath },
    { label: t(locale, 'guardian.title', { name: view.pupil.name }), href: back },
    { label: guardian.name },
  ];
  const state = <StandingChip locale={locale} state={guardian.state} />;
  return (
    <Page {...frame} title={t(locale, 'guardian.one')} breadcrumbs={crumbs} width="narrow">
      <PageHead title={<NameOf {...guardian} />} kicker={view.pupil.name} status={state} />
      <ErrorSummary locale={locale} errors={errors} />
      <GuardianFacts locale={locale} guardian={guardian} />
      {guardian.may.includes('correct') && (
        <Actions>
          <ButtonLink kind="secondary" href={`${guardianPath(guardian)}/correction`}>
            {t(locale, 'guardian.correct')}
          </ButtonLink>
        </Actions>
      )}
      <Deeds locale={locale} guardian={guardian} errors={errors} />
    </Page>
  );
}

/** What the record says, and since when. */
export function GuardianFacts({ locale, guardian }: { readonly locale: Locale; readonly guardian: GuardianView }) {
  const { relation, custody, contactMail, consent, corrected, reason, enteredAt, confirmedAt } = guardian;
  return (
    <SummaryList
      rows={[
        { label: t(locale, 'guardian.relation'), value: t(locale, `guardian.relation-${relation}`) },
        { label: t(locale, 'guardian.custody'), value: t(locale, `guardian.custody-${custody}`) },
        { label: t(locale, 'guardian.scope'), value: scopeText(locale, scopeOf(guardian)) },
        { label: t(locale, 'guardian.period'), value: periodText(locale, guardian) },
        ...(consent === null ? [] : [{ label: t(locale, 'consent.on-record'), value: consentText(locale, consent) }]),
        { label: t(locale, 'guardian.mail'), value: contactMail ?? t(locale, 'guardian.mail-none') },
        { label: t(locale, 'guardian.entered-at'), value: formatDateTime(locale, enteredAt) },
        ...(confirmedAt === null
          ? []
          : [{ label: t(locale, 'guardian.confirmed-at'), value: formatDateTime(locale, confirmedAt) }]),
        ...(corrected.length === 0
          ? []
          : [{ label: t(locale, 'guardian.corrected-parts'), value: correctedText(locale, corrected) }]),
        ...(reason === null ? [] : [{ label: t(locale, 'guardian.reason'), value: reason }]),
      ]}
    />
  );
}

interface DeedsProps {
  readonly locale: Locale;
  readonly guardian: GuardianView;
  readonly errors?: Readonly<Record<string, string>> | undefined;
}

function Deeds({ locale, guardian, errors }: DeedsProps) {
  const { may, state } = guardian;
  return (
    <>
      {may.includes('confirm') && <Deed locale={locale} guardian={guardian} deed="confirm" tone="info" />}
      {state === 'pending' && !may.includes('confirm') && <p class="hint">{t(locale, 'guardian.confirm-own')}</p>}
      {may.includes('issueCode') && <Deed locale={locale} guardian={guardian} deed="issue" tone="info" />}
      {may.includes('settle') && (
        <Deed locale={locale} guardian={guardian} deed="settle" tone="warning">
          <RadioField
            locale={locale}
            name="outcome"
            label={t(locale, 'guardian.settle')}
            required
            error={errors?.['outcome']}
            options={(['restored', 'ended'] as const).map((value) => ({
              value,
              label: t(locale, `guardian.settle-${value}`),
            }))}
          />
          <Reason locale={locale} name="settleReason" error={errors?.['settleReason']} />
        </Deed>
      )}
      {may.includes('suspend') && (
        <Deed locale={locale} guardian={guardian} deed="suspend" tone="warning">
          <Reason locale={locale} name="suspendReason" error={errors?.['suspendReason']} />
        </Deed>
      )}
      {may.includes('end') && (
        <Deed locale={locale} guardian={guardian} deed="end" tone="warning">
          <Reason locale={locale} name="endReason" error={errors?.['endReason']} />
          <DateField
            locale={locale}
            name="lastDay"
            label={t(locale, 'guardian.last-day')}
            hint={t(locale, 'guardian.last-day-hint')}
            error={errors?.['lastDay']}
          />
        </Deed>
      )}
      {may.includes('restore') && <Deed locale={locale} guardian={guardian} deed="restore" tone="info" />}
    </>
  );
}

type DeedName = 'confirm' | 'issue' | 'settle' | 'suspend' | 'end' | 'restore';

const buttons = {
  confirm: 'guardian.confirm',
  issue: 'guardian.issue',
  settle: 'guardian.settle-button',
  suspend: 'guardian.suspend-button',
  end: 'guardian.end-button',
  restore: 'guardian.restore',
} as const;

function Deed(props: {
  readonly locale: Locale;
  readonly guardian: GuardianView;
  readonly deed: DeedName;
  readonly tone: 'info' | 'warning';
  readonly children?: Child;
}) {
  const { locale, guardian, deed, tone, children } = props;
  return (
    <ConfirmBox title={t(locale, `guardian.${deed}`)} tone={tone} id={deed}>
      <p>{t(locale, `guardian.${deed}-text`)}</p>
      <Form locale={locale} action={`${guardianPath(guardian)}/${deed}`}>
        {children}
        <Actions>
          <Button kind={tone === 'warning' ? 'danger' : 'secondary'}>{t(locale, buttons[deed])}</Button>
        </Actions>
      </Form>
    </ConfirmBox>
  );
}

function Reason(props: { readonly locale: Locale; readonly name: string; readonly error: string | undefined }) {
  const { locale } = props;
  return (
    <TextField
      {...props}
      label={t(locale, 'guardian.reason')}
      hint={t(locale, 'guardian.reason-hint')}
      required
      maxlength={400}
    />
  );
}
