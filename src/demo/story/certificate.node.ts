import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { z } from 'zod';
import { defaultWording } from '../../certificates/default-wording.ts';
import { personKinds } from '../../records/certificate-kinds.ts';
import { certificateStatement } from '../../records/certificate-statement.ts';
import type { HttpBrowser } from '../http-browser.ts';
import { type Stage, staffSession, storyPupil } from './stage.node.ts';

/** What is left for the reader, by the kind that is issued. */
export const certificateFiles = {
  graduationCertificate: 'certificate.pdf',
  transcript: 'transcript.pdf',
} as const;
/** Issued and handed out; revoked afterwards, or lost and issued anew. */
export const endedFiles = { revoked: 'revoked.pdf', superseded: 'superseded.pdf' } as const;

type Kind = keyof typeof certificateFiles;
const kinds = ['graduationCertificate', 'transcript'] as const;
const withId = z.looseObject({ id: z.string() });
const requestShape = z.looseObject({
  state: z.string(),
  certificates: z.array(z.looseObject({ id: z.string(), number: z.string() })),
});
const stateShape = z.looseObject({
  state: z.string(),
  number: z.string(),
  reason: z.string().nullable(),
  supersededBy: z.looseObject({ number: z.string() }).nullable(),
});
const patienceMs = 30_000;

interface Office {
  readonly clerk: HttpBrowser;
  readonly principal: HttpBrowser;
  readonly pupil: HttpBrowser;
}

/** 卒業証明書 and 成績証明書: the pupil asks, the clerk checks, the principal approves; the files are left for the reader. */
export async function playCertificates(stage: Stage, pupil: HttpBrowser): Promise<void> {
  const { narrator } = stage;
  narrator.act(
    '生徒が卒業証明書と成績証明書を請求し、学校が発行する',
    'The pupil asks for a certificate of graduation and a transcript, and gets them',
  );
  const [clerk, principal] = await Promise.all([
    staffSession(stage, 'juniorHigh', 'clerk'),
    staffSession(stage, 'juniorHigh', 'principal'),
  ]);
  const office = { clerk, principal, pupil };
  await prepareOffice(office, new Date());
  await refuseUnchecked(stage, office);
  for (const kind of kinds) {
    await issueOne(stage, office, { request: await ask(pupil, kind), file: certificateFiles[kind] });
  }
  narrator.act('発行した証明書が失効する', 'A certificate that was issued is revoked');
  const revoked = await issueOne(stage, office, {
    request: await ask(pupil, 'graduationCertificate'),
    file: endedFiles.revoked,
  });
  if (revoked !== null) await revoke(stage, office, revoked);
  narrator.act('紛失した証明書を再発行する', 'A certificate that was lost is issued anew');
  const lost = await issueOne(stage, office, {
    request: await ask(pupil, 'graduationCertificate'),
    file: endedFiles.superseded,
  });
  if (lost !== null) await replaceLost(stage, office, lost);
}

async function refuseUnchecked({ narrator }: Stage, { principal, pupil }: Office): Promise<void> {
  const id = await ask(pupil, 'graduationCertificate');
  const unchecked = await principal.json('POST', `/api/certificate-requests/${id}/approval`);
  narrator.check(unchecked.status === 409, '確認前には決裁できない', 'nothing is approved before it is checked');
  await pupil.json('POST', `/api/own-certificates/${id}/withdrawal`);
}

async function ask(pupil: HttpBrowser, kind: Kind): Promise<string> {
  const wish = { pupilId: storyPupil().id, kind, language: 'ja', copies: 1, purpose: 'admission', consent: true };
  return withId.parse((await pupil.json('POST', '/api/own-certificates', wish)).body).id;
}

interface Copy {
  readonly id: string;
  readonly pdf: Uint8Array;
}

async function issueOne(
  { narrator, folder }: Stage,
  { clerk, principal, pupil }: Office,
  { request: id, file: name }: { readonly request: string; readonly file: string },
): Promise<Copy | null> {
  const checked = await clerk.json('POST', `/api/certificate-requests/${id}/check`);
  const approved = await principal.json('POST', `/api/certificate-requests/${id}/approval`);
  narrator.check(
    checked.status === 200 && approved.status === 200,
    '事務が台帳と突き合わせ、校長が決裁した',
    'the clerk compared it with the register, and the principal approved',
  );
  const issued = await waitForIssue(pupil, id);
  const [copy] = issued?.certificates ?? [];
  const file = copy === undefined ? null : await pupil.send('GET', `/api/issued-certificates/${copy.id}`);
  narrator.check(
    file?.status === 200,
    `発行され、受け取った（${copy?.number ?? '—'}、${name}）`,
    'issued, and taken by the pupil',
  );
  if (file?.status !== 200 || copy === undefined) return null;
  const pdf = new Uint8Array(await file.arrayBuffer());
  await writeFile(join(folder, name), pdf);
  return { id: copy.id, pdf };
}

/** Two persons revoke it; whoever has the paper sees it by its code, and nobody gets the file again. */
async function revoke({ narrator, origin }: Stage, { clerk, principal, pupil }: Office, copy: Copy): Promise<void> {
  const path = `/api/issued-certificates/${copy.id}`;
  await clerk.json('POST', `${path}/revocation`, { reason: 'error' });
  const before = await stateOf(origin, copy);
  narrator.check(before.state === 'valid', '一人では失効しない', 'one person does not revoke it');
  await principal.json('POST', `${path}/revocation/confirmation`);
  const { state, reason } = await stateOf(origin, copy);
  narrator.check(
    state === 'revoked' && reason === 'error',
    '証明書のコードから見ると「失効」（記載の誤り）',
    'by the code on it: revoked, it held a mistake',
  );
  const again = await pupil.send('GET', path);
  narrator.check(again.status === 410, '失効したファイルは渡さない', 'the revoked file is handed out no more');
}

/** The pupil says that the paper is lost; the code on it leads to what was issued in its place. */
async function replaceLost(stage: Stage, office: Office, lost: Copy): Promise<void> {
  const { narrator, origin } = stage;
  const path = `/api/issued-certificates/${lost.id}/loss`;
  const request = withId.parse((await office.pupil.json('POST', path, { consent: true })).body).id;
  const successor = await issueOne(stage, office, { request, file: certificateFiles.graduationCertificate });
  const { state, supersededBy } = await stateOf(origin, lost);
  const newer = successor === null ? null : await stateOf(origin, successor);
  narrator.check(
    state === 'superseded' && supersededBy?.number === newer?.number && newer?.state === 'valid',
    `古い証明書のコードから見ると「差し替え済み」（新しい番号 ${supersededBy?.number ?? '—'}）`,
    'by the code on the old one: superseded, with the number of the new one',
  );
}

async function stateOf(origin: string, { pdf }: Copy): Promise<z.output<typeof stateShape>> {
  return stateShape.parse(await (await fetch(await addressOfState(origin, pdf))).json());
}

/** From the statement inside the file, as the QR code on the paper has it. */
async function addressOfState(origin: string, pdf: Uint8Array): Promise<string> {
  const [attached] = (await PDFDocument.load(pdf, { updateMetadata: false })).getAttachments();
  const { verifyAt } = certificateStatement.parse(JSON.parse(new TextDecoder().decode(attached?.data)));
  return `${origin}/api/certificate-states/${verifyAt.slice(verifyAt.lastIndexOf('/') + 1)}`;
}

/** A register entry, templates in force, and the offer: what a school does once. */
async function prepareOffice({ clerk, principal }: Office, now: Date): Promise<void> {
  const { id: pupilId, officialName, kana, birthDate } = storyPupil();
  // The last spring: grades are certified for five years.
  const year = now.getMonth() < 3 ? now.getFullYear() - 1 : now.getFullYear();
  const subjects = ['国語', '社会', '数学', '理科', '英語'].map((name, index) => ({
    schoolYear: year - 1,
    name,
    credits: null,
    grade: 5 - (index % 3),
  }));
  const facts = {
    number: `卒 ${year}-001`,
    officialName,
    kana,
    birthDate,
    enrolledOn: `${year - 3}-04-07`,
    leftOn: `${year}-03-13`,
    leaving: 'graduated',
    subjects,
  };
  withId.parse((await clerk.json('POST', '/api/certificate-register', { pupilId, facts })).body);
  for (const kind of kinds) {
    const signed = { principalJa: '校長　山吹　武', principalEn: 'Takeshi YAMABUKI, Principal' };
    const wording = { ...defaultWording[kind], ...signed };
    const { id } = withId.parse((await clerk.json('POST', '/api/certificate-templates', { kind, wording })).body);
    await principal.json('POST', `/api/certificate-templates/${id}/publication`);
  }
  const offered = Object.fromEntries(
    personKinds.map((one) => {
      const isOffered = kinds.some((kind) => kind === one);
      return [one, { offered: isOffered, feeYen: isOffered ? 400 : 0, atOnce: false }];
    }),
  );
  await principal.json('PUT', '/api/certificate-settings', { version: 0, kinds: offered });
}

/** The approval answers at once; the gateway seals meanwhile. */
async function waitForIssue(pupil: HttpBrowser, id: string): Promise<z.output<typeof requestShape> | null> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 250) {
    const request = requestShape.parse((await pupil.json('GET', `/api/own-certificates/${id}`)).body);
    if (request.state === 'issued') return request;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return null;
}
