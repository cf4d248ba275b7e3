import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import type { Role } from '../policy/actor.ts';
import { isAllowed, ownThing } from '../policy/decide.ts';
import { ButtonLink } from '../web/components/button.tsx';
import { Card, Columns, PageHead, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { EmptyState } from '../web/components/table.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { MessageKey } from '../web/locales/ja.ts';
import { t } from '../web/text.ts';
import { verbContext } from './context.ts';
import { showCases } from './list-cases.ts';
import { CaseTable, ListPage } from './list-pages.tsx';
import { handlesCases } from './navigation.ts';
import { showBreakGlasses } from './review-break-glass.ts';
import type { CaseState } from './tables.ts';
import type { CaseSummary } from './view.ts';

/** The top page: a door before log-in, the work that waits after it. */
export function homePages(app: OpenAPIHono<AppEnv>): void {
  app.get('/', async (c) => {
    const actor = c.get('actor');
    switch (actor.kind) {
      case 'staff':
        return startOf(c, actor.role);
      case 'person':
        return personPage(c);
      case 'unboundStaff':
        return c.redirect('/choose-school', 303);
      case 'machine':
      case 'anonymous':
        return c.html(<WelcomePage frame={pageFrame(c)} isDemonstration={c.get('gateway').demonstration !== null} />);
    }
  });
}

/** 設置者の管理者 and 監査担当 have no work with cases: people and the board's page are where theirs begins. */
function startOf(c: Context<AppEnv>, role: Role): Response | Promise<Response> {
  if (role === 'administrator') return c.redirect('/people', 303);
  if (role === 'auditor') return c.redirect('/board', 303);
  return workPage(c, role);
}

interface Heap {
  readonly title: Extract<MessageKey, `home.${string}`>;
  readonly side: 'sender' | 'recipient';
  readonly states: readonly CaseState[];
}

const arrived: Heap = { title: 'home.waiting-arrival', side: 'recipient', states: ['deposited'] };
const unacknowledged: Heap = { title: 'home.waiting-ack', side: 'recipient', states: ['opened'] };
const unapproved: Heap = { title: 'home.waiting-approval', side: 'sender', states: ['submitted'] };
const unsealed: Heap = { title: 'home.waiting-seal', side: 'sender', states: ['approved', 'sealed'] };
const unfinished: Heap = { title: 'home.drafts', side: 'sender', states: ['draft', 'returned'] };
const readable: Heap = { title: 'home.readable', side: 'recipient', states: ['opened', 'acknowledged'] };

/** What each role came for stands first. */
const heaps: Readonly<Record<Role, readonly Heap[]>> = {
  clerk: [arrived, unacknowledged, unsealed, unfinished, unapproved],
  principal: [unapproved, arrived, unacknowledged, unsealed],
  vicePrincipal: [readable, unapproved],
  homeroomTeacher: [readable],
  schoolNurse: [readable, unfinished],
  administrator: [],
  auditor: [],
};

interface Waiting extends Heap {
  readonly cases: readonly CaseSummary[];
}

/** Does something opened in an emergency wait for this reader's review? */
async function hasUnreviewedGlass(c: Context<AppEnv>): Promise<boolean> {
  if (!isAllowed(c.get('actor'), 'breakGlass.review', ownThing)) return false;
  const glasses = await showBreakGlasses(await verbContext(c));
  return glasses.ok && glasses.value.some(({ may }) => may.includes('review'));
}

async function workPage(c: Context<AppEnv>, role: Role): Promise<Response> {
  const waiting: Waiting[] = [];
  for (const heap of heaps[role]) {
    const { side, states } = heap;
    const result = await showCases(await verbContext(c), { side, states, cursor: null, limit: 20 });
    if (!result.ok) return sendProblemPage(c, result.fault);
    if (result.value.items.length > 0) waiting.push({ ...heap, cases: result.value.items });
  }
  const drafts = handlesCases(c.get('actor'));
  const hasGlass = await hasUnreviewedGlass(c);
  return c.html(<WorkPage frame={pageFrame(c)} waiting={waiting} drafts={drafts} hasGlass={hasGlass} />);
}

interface WorkProps {
  readonly frame: PageFrame;
  readonly waiting: readonly Waiting[];
  readonly drafts: boolean;
  readonly hasGlass: boolean;
}

function WorkPage({ frame, waiting, drafts, hasGlass }: WorkProps) {
  const { locale } = frame;
  const title = t(locale, 'home.work');
  const send = drafts && (
    <ButtonLink href="/cases/new" icon="send">
      {t(locale, 'case.new')}
    </ButtonLink>
  );
  return (
    <Page {...frame} title={title}>
      <PageHead title={title} lead={t(locale, 'home.work-lead')} actions={send || undefined} />
      {hasGlass && (
        <Banner
          locale={locale}
          tone="danger"
          title={t(locale, 'glass.waiting')}
          action={<ButtonLink href="/break-glass">{t(locale, 'glass.waiting-do')}</ButtonLink>}
        />
      )}
      {waiting.length === 0 && (
        <EmptyState title={t(locale, 'home.nothing')}>
          {t(locale, drafts ? 'home.nothing-text' : 'home.nothing-reader')}
        </EmptyState>
      )}
      {waiting.map(({ title: heading, side, cases }) => (
        <Section title={t(locale, heading)}>
          <CaseTable frame={frame} side={side} cases={cases} />
        </Section>
      ))}
    </Page>
  );
}

async function personPage(c: Context<AppEnv>): Promise<Response> {
  const result = await showCases(await verbContext(c), { side: 'person', states: null, cursor: null, limit: 50 });
  if (!result.ok) return sendProblemPage(c, result.fault);
  return c.html(<ListPage frame={pageFrame(c)} side="person" page={result.value} />);
}

function WelcomePage({ frame, isDemonstration }: { readonly frame: PageFrame; readonly isDemonstration: boolean }) {
  const { locale } = frame;
  return (
    <Page {...frame} title={t(locale, 'layout.service')}>
      <PageHead title={t(locale, 'home.title')} lead={t(locale, 'home.lead')} />
      {isDemonstration && (
        <Card title={t(locale, 'home.demo')}>
          <p>{t(locale, 'home.demo-lead')}</p>
          <ButtonLink href="/demonstration" icon="next">
            {t(locale, 'home.demo-begin')}
          </ButtonLink>
        </Card>
      )}
      <Columns>
        <Card title={t(locale, 'home.staff')}>
          <p>{t(locale, 'home.staff-text')}</p>
          <ButtonLink href="/login" icon="school" kind="secondary">
            {t(locale, 'home.log-in')}
            <span class="visually-hidden"> ({t(locale, 'home.staff')})</span>
          </ButtonLink>
        </Card>
        <Card title={t(locale, 'home.person')}>
          <p>{t(locale, 'home.person-text')}</p>
          <ButtonLink href="/login#person" icon="person" kind="secondary">
            {t(locale, 'home.log-in')}
            <span class="visually-hidden"> ({t(locale, 'home.person')})</span>
          </ButtonLink>
        </Card>
      </Columns>
      <Section title={t(locale, 'home.how')}>
        <ol class="numbered">
          {(['home.how-1', 'home.how-2', 'home.how-3', 'home.how-4'] as const).map((key) => (
            <li>{t(locale, key)}</li>
          ))}
        </ol>
      </Section>
    </Page>
  );
}
