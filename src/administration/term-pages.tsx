import type { Fault } from '../faults.ts';
import type { Role } from '../policy/actor.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import type { FormValues } from '../transfers/form-values.ts';
import { Actions, Button } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { DateField, TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { MemberView } from './list-members.ts';
import { periodText, roleText } from './member-words.ts';
import { peoplePath } from './people-page.tsx';

/** Errors of the form, by field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The choice that makes an invitation. */
export const inviteChoice = 'invite';

/** Accounts and roles that can be chosen. */
export interface GrantChoices {
  readonly people: readonly { readonly staffId: string; readonly name: string; readonly account: string }[];
  readonly roles: readonly Role[];
}

interface GrantProps extends GrantChoices {
  readonly frame: PageFrame;
  readonly today: string;
  readonly values: FormValues;
  readonly errors: FieldErrors;
  readonly reason: Fault | null;
}

/** A new role for somebody known, or for somebody who is invited. */
export function GrantPage({ frame, people, roles, today, values, errors, reason }: GrantProps) {
  const { locale } = frame;
  const title = t(locale, 'people.grant');
  const known = people.map(({ staffId, name, account }) => ({ value: staffId, label: `${name} (${account})` }));
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs(frame, title)} width="narrow">
      <PageHead title={title} lead={t(locale, 'people.two-persons')} />
      <ErrorSummary locale={locale} errors={errors} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <Form locale={locale} action={`${peoplePath}/new`}>
        <SelectField
          locale={locale}
          name="who"
          label={t(locale, 'people.who')}
          hint={t(locale, 'people.who-hint')}
          required
          width="full"
          value={values['who'] ?? inviteChoice}
          options={[{ value: inviteChoice, label: t(locale, 'people.invite') }, ...known]}
        />
        <TextField
          locale={locale}
          name="name"
          label={t(locale, 'people.name')}
          hint={t(locale, 'people.name-hint')}
          value={values['name']}
          error={errors['name']}
          maxlength={100}
        />
        <SelectField
          locale={locale}
          name="role"
          label={t(locale, 'people.role')}
          required
          value={values['role']}
          error={errors['role']}
          options={roles.map((role) => ({ value: role, label: t(locale, `role.${role}`) }))}
        />
        <TermFields frame={frame} values={{ validFrom: today, ...values }} errors={errors} />
        <Actions>
          <Button>{t(locale, 'people.save')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

interface TermProps {
  readonly frame: PageFrame;
  readonly member: MemberView;
  readonly values: FormValues;
  readonly errors: FieldErrors;
  readonly reason: Fault | null;
}

/** One role of one person: other days, another class, its end. */
export function TermPage({ frame, member, values, errors, reason }: TermProps) {
  const { locale } = frame;
  const title = `${member.name} — ${roleText(locale, member)}`;
  const path = `${peoplePath}/${encodeURIComponent(member.id)}`;
  const present = {
    homeroom: member.homeroom ?? '',
    validFrom: member.validFrom,
    validTo: member.validTo ?? '',
    ...values,
  };
  return (
    <Page {...frame} title={t(locale, 'people.one-role')} breadcrumbs={crumbs(frame, member.name)} width="narrow">
      <PageHead title={title} />
      <ErrorSummary locale={locale} errors={errors} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <SummaryList
        rows={[
          { label: t(locale, 'people.account'), value: member.account },
          { label: t(locale, 'people.period'), value: periodText(locale, member) },
          {
            label: t(locale, 'people.last-login'),
            value:
              member.lastLoginAt === null
                ? t(locale, 'people.never')
                : formatDateTime(locale, new Date(member.lastLoginAt)),
          },
        ]}
      />
      <Section title={t(locale, 'people.change')}>
        <Form locale={locale} action={path}>
          <TermFields frame={frame} values={present} errors={errors} />
          <Actions>
            <Button>{t(locale, 'people.change-save')}</Button>
          </Actions>
        </Form>
      </Section>
      {member.state === 'toCome' ? (
        <UndoForm frame={frame} path={path} />
      ) : (
        <EndForms frame={frame} path={path} errors={errors} />
      )}
    </Page>
  );
}

function UndoForm({ frame: { locale }, path }: { readonly frame: PageFrame; readonly path: string }) {
  return (
    <Section title={t(locale, 'people.undo')} lead={t(locale, 'people.undo-lead')}>
      <Form locale={locale} action={`${path}/end`} hidden={{ when: 'now' }}>
        <Actions>
          <Button kind="danger">{t(locale, 'people.undo')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

function EndForms({ frame: { locale }, path, errors }: { frame: PageFrame; path: string; errors: FieldErrors }) {
  return (
    <Section title={t(locale, 'people.end')} lead={t(locale, 'people.end-lead')}>
      <Form locale={locale} action={`${path}/end`} hidden={{ when: 'day' }}>
        <DateField
          locale={locale}
          name="lastDay"
          label={t(locale, 'people.end-on')}
          required
          error={errors['lastDay']}
        />
        <Actions>
          <Button kind="secondary">{t(locale, 'people.end-on-button')}</Button>
        </Actions>
      </Form>
      <Form locale={locale} action={`${path}/end`} hidden={{ when: 'now' }}>
        <Actions>
          <Button kind="danger">{t(locale, 'people.end-now')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

function TermFields({
  frame: { locale },
  values,
  errors,
}: {
  frame: PageFrame;
  values: FormValues;
  errors: FieldErrors;
}) {
  return (
    <>
      <TextField
        locale={locale}
        name="homeroom"
        label={t(locale, 'people.homeroom')}
        hint={t(locale, 'people.homeroom-hint')}
        value={values['homeroom']}
        error={errors['homeroom']}
        width="medium"
        maxlength={50}
      />
      <DateField
        locale={locale}
        name="validFrom"
        label={t(locale, 'people.from')}
        required
        value={values['validFrom']}
        error={errors['validFrom']}
      />
      <DateField
        locale={locale}
        name="validTo"
        label={t(locale, 'people.to')}
        hint={t(locale, 'people.to-hint')}
        value={values['validTo']}
        error={errors['validTo']}
      />
    </>
  );
}

function crumbs({ locale }: PageFrame, title: string) {
  return [{ label: t(locale, 'people.title'), href: peoplePath }, { label: title }];
}
