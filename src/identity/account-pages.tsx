import { Actions, Button } from '../web/components/button.tsx';
import { RadioField } from '../web/components/choices.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { accountPaths } from '../web/layout/header.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { MembershipChoice } from './choose-membership.ts';

interface ChooseSchoolProps {
  readonly frame: PageFrame;
  readonly memberships: readonly MembershipChoice[];
  readonly next: string;
  readonly errors?: Readonly<Record<string, string>>;
}

/** One school and role at a time: which one? */
export function ChooseSchoolPage({ frame, memberships, next, errors }: ChooseSchoolProps) {
  const { locale } = frame;
  const title = t(locale, 'choose.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'choose.lead')} />
      <ErrorSummary locale={locale} errors={errors} />
      <Form locale={locale} action={accountPaths.choose} hidden={{ next }}>
        <RadioField
          locale={locale}
          name="membership"
          label={t(locale, 'choose.field')}
          required
          error={errors?.['membership']}
          value={memberships.find(({ chosen }) => chosen)?.id}
          options={memberships.map(({ id, schoolName, schoolNameEnglish, role, homeroom }) => ({
            value: id,
            label: `${locale === 'ja' ? schoolName : schoolNameEnglish} — ${t(locale, `role.${role}`)}`,
            ...(homeroom === null ? {} : { hint: homeroom }),
          }))}
        />
        <Actions>
          <Button>{t(locale, 'choose.button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
