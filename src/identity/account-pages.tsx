import { Actions, Button } from '../web/components/button.tsx';
import { RadioField } from '../web/components/choices.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { StatusChip } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { accountPaths } from '../web/layout/header.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { MembershipChoice } from './choose-membership.ts';
import type { SessionView } from './end-session.ts';

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

interface SessionsProps {
  readonly frame: PageFrame;
  readonly sessions: readonly SessionView[];
}

/** Where I am logged in, and the way out of each. */
export function SessionsPage({ frame, sessions }: SessionsProps) {
  const { locale } = frame;
  const title = t(locale, 'session.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'session.lead')} />
      <DataTable
        caption={title}
        rows={sessions}
        columns={[
          {
            header: t(locale, 'session.browser'),
            cell: ({ browser, current }) => (
              <>
                {browserName(browser) ?? t(locale, 'session.unknown-browser')}{' '}
                {current && <StatusChip tone="info">{t(locale, 'session.current')}</StatusChip>}
              </>
            ),
          },
          { header: t(locale, 'session.began'), cell: ({ createdAt }) => formatDateTime(locale, createdAt) },
          { header: t(locale, 'session.seen'), cell: ({ lastSeenAt }) => formatDateTime(locale, lastSeenAt) },
          {
            header: t(locale, 'session.action'),
            cell: ({ id }) => (
              <Form locale={locale} action="/sessions/end" hidden={{ session: id }} inline>
                <Button kind="secondary">{t(locale, 'session.end')}</Button>
              </Form>
            ),
          },
        ]}
      />
    </Page>
  );
}

const browsers = [
  ['Edg/', 'Microsoft Edge'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
  ['hikitsugi', 'hikitsugi'],
] as const;
const systems = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Mac OS', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** A name that people know from a User-Agent; good enough to recognise one's own. */
function browserName(userAgent: string): string | null {
  const browser = browsers.find(([mark]) => userAgent.includes(mark))?.[1];
  const system = systems.find(([mark]) => userAgent.includes(mark))?.[1];
  return browser === undefined ? null : [browser, system].filter((part) => part !== undefined).join(' / ');
}
