import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { type HttpBrowser, logInWithApp, openHttpBrowser } from '../http-browser.ts';
import { confirmAsTeacher, redeemedShape } from './pupil.node.ts';
import type { Sent } from './sending.node.ts';
import { type Stage, staffSession, storyPupil } from './stage.node.ts';

const issuedShape = z.object({ code: z.string() });
const begunShape = z.object({ attempt: z.string() });
const identityShape = z.looseObject({ assurance: z.string() });
const caseShape = z.looseObject({
  documents: z.array(z.looseObject({ id: z.string(), visibility: z.string(), readable: z.boolean() })),
});
const ledgerShape = z.object({ items: z.array(z.looseObject({ side: z.string(), assurance: z.string().nullable() })) });

interface Way {
  readonly who: string;
  readonly browser: HttpBrowser;
}

/** Beside the card holder: a guardian with the app, and a pupil and a guardian without card and app. */
export async function playOtherWays(stage: Stage, sent: Sent, cardHolder: HttpBrowser): Promise<void> {
  const { narrator } = stage;
  narrator.act('保護者がデジタル認証アプリでログインする', 'A guardian logs in with the app');
  const withApp = await guardianWithApp(stage);
  narrator.act(
    'カードのない生徒と保護者が、学校の用紙と確認番号でログインする',
    'A pupil and a guardian without cards log in by the school’s paper and a mailed number',
  );
  const pupil = await withPaper(stage, null);
  const guardian = await withPaper(stage, 'guardian-mayumi');
  narrator.act('同じ案件が、ログインの強さごとにどう見えるか', 'The same case, by the strength of the log-in');
  await compareWays(stage, sent, [
    { who: '生徒本人（カード） / pupil, card', browser: cardHolder },
    { who: '保護者（アプリ） / guardian, app', browser: withApp },
    { who: '生徒本人（用紙） / pupil, paper', browser: pupil },
    { who: '保護者（用紙） / guardian, paper', browser: guardian },
  ]);
}

async function guardianWithApp(stage: Stage): Promise<HttpBrowser> {
  const user = stage.world.guide.appUsers.find(({ subject }) => subject === 'app-kenichi');
  const browser = await logInWithApp(stage.origin, 'app-kenichi');
  const { birthDate } = storyPupil();
  const linked = await browser.json('POST', '/api/links', { code: user?.linkingCode, birthDate });
  stage.narrator.check(
    linked.status === 201,
    'private_key_jwt と PKCE でログインし、連携を申し込んだ',
    'logged in over private_key_jwt and PKCE, and asked for the link',
  );
  await confirmAsTeacher(stage, redeemedShape.parse(linked.body));
  return browser;
}

/** The clerk prints, the number goes to the guardian's mail, and both together let somebody in. */
async function withPaper(stage: Stage, guardianId: string | null): Promise<HttpBrowser> {
  const { narrator, origin } = stage;
  const clerk = await staffSession(stage, 'juniorHigh', 'clerk');
  const issued = await clerk.json('POST', `/api/pupils/${storyPupil().id}/access-codes`, { guardianId });
  narrator.check(issued.status === 201, '事務職員が用紙を発行した', 'the clerk issued a paper');
  const browser = openHttpBrowser(origin);
  const seen = new Set(await mailNames(stage));
  const begun = await browser.json('POST', '/api/login/code-attempts', issuedShape.parse(issued.body));
  const { attempt } = begunShape.parse(begun.body);
  const wrong = await browser.json('POST', '/api/login/code', { attempt, number: '000000' });
  narrator.check(wrong.status === 401, '用紙だけでは入れない', 'the paper alone does not let anybody in');
  const number = await mailedNumber(stage, seen);
  const done = await browser.json('POST', '/api/login/code', { attempt, number });
  narrator.check(
    done.status === 200,
    '保護者のメールに届いた確認番号でログインした',
    'logged in with the number from the guardian’s mail',
  );
  return browser;
}

async function compareWays(stage: Stage, sent: Sent, ways: readonly Way[]): Promise<void> {
  const { narrator } = stage;
  for (const { who, browser } of ways) {
    const { assurance } = identityShape.parse((await browser.json('GET', '/api/session')).body);
    const { documents } = caseShape.parse((await browser.json('GET', `/api/cases/${sent.caseId}`)).body);
    const readable = documents.filter((document) => document.readable);
    narrator.say(`${who}: ${assurance}, ${readable.length} / ${documents.length}`);
    const health = documents.find(({ visibility }) => visibility === 'health');
    const path = `/api/cases/${sent.caseId}/documents/${health?.id}/content`;
    const { status } = await browser.send('GET', path);
    const isWeak = assurance === 'schoolCode';
    narrator.check(
      isWeak ? status === 403 || status === 404 : status === 200,
      isWeak ? '健康診断票は見られない' : '健康診断票も見られる',
      isWeak ? 'no health card at this level' : 'the health card as well',
    );
  }
  const [first] = ways;
  if (first === undefined) return;
  const { items } = ledgerShape.parse((await first.browser.json('GET', `/api/cases/${sent.caseId}/ledger`)).body);
  const levels = new Set(items.flatMap(({ side, assurance }) => (side === 'person' ? [assurance] : [])));
  narrator.check(
    items.every(({ assurance }) => assurance !== null),
    `すべての行にログインの強さが載っている（本人・保護者: ${[...levels].join('、')}）`,
    'every line of the ledger states the strength of the log-in',
  );
}

function mailNames({ world }: Stage): Promise<string[]> {
  return readdir(world.environment['MAIL_DIRECTORY'] ?? '').catch(() => []);
}

/** Reads the folder as a guardian reads the letter box; the gateway's outbox writes within a second or two. */
async function mailedNumber(stage: Stage, seen: ReadonlySet<string>): Promise<string> {
  for (let waited = 0; waited < 100; waited += 1) {
    const names = (await mailNames(stage)).filter((name) => name.endsWith('.eml') && !seen.has(name));
    for (const name of names) {
      const mail = await readFile(join(stage.world.environment['MAIL_DIRECTORY'] ?? '', name), 'utf8');
      const text = Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString('utf8');
      const number = /確認番号: (\d{6})/.exec(text)?.[1];
      if (number !== undefined) return number;
    }
    await wait(200);
  }
  throw new Error('no number arrived in the mail folder');
}
