import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { changeThreshold, showRules } from './change-threshold.ts';
import { alertRuleIds, severities } from './rule-table.ts';
import { maxNoteCharacters, settleAlert } from './settle-alert.ts';
import { showAlert, showAlerts } from './show-alerts.ts';
import { alertStates, closeReasons } from './tables.ts';
import { alertActs } from './view-alert.ts';

const instant = z.iso.datetime();
const rule = z.enum(alertRuleIds);
const organisation = z.object({ code: z.string(), name: z.string(), nameEnglish: z.string() });
const shape = {
  id: z.string(),
  rule,
  ruleVersion: z.int(),
  severity: z.enum(severities),
  organisation,
  caseId: z.string().nullable(),
  count: z.int(),
  threshold: z.int(),
  firstAt: instant,
  lastAt: instant,
  raisedAt: instant,
  state: z.enum(alertStates),
  version: z.int(),
  settled: z
    .object({
      role: z.string(),
      organisation,
      at: instant,
      reason: z.enum(closeReasons).nullable(),
      note: z.string().nullable(),
    })
    .readonly()
    .nullable(),
};
const event = z.object({
  id: z.string(),
  at: instant,
  name: z.string(),
  outcome: z.enum(['done', 'refused']),
  actorRole: z.string(),
  caseId: z.string().nullable(),
});
const alertSchema = z.object(shape).openapi('Alert');
const detailSchema = z
  .object({
    ...shape,
    events: z.array(event).readonly(),
    isOwn: z.boolean(),
    may: z.array(z.enum(alertActs)).readonly(),
  })
  .openapi('AlertDetail');
const ruleSchema = z
  .object({
    rule,
    version: z.int(),
    severity: z.string(),
    windowMinutes: z.int(),
    threshold: z.int(),
    usual: z.int(),
    least: z.int(),
    most: z.int(),
  })
  .openapi('AlertRule');
const params = z.object({ alertId: z.string().max(64) });
const seen = { version: z.int().min(1).nullable().default(null) };

/** Alerts of a school, of a board's schools, and of the log. */
export function alertRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/alerts',
      summary: 'What somebody should look at',
      tags: ['alerts'],
      request: {
        query: z.object({
          state: z.enum(alertStates).optional(),
          severity: z.enum(severities).optional(),
          rule: rule.optional(),
          organisation: z.string().max(32).optional(),
          cursor: z.string().max(100).optional(),
        }),
      },
      responses: {
        200: jsonContent(
          z.object({ items: z.array(alertSchema).readonly(), next: z.string().nullable() }),
          'Newest first, 50 at once',
        ),
        ...problemResponses,
      },
    }),
    async (c) => {
      const {
        state,
        severity = null,
        rule: of = null,
        organisation: code = null,
        cursor = null,
      } = c.req.valid('query');
      const states = state === undefined ? null : [state];
      const result = await showAlerts(await verbContext(c), { states, severity, rule: of, organisation: code, cursor });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/alerts/{alertId}',
      summary: 'One alert with the entries of the log behind it',
      tags: ['alerts'],
      request: { params },
      responses: { 200: jsonContent(detailSchema, 'The alert'), ...problemResponses },
    }),
    async (c) => {
      const result = await showAlert(await verbContext(c), c.req.valid('param').alertId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  settlingRoutes(app);
  ruleRoutes(app);
}

function settlingRoutes(app: OpenAPIHono<AppEnv>): void {
  const answer = { 200: jsonContent(z.object({ id: z.string() }), 'Done'), ...problemResponses };
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/alerts/{alertId}/acknowledgement',
      summary: 'Say that somebody is looking at it',
      tags: ['alerts'],
      request: { params, ...jsonBody(z.strictObject(seen).openapi('AlertSeen')) },
      responses: answer,
    }),
    async (c) => {
      const settlement = { act: 'acknowledge' } as const;
      const input = { id: c.req.valid('param').alertId, ...c.req.valid('json'), settlement };
      const result = await settleAlert(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/alerts/{alertId}/closure',
      summary: 'Close it with a reason',
      tags: ['alerts'],
      request: {
        params,
        ...jsonBody(
          z
            .strictObject({
              ...seen,
              reason: z.enum(closeReasons),
              note: z.string().trim().max(maxNoteCharacters).nullable().default(null),
            })
            .openapi('AlertClosure'),
        ),
      },
      responses: answer,
    }),
    async (c) => {
      const { version, reason, note } = c.req.valid('json');
      const settlement = { act: 'close', reason, note: note === '' ? null : note } as const;
      const result = await settleAlert(await verbContext(c), { id: c.req.valid('param').alertId, version, settlement });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/alerts/{alertId}/reopening',
      summary: 'Take a closed alert up again',
      tags: ['alerts'],
      request: { params, ...jsonBody(z.strictObject(seen).openapi('AlertSeenAgain')) },
      responses: answer,
    }),
    async (c) => {
      const settlement = { act: 'reopen' } as const;
      const input = { id: c.req.valid('param').alertId, ...c.req.valid('json'), settlement };
      const result = await settleAlert(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}

function ruleRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/alert-rules',
      summary: 'The rules of alerts, with the board’s own thresholds',
      tags: ['alerts'],
      responses: {
        200: jsonContent(z.object({ items: z.array(ruleSchema).readonly() }), 'Every rule'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showRules(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/alert-rules/{rule}',
      summary: 'Set the board’s own threshold of a rule, for its schools',
      tags: ['alerts'],
      request: {
        params: z.object({ rule: z.string().max(40) }),
        ...jsonBody(z.strictObject({ threshold: z.int() }).openapi('AlertThreshold')),
      },
      responses: {
        200: jsonContent(z.object({ rule, threshold: z.int() }), 'It holds from now on'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await changeThreshold(await verbContext(c), { ...c.req.valid('param'), ...c.req.valid('json') });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
