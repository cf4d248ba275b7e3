import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { demoPupils } from '../../src/demo/pupils.ts';
import { recordCore } from '../../src/demo/sample-record.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { inspectJson } from '../../src/records/inspect-json.ts';

const file = new URL('../vectors/core/core.json', import.meta.url);
const text = z.object({ name: z.string(), text: z.string() });
const schema = z.object({ valid: z.array(text), invalid: z.array(text.extend({ fault: z.string() })) });

// Made from the sample of the demonstration; frozen, so that what schools wrote in version 1 stays readable.
if (process.env['WRITE_CORE_VECTORS'] === 'yes') writeFileSync(file, `${JSON.stringify(make(), null, 2)}\n`);

describe('the JSON core of a 指導要録, version 1', () => {
  const vectors = schema.parse(JSON.parse(readFileSync(file, 'utf8')));

  it.each(vectors.valid)('is accepted: $name', ({ text }) => {
    expect(inspectJson(new TextEncoder().encode(text), 'cumulativeRecordCore').ok).toBe(true);
  });

  it.each(vectors.invalid)('is refused: $name', ({ text, fault }) => {
    const result = inspectJson(new TextEncoder().encode(text), 'cumulativeRecordCore');
    expect(result).toMatchObject({ ok: false, fault: { code: fault } });
  });
});

function make(): z.output<typeof schema> {
  const [pupil] = demoPupils;
  const school = Object.values(demoOrganisations).find(({ code }) => code.startsWith('C1'));
  if (pupil === undefined || school === undefined) throw new Error('no sample');
  const people = { principal: '見本　校長', homeroomTeacher: '見本　担任', guardian: '見本　保護者' };
  const { enrolmentPart, guidancePart, ...needed } = recordCore({ pupil, school, ...people, madeOn: '2027-03-20' });
  const full = { ...needed, enrolmentPart, guidancePart };
  const invalid = (name: string, text: string) => ({ name, text, fault: 'document.core-invalid' });
  const json = JSON.stringify;
  return {
    valid: [
      { name: 'every part', text: json(full) },
      { name: 'the least', text: json(needed) },
      { name: 'enrolment part alone', text: json({ ...needed, enrolmentPart }) },
    ],
    invalid: [
      invalid('another version', json({ ...full, version: '2' })),
      invalid('a name that is not known', json({ ...full, note: '' })),
      invalid('no pupil', json({ ...needed, pupil: undefined })),
      invalid('a day that does not exist', json({ ...full, madeOn: '2027-02-30' })),
      invalid(
        'a school code with a wrong check digit',
        json({ ...needed, school: { ...needed.school, code: 'C100000000000' } }),
      ),
      invalid('a mark that is not A, B or C', json(full).replace('"mark":"A"', '"mark":"S"')),
      { name: 'a name twice', text: json(needed).replace('{', '{"version":"1",'), fault: 'document.damaged' },
      { name: 'cut short', text: json(needed).slice(0, -1), fault: 'document.damaged' },
    ],
  };
}
