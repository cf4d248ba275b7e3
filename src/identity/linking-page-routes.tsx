import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { textOf } from './forms.ts';
import { pageFrame, sendProblemPage } from './frame.tsx';
import { issueLinkingCode } from './issue-linking-code.ts';
import { IssuedCodePage, LinkingRollPage, linkingPath, PupilLinksPage } from './linking-pages.tsx';
import { endLink, listLinkablePupils, listLinks, showLinkablePupil } from './links.ts';
import { linkRelations } from './tables.ts';

/** The school's side of linking: the roll, one pupil's links, a new code, the end of a link. */
export function linkingPageRoutes(app: OpenAPIHono<AppEnv>): void {
  app.get(linkingPath, async (c) => {
    const { identity } = c.get('gateway');
    const result = await listLinkablePupils(identity, c.get('actor'), c.req.query('after') ?? null);
    if (!result.ok) return sendProblemPage(c, result.fault);
    return c.html(<LinkingRollPage frame={pageFrame(c)} {...result.value} />);
  });
  app.get(`${linkingPath}/:pupilId`, (c) => showPupil(c, c.req.param('pupilId')));
  app.post(`${linkingPath}/:pupilId`, (c) => issue(c, c.req.param('pupilId')));
  app.post(`${linkingPath}/:pupilId/end`, async (c) => {
    const link = textOf(await c.req.parseBody(), 'link') ?? '';
    const result = await endLink(c.get('gateway').identity, c.get('actor'), link);
    if (!result.ok) return sendProblemPage(c, result.fault);
    return c.redirect(`${linkingPath}/${encodeURIComponent(c.req.param('pupilId'))}`, 303);
  });
}

async function showPupil(c: Context<AppEnv>, pupilId: string, errors?: Readonly<Record<string, string>>) {
  const { identity } = c.get('gateway');
  const pupil = await showLinkablePupil(identity, c.get('actor'), pupilId);
  if (!pupil.ok) return sendProblemPage(c, pupil.fault);
  const links = await listLinks(identity, c.get('actor'), pupilId);
  if (!links.ok) return sendProblemPage(c, links.fault);
  const props = { frame: pageFrame(c), pupil: pupil.value, links: links.value };
  if (errors === undefined) return c.html(<PupilLinksPage {...props} />);
  return c.html(<PupilLinksPage {...props} errors={errors} />, 400);
}

async function issue(c: Context<AppEnv>, pupilId: string) {
  const { identity } = c.get('gateway');
  const chosen = textOf(await c.req.parseBody(), 'relation');
  const relation = linkRelations.find((known) => known === chosen);
  if (relation === undefined) return showPupil(c, pupilId, { relation: 'linking.relation-missing' });
  const pupil = await showLinkablePupil(identity, c.get('actor'), pupilId);
  if (!pupil.ok) return sendProblemPage(c, pupil.fault);
  const issued = await issueLinkingCode(identity, c.get('actor'), { pupilId, relation });
  if (!issued.ok) return sendProblemPage(c, issued.fault);
  const props = { frame: pageFrame(c), pupil: pupil.value, relation, issued: issued.value };
  return c.html(<IssuedCodePage {...props} />, 201);
}
