import { createHash } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { HttpBrowser } from '../http-browser.ts';
import type { Sent } from './sending.node.ts';
import { logInMachine, recipient, recipientHomeroom, type Stage, staffSession, storyPupil } from './stage.node.ts';

const openedShape = z.looseObject({
  state: z.string(),
  documents: z.array(z.looseObject({ id: z.string(), kind: z.string(), readable: z.boolean() })),
  verification: z.looseObject({ outcome: z.string() }).nullable(),
});
const filesShape = z.object({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) });

/** The receiving school: opens by matching the pupil, each role fetches what it may, the records are acknowledged. */
export async function playReceiving(stage: Stage, sent: Sent): Promise<void> {
  const { narrator, cli } = stage;
  const profile = join(stage.profiles, 'recipient.json');
  narrator.act(`${recipient.name}が児童生徒を照合して開く`, `${recipient.nameEnglish} matches the pupil and opens`);
  await logInMachine(stage, recipient.code, profile);
  const box = JSON.stringify(await cli.ask('inbox', '--profile', profile));
  narrator.check(box.includes(sent.caseId), '受信箱に届いている', 'it is in the inbox');
  const { kana, birthDate } = storyPupil();
  const match = ['--kana', kana, '--birth-date', birthDate, '--homeroom', recipientHomeroom];
  const opened = openedShape.parse(await cli.ask('open', sent.caseId, ...match, '--profile', profile));
  narrator.check(
    opened.verification?.outcome === 'valid',
    '封緘・発行者・時刻・内容、すべて有効',
    'seal, issuer, time and content are valid',
  );

  narrator.act('役割ごとに、読めるものを受け取る', 'Each role fetches what it may read');
  const fetched = filesShape.parse(
    await cli.ask('download', sent.caseId, '--all', '--out', 'received', '--profile', profile),
  );
  const digests = new Set(sent.files.map(({ bytes }) => sha256(bytes)));
  const same = fetched.files.filter((file) => digests.has(file.sha256));
  narrator.check(
    same.length === sent.files.length,
    '受け取った全書類が送った書類と一致',
    'every document is byte for byte what was sent',
  );
  const containers = await keepContainers(stage, sent);
  await readAsRole(stage, {
    role: 'principal',
    visibility: 'records',
    digest: containers.records,
    caseId: sent.caseId,
  });
  await readAsRole(stage, {
    role: 'schoolNurse',
    visibility: 'health',
    digest: containers.health,
    caseId: sent.caseId,
  });
  await refuseClerk(stage, sent.caseId);

  narrator.act('受領書を出す', 'The records are acknowledged');
  const done = openedShape.parse(await cli.ask('acknowledge', sent.caseId, '--profile', profile));
  narrator.check(
    done.state === 'acknowledged',
    '受領書を出した。健康診断票の保管が移った',
    'acknowledged; custody of the health card has moved',
  );
}

async function keepContainers(stage: Stage, sent: Sent): Promise<{ records: string; health: string }> {
  const keep = async (visibility: string) => {
    const path = join(stage.folder, `${visibility}.asice`);
    await rename(join(stage.folder, 'received', `${sent.caseId.slice(0, 8)}-${visibility}.asice`), path);
    return sha256(new Uint8Array(await readFile(path)));
  };
  return { records: await keep('records'), health: await keep('health') };
}

const roleTexts = {
  principal: ['校長が記録のコンテナを受け取った', 'the principal fetched the container of records'],
  schoolNurse: ['養護教諭が健康診断票のコンテナを受け取った', 'the nurse fetched the container of health cards'],
} as const;

async function readAsRole(
  stage: Stage,
  wanted: { role: keyof typeof roleTexts; visibility: string; digest: string; caseId: string },
): Promise<void> {
  const browser: HttpBrowser = await staffSession(stage, 'cityHigh', wanted.role);
  const answer = await browser.send('GET', `/api/cases/${wanted.caseId}/containers/${wanted.visibility}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const [ja, en] = roleTexts[wanted.role];
  stage.narrator.check(answer.status === 200 && sha256(bytes) === wanted.digest, ja, en);
}

/** A clerk handles the case without reading it: what one may not read answers like what is not there. */
async function refuseClerk(stage: Stage, caseId: string): Promise<void> {
  const clerk = await staffSession(stage, 'cityHigh', 'clerk');
  const seen = openedShape.parse((await clerk.json('GET', `/api/cases/${caseId}`)).body);
  const healthCard = seen.documents.find(({ kind }) => kind === 'healthCard');
  const answer = await clerk.json('GET', `/api/cases/${caseId}/documents/${healthCard?.id ?? ''}/content`);
  stage.narrator.check(
    healthCard?.readable === false && (answer.status === 404 || answer.status === 403),
    `事務職員が健康診断票を読もうとして断られた（HTTP ${answer.status}）`,
    'the clerk tried to read the health card and was refused',
  );
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
