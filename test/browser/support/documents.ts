import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoPupils } from '../../../src/demo/pupils.ts';
import { makeSampleDocuments } from '../../../src/demo/sample-documents.node.ts';
import { demoOrganisations } from '../../../src/demo/schools.ts';

/** Real files of one invented pupil, as a clerk would have them on disk. */
export async function writeSampleFiles(folder: string, pupilId = 'pupil-01'): Promise<(name: string) => string> {
  const pupil = demoPupils.find(({ id }) => id === pupilId);
  if (pupil === undefined) throw new Error(`nobody is ${pupilId}`);
  await mkdir(folder, { recursive: true });
  const documents = await makeSampleDocuments({
    pupil,
    school: demoOrganisations[pupil.school],
    principal: '山吹　武',
    homeroomTeacher: '撫子　凛',
    guardian: '葛城　健一',
    madeOn: '2027-03-19',
  });
  for (const { fileName, bytes } of documents) await writeFile(join(folder, fileName), bytes);
  return (name) => join(folder, name);
}
