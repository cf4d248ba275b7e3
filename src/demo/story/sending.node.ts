import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { demoGuardians } from '../guardians.ts';
import { makeSampleDocuments } from '../sample-documents.node.ts';
import { makeSampleScan } from '../sample-scan.ts';
import { logInMachine, recipient, type Stage, sender, staffSession, storyPupil } from './stage.node.ts';

const caseShape = z.looseObject({ id: z.string(), state: z.string(), contentDigest: z.string().nullable() });

/** What was sent: the case, and every file as it was on the sender's disk. */
export interface Sent {
  readonly caseId: string;
  readonly files: readonly SentFile[];
}

export interface SentFile {
  readonly kind: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

const scanBytes = 20_000_000;

/** The sending school: its system drafts and uploads, its principal approves, its system seals and deposits. */
export async function playSending(stage: Stage): Promise<Sent> {
  const { narrator, cli } = stage;
  const profile = join(stage.profiles, 'sender.json');
  narrator.act(
    `${sender.name}の校務支援システムが起案し、書類を送る`,
    `The system of ${sender.nameEnglish} drafts and uploads`,
  );
  const files = await writeSources(stage);
  await logInMachine(stage, sender.code, profile);
  const operands = files.map(({ operand }) => operand);
  const draft = ['send', '--pupil', storyPupil().id, '--to', recipient.code, '--profile', profile];
  const submitted = caseShape.parse(await cli.ask(...draft, ...operands));
  narrator.check(
    submitted.state === 'submitted',
    `${files.length}点を送り、決裁を依頼した`,
    'sent and submitted for approval',
  );

  narrator.act('校長がログインして決裁する', 'The principal logs in (OpenID Connect) and approves');
  const principal = await staffSession(stage, 'juniorHigh', 'principal');
  const approval = { contentDigest: submitted.contentDigest };
  const approved = await principal.json('POST', `/api/cases/${submitted.id}/approval`, approval);
  narrator.check(
    approved.status === 200,
    '内容・送付先・目的に結び付けて決裁した',
    'approved exactly this content and recipient',
  );

  narrator.act('封緘して電子ロッカーに預ける', 'The system seals the package and deposits it');
  const digits = recipient.code.slice(-4);
  const seal = ['send', '--case', submitted.id, '--seal', '--confirm', digits, '--deposit', '--profile', profile];
  const deposited = caseShape.parse(await cli.ask(...seal));
  narrator.check(
    deposited.state === 'deposited',
    '学校の印とタイムスタンプで封緘し、預けた',
    'sealed with time stamp, deposited',
  );
  return { caseId: submitted.id, files };
}

async function writeSources(stage: Stage): Promise<readonly (SentFile & { readonly operand: string })[]> {
  const pupil = storyPupil();
  const accounts = stage.world.guide.accounts;
  const nameOf = (subject: string) => accounts.find((one) => one.subject === subject)?.name ?? '';
  const documents = await makeSampleDocuments({
    pupil,
    school: sender,
    principal: nameOf('juniorHigh-principal'),
    homeroomTeacher: nameOf('juniorHigh-homeroomTeacher'),
    guardian: demoGuardians.find((guardian) => guardian.pupil === pupil.id)?.name ?? '',
    madeOn: new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10),
  });
  const scan = {
    fileName: 'scan.pdf',
    kind: 'other',
    form: 'copy',
    title: '保護者からの書類（スキャン）',
    mediaType: 'application/pdf',
    bytes: await makeSampleScan(scanBytes),
  } as const;
  return Promise.all(
    [...documents, scan].map(async ({ fileName, kind, form, title, mediaType, bytes }) => {
      const path = join(stage.folder, 'sent', fileName);
      await writeFile(path, bytes);
      return { kind, mediaType, bytes, operand: `${kind}:${form}:${title}=sent/${fileName}` };
    }),
  );
}
