import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { verbContext } from '../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { confirmProposal } from './confirm-proposal.ts';
import { listAccounts, mergePersons, proposeSplit } from './persons.ts';
import { cancelProposal, listProposals } from './proposals.ts';
import { accountList, mergeBody, proposalList, proposed } from './schemas.ts';

const proposalId = z.object({ proposalId: z.string().max(100) });

/** What waits for a second person. */
export function proposalRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/proposals',
      summary: 'What waits for a second person, and what was decided lately',
      tags: ['people'],
      responses: { 200: jsonContent(proposalList, 'At most 50, latest first'), ...problemResponses },
    }),
    async (c) => {
      const result = await listProposals(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/proposals/{proposalId}/confirmation',
      summary: 'Confirm as the second person; then it is done',
      tags: ['people'],
      request: { params: proposalId },
      responses: { 200: jsonContent(z.object({ id: z.string() }), 'Confirmed and done'), ...problemResponses },
    }),
    async (c) => {
      const result = await confirmProposal(await verbContext(c), c.req.valid('param').proposalId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/proposals/{proposalId}',
      summary: 'Take a proposal back, or turn it down',
      tags: ['people'],
      request: { params: proposalId },
      responses: { 204: { description: 'Stopped' }, ...problemResponses },
    }),
    async (c) => {
      const result = await cancelProposal(await verbContext(c), c.req.valid('param').proposalId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  personRoutes(app);
}

/** Which accounts are one human's: for the administrator of the founder. */
function personRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/accounts',
      summary: 'The accounts of this founder',
      tags: ['people'],
      responses: { 200: jsonContent(accountList, 'Accounts of one human share a person'), ...problemResponses },
    }),
    async (c) => {
      const result = await listAccounts(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/accounts/same-person',
      summary: 'State that two accounts are one human’s',
      tags: ['people'],
      request: jsonBody(mergeBody),
      responses: { 204: { description: 'They count as one person from now on' }, ...problemResponses },
    }),
    async (c) => {
      const result = await mergePersons(await verbContext(c), c.req.valid('json'));
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/accounts/{staffId}/own-person',
      summary: 'Propose that an account is a human of its own after all',
      tags: ['people'],
      request: { params: z.object({ staffId: z.string().max(100) }) },
      responses: { 202: jsonContent(proposed, 'Waiting for a second administrator'), ...problemResponses },
    }),
    async (c) => {
      const result = await proposeSplit(await verbContext(c), c.req.valid('param'));
      return result.ok ? c.json(result.value, 202) : sendProblem(c, result.fault);
    },
  );
}
