import { demoPupils } from './pupils.ts';
import { makeSampleDocuments, type SampleDocument } from './sample-documents.node.ts';
import { demoOrganisations } from './schools.ts';
import { demoAccounts } from './staff.ts';

/** What the start page offers to try an upload with; all of one pupil. */
export const sampleFiles = [
  { file: 'shidoyoroku.pdf', title: '指導要録（抄本）PDF' },
  { file: 'shidoyoroku.json', title: '指導要録データ JSON' },
  { file: 'kenkoshindan.pdf', title: '健康診断票（原本）PDF' },
  { file: 'shika.pdf', title: '歯・口腔の検査票 PDF' },
] as const;

/** Made when the first of them is asked for: a font of some megabytes is read for it. */
export function sampleFileMaker(now: () => Date): (file: string) => Promise<Uint8Array | null> {
  let made: Promise<readonly SampleDocument[]> | null = null;
  return async (file) => {
    if (!sampleFiles.some((known) => known.file === file)) return null;
    made ??= makeAll(now());
    return (await made).find(({ fileName }) => fileName === file)?.bytes ?? null;
  };
}

async function makeAll(at: Date): Promise<readonly SampleDocument[]> {
  const pupil = demoPupils.find(({ id }) => id === 'pupil-01');
  if (pupil === undefined) throw new Error('the first pupil of the demonstration is missing');
  const nameOf = (subject: string) => demoAccounts.find((account) => account.subject === subject)?.name ?? '';
  return makeSampleDocuments({
    pupil,
    school: demoOrganisations[pupil.school],
    principal: nameOf(`${pupil.school}-principal`),
    homeroomTeacher: nameOf(`${pupil.school}-homeroomTeacher`),
    guardian: '葛城　健一',
    madeOn: at.toISOString().slice(0, 10),
  });
}
