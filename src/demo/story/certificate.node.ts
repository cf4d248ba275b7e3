import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultWording } from '../../certificates/default-wording.ts';
import { personKinds } from '../../records/certificate-kinds.ts';
import type { HttpBrowser } from '../http-browser.ts';
import { type Stage, staffSession, storyPupil } from './stage.node.ts';

export const certificateName = 'certificate.pdf';

const kind = 'graduationCertificate';
const withId = z.looseObject({ id: z.string() });
const requestShape = z.looseObject({
  state: z.string(),
  certificates: z.array(z.looseObject({ id: z.string(), number: z.string() })),
});
const patienceMs = 30_000;

/** 卒業証明書: the pupil asks, the clerk checks, the principal approves; the file is left for the reader. */
export async function playCertificate(stage: Stage, pupil: HttpBrowser): Promise<void> {
  const { narrator } = stage;
  narrator.act(
    '生徒が卒業証明書を請求し、学校が発行する',
    'The pupil asks for a certificate of graduation, and gets it',
  );
  const [clerk, principal] = await Promise.all([
    staffSession(stage, 'juniorHigh', 'clerk'),
    staffSession(stage, 'juniorHigh', 'principal'),
  ]);
  await prepareOffice(clerk, principal);
  const wish = { pupilId: storyPupil().id, kind, language: 'ja', copies: 1, purpose: 'admission', consent: true };
  const { id } = withId.parse((await pupil.json('POST', '/api/own-certificates', wish)).body);
  const unchecked = await principal.json('POST', `/api/certificate-requests/${id}/approval`);
  narrator.check(unchecked.status === 409, '確認前には決裁できない', 'nothing is approved before it is checked');
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
    `発行され、受け取った（${copy?.number ?? '—'}）`,
    'issued, and taken by the pupil',
  );
  if (file?.status !== 200) return;
  await writeFile(join(stage.folder, certificateName), new Uint8Array(await file.arrayBuffer()));
}

/** A register entry, a template in force, and the offer: what a school does once. */
async function prepareOffice(clerk: HttpBrowser, principal: HttpBrowser): Promise<void> {
  const { id: pupilId, officialName, kana, birthDate } = storyPupil();
  const facts = {
    number: '卒 2026-001',
    officialName,
    kana,
    birthDate,
    enrolledOn: '2023-04-07',
    leftOn: '2026-03-13',
    leaving: 'graduated',
  };
  withId.parse((await clerk.json('POST', '/api/certificate-register', { pupilId, facts })).body);
  const wording = {
    ...defaultWording[kind],
    principalJa: '校長　山吹　武',
    principalEn: 'Takeshi YAMABUKI, Principal',
  };
  const drafted = await clerk.json('POST', '/api/certificate-templates', { kind, wording });
  const { id } = withId.parse(drafted.body);
  await principal.json('POST', `/api/certificate-templates/${id}/publication`);
  const kinds = Object.fromEntries(
    personKinds.map((one) => [one, { offered: one === kind, feeYen: one === kind ? 400 : 0, atOnce: false }]),
  );
  await principal.json('PUT', '/api/certificate-settings', { version: 0, kinds });
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
