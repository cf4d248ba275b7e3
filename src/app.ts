import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { administrationPages } from './administration/pages.tsx';
import { administrationRoutes } from './administration/routes.ts';
import type { AppEnv } from './app-env.ts';
import { alertNavigation } from './board/alerts/navigation.ts';
import { alertPages } from './board/alerts/page-routes.tsx';
import { alertRoutes } from './board/alerts/routes.ts';
import { boardLogRoutes } from './board/log-routes.ts';
import { boardPages } from './board/pages.tsx';
import { boardRoutes } from './board/routes.ts';
import { statisticsPages } from './board/statistics/pages.tsx';
import { statisticsRoutes } from './board/statistics/routes.ts';
import { findStatusList } from './certificates/credentials/find-status-list.ts';
import { findAnsweredState } from './certificates/issue/find-answered-state.ts';
import { certificatePages } from './certificates/pages.tsx';
import { certificateRoutes } from './certificates/routes.ts';
import { isDatabaseUnavailable, sqlState } from './database/errors.ts';
import { docsRoutes } from './docs-routes.tsx';
import { type Fault, fault } from './faults.ts';
import type { Gateway } from './gateway.ts';
import { healthRoutes } from './health-routes.ts';
import { pageFrame, sendProblemPage } from './identity/frame.tsx';
import { identifyActor, isCookieless } from './identity/middleware.ts';
import { identityPages } from './identity/pages.tsx';
import { verificationsPath } from './identity/rate-rules.ts';
import { identityRoutes } from './identity/routes.ts';
import { signInRoutes } from './identity/sign-in-routes.ts';
import { logRoutes } from './log-routes.ts';
import { demonstrationRoutes } from './transfers/demonstration-routes.tsx';
import { homePages } from './transfers/home-pages.tsx';
import { navigationOf } from './transfers/navigation.ts';
import { transferPages } from './transfers/pages.tsx';
import { recordRoutes } from './transfers/record-routes.ts';
import { transferRoutes } from './transfers/routes.ts';
import { schoolPages } from './transfers/school-pages.tsx';
import { verificationPages } from './verification/pages.tsx';
import { verificationRoutes } from './verification/verification-routes.ts';
import { sendProblem } from './web/answer.ts';
import { serveAssets } from './web/assets.ts';
import { cspReportPath, cspReports } from './web/csp-reports.ts';
import { localeMiddleware } from './web/locale.ts';
import { wantsProblem } from './web/problem.ts';
import { ProblemCodePage, ProblemGuidePage, publicCodes } from './web/problem-guide.tsx';
import { requireSameOrigin, securityHeaders } from './web/security.ts';

/** Reports a broken world or a bug; the request's number ties it to what the user was told. */
export type ReportError = (error: unknown, requestId: string) => void;

const maxJsonBytes = 256 * 1024;
/** A list of files to verify, in base64. */
const maxListBytes = 8 * 1024 * 1024;

/** The whole application over one gateway: middleware in order, the rooms' routes, errors → problems. */
export function createApp(gateway: Gateway, report: ReportError): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseMalformed });
  middleware(app, gateway, report);
  signInRoutes(app);
  apiRoutes(app);
  homePages(app);
  demonstrationRoutes(app);
  identityPages(app);
  transferPages(app);
  schoolPages(app);
  administrationPages(app);
  certificatePages(app);
  boardPages(app);
  alertPages(app);
  statisticsPages(app);
  verificationPages(app, findStatusList);
  problemPages(app);
  app.notFound((c) => answer(c, fault('request.not-found')));
  app.onError((error, c) => {
    if (isMalformed(error)) return answer(c, fault('request.malformed'));
    report(error, c.get('requestId'));
    return answer(c, fault(isUnavailable(error) ? 'gateway.unavailable' : 'gateway.broken'));
  });
  return app;
}

/** What programs use, and the document that describes it. */
export function apiRoutes(app: OpenAPIHono<AppEnv>): void {
  healthRoutes(app);
  identityRoutes(app);
  transferRoutes(app);
  recordRoutes(app);
  administrationRoutes(app);
  alertRoutes(app);
  certificateRoutes(app);
  boardRoutes(app);
  statisticsRoutes(app);
  verificationRoutes(app, findAnsweredState);
  logRoutes(app);
  boardLogRoutes(app);
  docsRoutes(app);
}

function middleware(app: OpenAPIHono<AppEnv>, gateway: Gateway, report: ReportError): void {
  const { identityProviders, personProviders } = gateway.identity;
  const origins = [...identityProviders, ...personProviders].map((provider) => provider.origin);
  app.use(async (c, next) => {
    c.set('requestId', crypto.randomUUID());
    c.set('gateway', gateway);
    await next();
    // On the answer itself: by `c.header` hono would make it anew, and its body then goes through a web stream.
    c.res.headers.set('X-Request-Id', c.get('requestId'));
  });
  app.use(securityHeaders({ formTargets: origins }));
  app.use('/assets/*', serveAssets(gateway.assets));
  app.use(localeMiddleware());
  app.use((c, next) => limitBodies(c, next));
  // Before anybody is asked who they are: browsers send reports as they like, and no cookie of theirs is read.
  app.post(
    cspReportPath,
    cspReports<AppEnv>({
      publicOrigin: gateway.settings.PUBLIC_ORIGIN,
      now: () => gateway.clock.now(),
      tell: (violation, c) => report(violation, c.get('requestId')),
    }),
  );
  app.use(
    requireSameOrigin({
      publicOrigin: gateway.settings.PUBLIC_ORIGIN,
      isExempt: isCookieless,
      refuse: (c: Context<AppEnv>) => answer(c, fault('request.cross-site')),
    }),
  );
  app.use(identifyActor(gateway.identity, (c: Context<AppEnv>, reason) => answer(c, reason)));
  app.use((c, next) => requireLogIn(c, next));
  app.use(async (c, next) => {
    c.set('navigation', await alertNavigation(c, navigationOf(c)));
    await next();
  });
}

/** What belongs to schools and persons; everything under it wants somebody who has logged in and chosen a school. */
const protectedPaths =
  /^\/(api\/)?(alert-rules|alerts|board|break-glass|cases|certificate-register|certificate-settings|certificate-templates|clients|expectations|ledger|ledger-holds|access-reports|pupils|schools|seal-key|members|invitations|proposals|accounts|people|wallet\/authorize)(\/|$)/;

/** Who is not logged in is told so before any verb runs, and a reader of pages comes back after the log-in. */
async function requireLogIn(c: Context<AppEnv>, next: () => Promise<void>): Promise<Response | undefined> {
  const { kind } = c.get('actor');
  if (!protectedPaths.test(c.req.path) || (kind !== 'anonymous' && kind !== 'unboundStaff')) {
    await next();
    return undefined;
  }
  if (wantsProblem(c.req.path, c.req.header('accept')) || c.req.method !== 'GET') {
    return answer(c, fault('login.required', { detail: kind }));
  }
  const { pathname, search } = new URL(c.req.url);
  const target = kind === 'anonymous' ? '/login' : '/choose-school';
  return c.redirect(`${target}?next=${encodeURIComponent(`${pathname}${search}`)}`, 303);
}

/** These count their bytes themselves. Nothing else reads more than a small body, and nobody is asked who they are before. */
const uploads = [
  /^PUT \/api\/cases\/[^/]+\/documents\/[^/]+\/content$/,
  /^POST \/cases\/[^/]+\/documents$/,
  /^POST \/seal-key$/,
];

/** A body that is not a document is small; one that is compressed is not read at all (U-15). */
async function limitBodies(c: Context<AppEnv>, next: () => Promise<void>): Promise<Response | undefined> {
  if (c.req.header('content-encoding') !== undefined) return answer(c, fault('request.encoded'));
  const isUpload = uploads.some((upload) => upload.test(`${c.req.method} ${c.req.path}`));
  const length = c.req.header('content-length');
  const isList = c.req.path === verificationsPath;
  const [most, limit] = isList ? [maxListBytes, '8 MB'] : [maxJsonBytes, '256 KB'];
  const tooLarge = length === undefined ? c.req.header('transfer-encoding') !== undefined : Number(length) > most;
  if (!isUpload && tooLarge) return answer(c, fault('request.too-large', { params: { limit } }));
  await next();
  return undefined;
}

function refuseMalformed(
  result: { success: true } | { success: false; error: { issues: readonly { path: PropertyKey[] }[] } },
  c: Context<AppEnv>,
): Response | undefined {
  if (result.success) return undefined;
  const fields = Object.fromEntries(
    result.error.issues.map((issue) => [`/${issue.path.map(String).join('/')}`, 'problem.field']),
  );
  return sendProblem(c, fault('request.malformed', { fields }));
}

function answer(c: Context<AppEnv>, reason: Fault): Response | Promise<Response> {
  // A refusal that comes before log-in was looked at still needs a page to stand on.
  if (wantsProblem(c.req.path, c.req.header('accept')) || c.get('identity') === undefined)
    return sendProblem(c, reason);
  return sendProblemPage(c, reason);
}

/** A body that is no JSON, or text that PostgreSQL cannot hold (NUL, half a surrogate pair): the sender's fault. */
function isMalformed(error: unknown): boolean {
  if (error instanceof HTTPException) return error.status === 400;
  const state = sqlState(error);
  return state === '22021' || state === '22P05';
}

/** Parts that are down are named, so that the answer can say "later" instead of "broken". */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isDatabaseUnavailable(error)) return true;
  if (['KeyServiceUnavailable', 'ObjectStoreError'].includes(error.name)) return true;
  // What the operating system refuses: a disk that is full or away, a server that does not answer (F-11).
  if ('syscall' in error) return true;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(CONNECT|ECONN|CONNECTION_|ETIMEDOUT|57P0|53)/.test(code);
}

function problemPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/problems', (c) => c.html(ProblemGuidePage(pageFrame(c))));
  app.get('/problems/:code', (c) => {
    const code = publicCodes().find((known) => known === c.req.param('code'));
    return code === undefined
      ? answer(c, fault('request.not-found'))
      : c.html(ProblemCodePage({ ...pageFrame(c), code }));
  });
}
