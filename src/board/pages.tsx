import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { authorise, ownResource } from '../transfers/act.ts';
import { verbContext } from '../transfers/context.ts';
import { PageHead } from '../web/components/section.tsx';
import { EmptyState } from '../web/components/table.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';

/** What a board sees of its schools, and a school of itself: how the transfers go, without names and documents. */
export function boardPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/board', async (c) => {
    const context = await verbContext(c);
    const allowed = authorise(context, 'audit.read', ownResource(context.actor));
    if (!allowed.ok) return sendProblemPage(c, allowed.fault);
    const isBoard = context.actor.kind === 'staff' && context.actor.role === 'auditor';
    return c.html(<BoardPage frame={pageFrame(c)} isBoard={isBoard} />);
  });
}

function BoardPage({ frame, isBoard }: { readonly frame: PageFrame; readonly isBoard: boolean }) {
  const { locale } = frame;
  const title = t(locale, 'board.title');
  return (
    <Page {...frame} title={title}>
      <PageHead title={title} lead={t(locale, isBoard ? 'board.lead' : 'board.lead-school')} />
      <EmptyState title={t(locale, 'board.empty')} />
    </Page>
  );
}
