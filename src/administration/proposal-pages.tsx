import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { Fault } from '../faults.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { verbContext } from '../transfers/context.ts';
import { formValues, pick } from '../transfers/form-values.ts';
import { pageStatus } from '../transfers/page-status.ts';
import { AccountsPage } from './accounts-page.tsx';
import { confirmProposal } from './confirm-proposal.ts';
import { peoplePath } from './people-page.tsx';
import { listAccounts, mergePersons, proposeSplit } from './persons.ts';
import { ProposalsPage } from './proposal-page.tsx';
import { cancelProposal, listProposals } from './proposals.ts';

/** What waits for a second person; and which accounts are one human's. */
export function proposalPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/proposals', async (c) => {
    const proposals = await listProposals(await verbContext(c));
    if (!proposals.ok) return sendProblemPage(c, proposals.fault);
    const done = c.req.query('news') === 'done';
    return c.html(<ProposalsPage frame={pageFrame(c)} proposals={proposals.value} done={done} />);
  });
  app.post('/proposals/:proposalId/confirmation', async (c) => {
    const result = await confirmProposal(await verbContext(c), c.req.param('proposalId'));
    return result.ok ? c.redirect('/proposals?news=done', 303) : sendProblemPage(c, result.fault);
  });
  app.post('/proposals/:proposalId/cancellation', async (c) => {
    const result = await cancelProposal(await verbContext(c), c.req.param('proposalId'));
    return result.ok ? c.redirect('/proposals', 303) : sendProblemPage(c, result.fault);
  });
}

export function accountPages(app: OpenAPIHono<AppEnv>): void {
  app.get(`${peoplePath}/accounts`, (c) => accountsPage(c, null));
  app.post(`${peoplePath}/accounts`, async (c) => {
    const { one = '', two = '' } = await formValues(c);
    const result = await mergePersons(await verbContext(c), { staffIds: [one, two] });
    return result.ok ? c.redirect(`${peoplePath}/accounts?news=done`, 303) : accountsPage(c, result.fault);
  });
  app.post(`${peoplePath}/accounts/:staffId/own-person`, async (c) => {
    const result = await proposeSplit(await verbContext(c), { staffId: c.req.param('staffId') });
    return result.ok ? c.redirect(`${peoplePath}/accounts?news=proposed`, 303) : accountsPage(c, result.fault);
  });
}

async function accountsPage(c: Context<AppEnv>, reason: Fault | null): Promise<Response> {
  const accounts = await listAccounts({ ...(await verbContext(c)), idempotency: null });
  if (!accounts.ok) return sendProblemPage(c, accounts.fault);
  const news = pick(['done', 'proposed'] as const, c.req.query('news'));
  const page = <AccountsPage frame={pageFrame(c)} accounts={accounts.value} news={news} reason={reason} />;
  return c.html(page, pageStatus(reason));
}
