import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { ButtonLink } from '../web/components/button.tsx';
import { Card, Columns, PageHead, Section } from '../web/components/section.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import type { DemonstrationGuide } from '../web/demonstration.ts';
import { formatDay } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { verbContext } from './context.ts';
import { showCases } from './list-cases.ts';
import { CaseTable, ListPage } from './list-pages.tsx';
import type { CaseState } from './tables.ts';
import type { CaseSummary } from './view.ts';

/** The top page: a door before log-in, the work that waits after it; and the files of the demonstration world. */
export function homePages(app: OpenAPIHono<AppEnv>): void {
  app.get('/', async (c) => {
    const actor = c.get('actor');
    switch (actor.kind) {
      case 'staff':
        return workPage(c);
      case 'person':
        return personPage(c);
      case 'unboundStaff':
        return c.redirect('/choose-school', 303);
      case 'machine':
      case 'anonymous':
        return c.html(<WelcomePage frame={pageFrame(c)} guide={c.get('gateway').demonstration} />);
    }
  });
  app.get('/demonstration/certificates/:file', async (c) => {
    const bytes = await c.get('gateway').demonstration?.certificateFile(c.req.param('file'));
    if (bytes === null || bytes === undefined) return c.notFound();
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': 'application/x-pkcs12',
      'Content-Disposition': `attachment; filename="${c.req.param('file').replace(/[^\w.-]/g, '_')}"`,
    });
  });
}

interface Waiting {
  readonly title: string;
  readonly side: 'sender' | 'recipient';
  readonly cases: readonly CaseSummary[];
}

async function workPage(c: Context<AppEnv>): Promise<Response> {
  const locale = c.get('locale');
  const frame = pageFrame(c);
  const wanted: readonly { title: string; side: 'sender' | 'recipient'; states: readonly CaseState[] }[] = [
    { title: t(locale, 'home.waiting-arrival'), side: 'recipient', states: ['deposited'] },
    { title: t(locale, 'home.waiting-ack'), side: 'recipient', states: ['opened'] },
    { title: t(locale, 'home.waiting-approval'), side: 'sender', states: ['submitted'] },
    { title: t(locale, 'home.waiting-seal'), side: 'sender', states: ['approved', 'sealed'] },
  ];
  const waiting: Waiting[] = [];
  for (const { title, side, states } of wanted) {
    const result = await showCases(await verbContext(c), { side, states, cursor: null, limit: 20 });
    if (!result.ok) return sendProblemPage(c, result.fault);
    if (result.value.items.length > 0) waiting.push({ title, side, cases: result.value.items });
  }
  return c.html(<WorkPage frame={frame} waiting={waiting} />);
}

function WorkPage({ frame, waiting }: { readonly frame: PageFrame; readonly waiting: readonly Waiting[] }) {
  const { locale } = frame;
  const title = t(locale, 'nav.home');
  const name = frame.actor?.kind === 'staff' ? frame.actor.school : title;
  return (
    <Page {...frame} title={title}>
      <PageHead title={name} lead={t(locale, 'home.lead')} />
      {waiting.length === 0 && <EmptyState title={t(locale, 'home.nothing')} />}
      {waiting.map(({ title: heading, side, cases }) => (
        <Section title={heading}>
          <CaseTable frame={frame} side={side} cases={cases} />
        </Section>
      ))}
    </Page>
  );
}

async function personPage(c: Context<AppEnv>): Promise<Response> {
  const result = await showCases(await verbContext(c), { side: 'person', states: null, cursor: null, limit: 50 });
  if (!result.ok) return sendProblemPage(c, result.fault);
  const frame = pageFrame(c);
  return c.html(<ListPage frame={frame} side="person" page={result.value} mayDraft={false} />);
}

interface WelcomeProps {
  readonly frame: PageFrame;
  readonly guide: DemonstrationGuide | null;
}

function WelcomePage({ frame, guide }: WelcomeProps) {
  const { locale } = frame;
  return (
    <Page {...frame} title={t(locale, 'layout.service')}>
      <PageHead title={t(locale, 'home.title')} lead={t(locale, 'home.lead')} />
      <Columns>
        <Card title={t(locale, 'home.staff')}>
          <p>{t(locale, 'home.staff-text')}</p>
          <ButtonLink href="/login" icon="school">
            {t(locale, 'home.log-in')}
            <span class="visually-hidden"> ({t(locale, 'home.staff')})</span>
          </ButtonLink>
        </Card>
        <Card title={t(locale, 'home.person')}>
          <p>{t(locale, 'home.person-text')}</p>
          <ButtonLink href="/login#person" icon="person">
            {t(locale, 'home.log-in')}
            <span class="visually-hidden"> ({t(locale, 'home.person')})</span>
          </ButtonLink>
        </Card>
      </Columns>
      {guide !== null && <Guide frame={frame} guide={guide} />}
    </Page>
  );
}

function Guide({ frame: { locale }, guide }: { readonly frame: PageFrame; readonly guide: DemonstrationGuide }) {
  return (
    <>
      <Section title={t(locale, 'home.demo')} lead={t(locale, 'home.demo-lead')}>
        <DataTable
          caption={t(locale, 'home.staff')}
          showCaption
          rows={guide.accounts}
          columns={[
            { header: t(locale, 'home.staff'), cell: ({ name }) => <span lang="ja">{name}</span> },
            {
              header: t(locale, 'home.demo-how'),
              cell: ({ memberships, remark }) => (
                <>
                  {memberships.map(({ school, roleName }) => (
                    <span class="line">
                      {school[locale]} ・ {roleName[locale]}
                    </span>
                  ))}
                  {remark !== null && <span class="hint">{remark[locale]}</span>}
                </>
              ),
            },
            {
              header: t(locale, 'home.demo-type'),
              cell: ({ accountType }) => t(locale, `home.demo-type-${accountType}`),
            },
          ]}
        />
      </Section>
      <Persons locale={locale} guide={guide} />
      <Section title={t(locale, 'home.demo-machines')}>
        <ul>
          {guide.machines.map(({ clientId, name }) => (
            <li>
              <code>{clientId}</code> {name}
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function Persons({ locale, guide }: { readonly locale: PageFrame['locale']; readonly guide: DemonstrationGuide }) {
  return (
    <Section
      title={t(locale, 'home.person')}
      lead={
        <>
          {t(locale, 'home.demo-password')}: <code>{guide.password}</code>
        </>
      }
    >
      <DataTable
        caption={t(locale, 'home.person')}
        rows={guide.persons}
        columns={[
          {
            header: t(locale, 'home.person'),
            cell: ({ holder, isGood }) => (
              <>
                {holder[locale]}
                {!isGood && <span class="hint"> {t(locale, 'home.demo-refused')}</span>}
              </>
            ),
          },
          {
            header: t(locale, 'home.demo-file'),
            cell: ({ file }) => (
              <a href={`/demonstration/certificates/${encodeURIComponent(file)}`} download>
                {file}
              </a>
            ),
          },
          {
            header: t(locale, 'home.demo-linking-code'),
            cell: ({ linkingCode, pupil }) =>
              linkingCode === null ? (
                '—'
              ) : (
                <>
                  <code class="line">{linkingCode}</code>
                  {pupil !== null && <span class="hint">{formatDay(locale, pupil.birthDate)}</span>}
                </>
              ),
          },
        ]}
      />
    </Section>
  );
}
