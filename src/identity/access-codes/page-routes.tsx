import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { type Fault, publicFault } from '../../faults.ts';
import { clearCodeCookie, readCodeCookie, readSessionCookie, writeCodeCookie, writeSessionCookie } from '../cookies.ts';
import { textOf } from '../forms.ts';
import { pageFrame, sendProblemPage } from '../frame.tsx';
import { beginCodeLogin } from './begin-code-login.ts';
import { releaseAccessCode, withdrawAccessCode } from './change-access-code.ts';
import { completeCodeLogin } from './complete-code-login.ts';
import { issueAccessCode } from './issue-access-code.ts';
import { listAccessCodes } from './list-access-codes.ts';
import { CodeLoginPage, codeLoginPath, NumberLoginPage, numberLoginPath } from './login-pages.tsx';
import { PaperSheetPage, PapersPage, papersPath } from './paper-pages.tsx';
import { accessNumberMinutes } from './rules.ts';

/** The log-in by a paper, and the school's papers. */
export function accessCodePages(app: OpenAPIHono<AppEnv>): void {
  loginPages(app);
  app.get('/linking/:pupilId/papers', (c) => showPapers(c, c.req.param('pupilId')));
  app.post('/linking/:pupilId/papers', (c) => issue(c, c.req.param('pupilId')));
  for (const [name, verb] of [
    ['withdraw', withdrawAccessCode],
    ['release', releaseAccessCode],
  ] as const) {
    app.post(`/linking/:pupilId/papers/${name}`, async (c) => {
      const code = textOf(await c.req.parseBody(), 'code') ?? '';
      const result = await verb(c.get('gateway').identity, c.get('actor'), code);
      return result.ok ? c.redirect(papersPath(c.req.param('pupilId')), 303) : sendProblemPage(c, result.fault);
    });
  }
}

function loginPages(app: OpenAPIHono<AppEnv>): void {
  app.get(codeLoginPath, (c) => c.html(<CodeLoginPage frame={pageFrame(c)} />));
  app.post(codeLoginPath, async (c) => {
    const code = textOf(await c.req.parseBody(), 'code') ?? '';
    if (code === '') return c.html(<CodeLoginPage frame={pageFrame(c)} errors={{ code: 'link.code-missing' }} />, 400);
    const { attempt } = await beginCodeLogin(c.get('gateway').identity, code);
    writeCodeCookie(c, attempt, accessNumberMinutes * 60);
    return c.redirect(numberLoginPath, 303);
  });
  app.get(numberLoginPath, (c) => {
    if (readCodeCookie(c) === null) return c.redirect(codeLoginPath, 303);
    return c.html(<NumberLoginPage frame={pageFrame(c)} />);
  });
  app.post(numberLoginPath, async (c) => {
    const frame = pageFrame(c);
    const number = textOf(await c.req.parseBody(), 'number') ?? '';
    if (number === '')
      return c.html(<NumberLoginPage frame={frame} errors={{ number: 'paper.number-missing' }} />, 400);
    const result = await completeCodeLogin(c.get('gateway').identity, {
      attempt: readCodeCookie(c),
      number,
      browser: c.req.header('User-Agent') ?? '',
      formerToken: readSessionCookie(c),
    });
    if (!result.ok) return c.html(<NumberLoginPage frame={frame} refusal={wordsOf(c, result.fault)} />, 401);
    clearCodeCookie(c);
    writeSessionCookie(c, result.value.token);
    return c.redirect('/', 303);
  });
}

async function showPapers(
  c: Context<AppEnv>,
  pupilId: string,
  more: Pick<Parameters<typeof PapersPage>[0], 'errors' | 'refusal'> = {},
) {
  const papers = await listAccessCodes(c.get('gateway').identity, c.get('actor'), pupilId);
  if (!papers.ok) return sendProblemPage(c, papers.fault);
  const page = <PapersPage frame={pageFrame(c)} papers={papers.value} {...more} />;
  return c.html(page, more.errors !== undefined ? 400 : more.refusal !== undefined ? 422 : 200);
}

async function issue(c: Context<AppEnv>, pupilId: string) {
  const { identity } = c.get('gateway');
  const papers = await listAccessCodes(identity, c.get('actor'), pupilId);
  if (!papers.ok) return sendProblemPage(c, papers.fault);
  const chosen = textOf(await c.req.parseBody(), 'holder');
  const holder = papers.value.holders.find(({ guardianId }) => (guardianId ?? 'self') === chosen);
  if (holder === undefined) return showPapers(c, pupilId, { errors: { holder: 'linking.relation-missing' } });
  const issued = await issueAccessCode(identity, c.get('actor'), { pupilId, guardianId: holder.guardianId });
  if (issued.ok) {
    const props = { frame: pageFrame(c), pupil: papers.value.pupil, holder, issued: issued.value };
    return c.html(<PaperSheetPage {...props} />, 201);
  }
  if (issued.fault.code !== 'access-code.no-channel') return sendProblemPage(c, issued.fault);
  return showPapers(c, pupilId, { refusal: wordsOf(c, issued.fault) });
}

function wordsOf(c: Context<AppEnv>, { code }: Fault) {
  const [title, advice] = publicFault(code)[c.get('locale')];
  return { title, advice };
}
