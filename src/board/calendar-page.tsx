import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { type Fault, publicFault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { isAllowed, ownThing } from '../policy/decide.ts';
import { verbContext } from '../transfers/context.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import { type FormValues, formValues } from '../transfers/form-values.ts';
import { Actions, Button } from '../web/components/button.tsx';
import { DateField, TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDay } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { type Calendar, closeSchools, reopenSchools, showCalendar } from './change-closures.ts';

/** 授業日の暦: the days on which deadlines do not run. */
export function calendarPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/board/calendar', (c) => calendarPage(c, {}, null));
  app.post('/board/calendar', async (c) => {
    const values = await formValues(c);
    const { name = '', firstDay = '', lastDay = '' } = values;
    const result = await closeSchools(await verbContext(c), { name, firstDay, lastDay });
    return result.ok ? c.redirect('/board/calendar', 303) : calendarPage(c, values, result.fault);
  });
  app.post('/board/calendar/:closureId/removal', async (c) => {
    const result = await reopenSchools(await verbContext(c), c.req.param('closureId'));
    return result.ok ? c.redirect('/board/calendar', 303) : sendProblemPage(c, result.fault);
  });
}

async function calendarPage(c: Context<AppEnv>, values: FormValues, reason: Fault | null) {
  const calendar = await showCalendar(await verbContext(c));
  if (!calendar.ok) return sendProblemPage(c, calendar.fault);
  const may = isAllowed(c.get('actor'), 'calendar.manage', ownThing);
  if (reason !== null && !may) return sendProblemPage(c, reason);
  const page = (
    <CalendarPage frame={pageFrame(c)} calendar={calendar.value} may={may} values={values} reason={reason} />
  );
  return c.html(page, reason === null ? 200 : publicFault(reason.code).status);
}

interface CalendarPageProps {
  readonly frame: PageFrame;
  readonly calendar: Calendar;
  readonly may: boolean;
  readonly values: FormValues;
  readonly reason: Fault | null;
}

function CalendarPage({ frame, calendar, may, values, reason }: CalendarPageProps) {
  const { locale } = frame;
  const title = t(locale, 'calendar.title');
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'board.title'), href: '/board' }, { label: title }]}
    >
      <PageHead title={title} lead={t(locale, 'calendar.lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <Section title={t(locale, 'calendar.closures')}>
        <DataTable
          caption={t(locale, 'calendar.closures')}
          rows={calendar.closures}
          empty={<EmptyState title={t(locale, 'calendar.none')}>{t(locale, 'calendar.none-text')}</EmptyState>}
          columns={[
            { header: t(locale, 'calendar.name'), heading: true, cell: ({ name }) => <span lang="ja">{name}</span> },
            { header: t(locale, 'calendar.firstDay'), cell: ({ firstDay }) => formatDay(locale, firstDay) },
            { header: t(locale, 'calendar.lastDay'), cell: ({ lastDay }) => formatDay(locale, lastDay) },
            ...(may
              ? [
                  {
                    header: t(locale, 'calendar.change'),
                    cell: ({ id, name }: Calendar['closures'][number]) => (
                      <Form locale={locale} action={`/board/calendar/${id}/removal`} inline>
                        <Button kind="secondary">
                          {t(locale, 'calendar.remove')}
                          <span class="visually-hidden"> ({name})</span>
                        </Button>
                      </Form>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Section>
      {may && (
        <Section title={t(locale, 'calendar.add')}>
          <Form locale={locale} action="/board/calendar">
            <ErrorSummary locale={locale} errors={reason?.fields} />
            <TextField
              locale={locale}
              name="name"
              label={t(locale, 'calendar.name')}
              value={values['name']}
              error={reason?.fields?.['name']}
              required
            />
            {(['firstDay', 'lastDay'] as const).map((name) => (
              <DateField
                locale={locale}
                name={name}
                label={t(locale, `calendar.${name}`)}
                value={values[name]}
                error={reason?.fields?.[name]}
                required
              />
            ))}
            <Actions>
              <Button>{t(locale, 'calendar.add')}</Button>
            </Actions>
          </Form>
        </Section>
      )}
      <Section
        title={t(locale, 'calendar.holidays', { year: calendar.schoolYear })}
        lead={t(locale, 'calendar.holidays-lead')}
      >
        <DataTable
          caption={t(locale, 'calendar.holidays', { year: calendar.schoolYear })}
          rows={calendar.holidays}
          columns={[
            { header: t(locale, 'calendar.day'), heading: true, cell: ({ day }) => formatDay(locale, day) },
            { header: t(locale, 'calendar.name'), cell: ({ name }) => <span lang="ja">{name}</span> },
          ]}
        />
      </Section>
    </Page>
  );
}
