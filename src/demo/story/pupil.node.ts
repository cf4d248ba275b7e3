import { join } from 'node:path';
import { z } from 'zod';
import { logInWithCertificate } from '../certificate-session.node.ts';
import type { HttpBrowser } from '../http-browser.ts';
import { sha256 } from './receiving.node.ts';
import type { Sent } from './sending.node.ts';
import { type Stage, staffSession, storyPupil } from './stage.node.ts';

const caseShape = z.looseObject({
  documents: z.array(z.looseObject({ id: z.string(), readable: z.boolean() })),
});
const ledgerShape = z.object({ items: z.array(z.looseObject({ event: z.string() })) });

export const redeemedShape = z.looseObject({ linkId: z.string(), checkNumber: z.string() });

/** The pupil: logs in with the certificate, proves by the school's code whose records these are, and fetches the same. */
export async function playPupil(stage: Stage, sent: Sent): Promise<HttpBrowser> {
  const { narrator, world } = stage;
  narrator.act(
    '生徒本人が電子証明書でログインし、同じ記録を受け取る',
    'The pupil logs in by certificate and fetches the same records',
  );
  const pupil = storyPupil();
  const plan = world.guide.persons.find((person) => person.pupil?.id === pupil.id && person.file === 'sakura.p12');
  if (plan === undefined || plan.linkingCode === null) throw new Error('the pupil has no linking code');
  const path = join(world.authorities.p12Directory, plan.file);
  const person = await logInWithCertificate(stage.origin, { path, password: world.guide.password });
  narrator.check(true, 'チャレンジに署名してログインした', 'logged in by signing a challenge');
  const before = await person.json('GET', `/api/cases/${sent.caseId}`);
  narrator.check(
    before.status === 404,
    '学校が結び付けるまでは何も見えない',
    'nothing shows before the school has linked them',
  );
  const linked = await person.json('POST', '/api/links', { code: plan.linkingCode, birthDate: pupil.birthDate });
  narrator.check(
    linked.status === 201,
    '学校から受け取った番号で連携を申し込んだ',
    'asked for the link with the code that the school handed out',
  );
  const asked = redeemedShape.parse(linked.body);
  const waiting = await person.json('GET', `/api/cases/${sent.caseId}`);
  narrator.check(waiting.status === 404, '確認されるまでは何も見えない', 'nothing shows before it is confirmed');
  await confirmAsTeacher(stage, asked);
  await compareRecords(stage, sent, person);
  const ledger = ledgerShape.parse((await person.json('GET', `/api/cases/${sent.caseId}/ledger`)).body);
  narrator.check(
    ledger.items.length > 0,
    `誰が何をしたかが見える（${ledger.items.length}行）`,
    'the ledger shows who did what',
  );
  return person;
}

/** Another member of staff than the clerk who issued the code, by the number that stands on the pupil's page alone. */
export async function confirmAsTeacher(
  stage: Stage,
  { linkId, checkNumber }: z.output<typeof redeemedShape>,
): Promise<void> {
  const teacher = await staffSession(stage, 'juniorHigh', 'homeroomTeacher');
  const confirmed = await teacher.json('POST', `/api/links/${linkId}/confirmation`, { checkNumber });
  stage.narrator.check(
    confirmed.status === 204,
    '番号を発行した人とは別の担任が、照合番号を聞いて確認した',
    'the homeroom teacher, not the clerk who issued the code, confirmed it by the check number',
  );
}

async function compareRecords(stage: Stage, sent: Sent, person: HttpBrowser): Promise<void> {
  const seen = caseShape.parse((await person.json('GET', `/api/cases/${sent.caseId}`)).body);
  const digests = new Set<string>();
  for (const { id } of seen.documents.filter(({ readable }) => readable)) {
    const answer = await person.send('GET', `/api/cases/${sent.caseId}/documents/${id}/content`);
    digests.add(sha256(new Uint8Array(await answer.arrayBuffer())));
  }
  const isSame = sent.files.every(({ bytes }) => digests.has(sha256(bytes)));
  stage.narrator.check(
    isSame,
    `受け取った${digests.size}点が、送られた書類と一致`,
    'what the pupil fetched is byte for byte what was sent',
  );
}
