import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { canonicalJson } from '../../crypto/jcs.ts';
import type { Gateway } from '../../gateway.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { judgeManifest } from '../../verification/manifest.ts';
import { verbContext } from '../context.ts';
import { type SealFacts, StoryPage } from './page.tsx';
import { type Story, tellStory } from './tell-story.ts';

/** The story of a case as a page; what it tells is verified in the reader's browser. */
export function storyPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/cases/:caseId/story', async (c) => {
    const context = await verbContext(c);
    const told = await tellStory(context, c.req.param('caseId'));
    if (!told.ok) return sendProblemPage(c, told.fault);
    const seal = await sealFacts(context.gateway, told.value);
    return c.html(<StoryPage frame={pageFrame(c)} story={told.value} seal={seal} />);
  });
}

async function sealFacts({ trust, clock }: Gateway, { manifest }: Story): Promise<SealFacts | null> {
  if (manifest === null) return null;
  const { verdicts } = await judgeManifest(canonicalJson(manifest), { ...trust, logKeys: [], at: clock.now() });
  const about = (question: string) => verdicts.find((one) => one.question === question)?.about ?? null;
  return { signer: about('issuer'), time: about('time') };
}
