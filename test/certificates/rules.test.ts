import { describe, expect, it } from 'vitest';
import { registerFacts } from '../../src/certificates/facts.ts';
import { draftFromCore } from '../../src/certificates/from-core.ts';
import { planRegisterImport } from '../../src/certificates/plan-import.ts';
import { certifiable, lastDayOf } from '../../src/certificates/rules.ts';
import { parseSubjects, subjectsText } from '../../src/certificates/subjects-text.ts';
import { certificateKinds, templateKinds } from '../../src/records/certificate-kinds.ts';
import vectors from '../vectors/core/core.json' with { type: 'json' };

const enrolled = registerFacts.parse({
  number: '1',
  officialName: '見本　花子',
  kana: 'ミホン　ハナコ',
  birthDate: '2002-04-02',
  enrolledOn: '2018-04-08',
  subjects: [{ schoolYear: 2020, name: '国語', credits: 4, grade: 5 }],
});
const graduate = { ...enrolled, leftOn: '2021-03-10', leaving: 'graduated' } as const;

function answers(facts: typeof enrolled, today: string): Record<string, string> {
  return Object.fromEntries(
    certificateKinds.map((kind) => {
      const answer = certifiable(kind, facts, today);
      return [
        kind,
        answer.can ? `${answer.kind}${answer.until === null ? '' : ` until ${answer.until}`}` : answer.reason,
      ];
    }),
  );
}

describe('what a school can certify', () => {
  it('is, of a pupil, that they are enrolled and what they learn, not that they graduated', () => {
    expect(answers(enrolled, '2020-10-01')).toEqual({
      graduationCertificate: 'not-fulfilled',
      completionCertificate: 'not-fulfilled',
      enrolmentCertificate: 'enrolmentCertificate',
      enrolmentPeriodCertificate: 'enrolmentPeriodCertificate',
      transcript: 'transcript',
      creditCertificate: 'creditCertificate',
      studentFareCertificate: 'studentFareCertificate',
      admissionReport: 'school-only',
    });
  });

  it('is, of a graduate, each kind for its own term from the end of the school year', () => {
    const always = {
      graduationCertificate: 'graduationCertificate',
      completionCertificate: 'not-fulfilled',
      enrolmentCertificate: 'not-fulfilled',
      enrolmentPeriodCertificate: 'enrolmentPeriodCertificate',
      studentFareCertificate: 'not-fulfilled',
      admissionReport: 'school-only',
    };
    const credits = 'creditCertificate until 2041-03-31';
    expect(answers(graduate, '2026-03-31')).toEqual({
      ...always,
      transcript: 'transcript until 2026-03-31',
      creditCertificate: credits,
    });
    expect(answers(graduate, '2026-04-01')).toEqual({
      ...always,
      transcript: 'inabilityCertificate',
      creditCertificate: credits,
    });
    expect(answers(graduate, '2041-03-31')['creditCertificate']).toBe(credits);
    expect(answers(graduate, '2041-04-01')['creditCertificate']).toBe('inabilityCertificate');
    expect(answers(graduate, '2099-04-01')).toMatchObject(always);
  });

  it('is nothing before the day of admission, and no graduation before the ceremony', () => {
    expect(certifiable('enrolmentCertificate', enrolled, '2018-04-07')).toEqual({ can: false, reason: 'future' });
    expect(certifiable('graduationCertificate', graduate, '2021-03-09').can).toBe(false);
    expect(certifiable('enrolmentCertificate', graduate, '2021-03-09').can).toBe(true);
    expect(certifiable('graduationCertificate', graduate, '2021-03-10').can).toBe(true);
  });

  it('says the inability where the subjects are no longer kept, and nothing where there never were any', () => {
    const bare = { ...graduate, subjects: [] };
    expect(certifiable('transcript', bare, '2030-01-01')).toMatchObject({ kind: 'inabilityCertificate' });
    expect(certifiable('transcript', { ...enrolled, subjects: [] }, '2020-10-01').can).toBe(false);
    const noCredits = { ...enrolled, subjects: [{ schoolYear: 2020, name: '国語', credits: null, grade: 5 }] };
    expect(certifiable('creditCertificate', noCredits, '2020-10-01').can).toBe(false);
  });

  it('counts the years from the end of the school year, which ends on 31 March', () => {
    expect(lastDayOf('2021-03-31', 5)).toBe('2026-03-31');
    expect(lastDayOf('2021-04-01', 5)).toBe('2027-03-31');
  });

  it('gives the admission report no template: it goes from school to school', () => {
    expect(templateKinds).not.toContain('admissionReport');
    expect(templateKinds).toContain('inabilityCertificate');
  });
});

describe('what is typed and loaded', () => {
  it('reads subjects line by line and writes them back', () => {
    const text = '2024:国語:4:5\n2025:数学:2.5:';
    const subjects = parseSubjects(`${text.replace('\n', '；')}；\n`);
    expect(subjects).toHaveLength(2);
    expect(subjectsText(subjects ?? [])).toBe(text);
    for (const wrong of ['国語', '2024:', '2024:国語:四', '2024:国語:4:5:6', ':国語:4:5']) {
      expect([wrong, parseSubjects(wrong)]).toEqual([wrong, null]);
    }
  });

  it('begins an entry from the core of a cumulative record, and from nothing else', () => {
    const [whole] = vectors.valid;
    const draft = draftFromCore(JSON.parse(whole?.text ?? ''));
    expect(draft).toMatchObject({
      ok: true,
      value: { officialName: '葛\u{E0100}城　さくら', kana: 'カツラギ　サクラ', enrolledOn: '2024-04-08' },
    });
    expect(draftFromCore({ version: '1' })).toMatchObject({ ok: false, fault: { code: 'document.core-invalid' } });
    expect(draftFromCore(null)).toMatchObject({ fault: { params: { where: 'JSON' } } });
  });

  it('plans a CSV by either name of its columns, in any order, and names what is wrong in each line', () => {
    const line = (number: number, ...fields: string[]) => ({ line: number, fields });
    const header = line(1, '生年月日', 'number', '氏名', 'kana', 'leftOn', '区分', '科目', '入学日');
    const planned = planRegisterImport([
      header,
      line(2, '2009年4月2日', '1', '見本　花子', 'ミホン', '', '', '2024:国語:4:5', '2025/4/8'),
      line(3, '2009-02-30', '2', '', 'ミホン', '', '', 'x', ''),
      line(4, '2009-04-02', '1', '見本', 'ミホン', '', '', '', ''),
      line(5, '2009-04-02', '3', '見本', 'ミホン', '2026-03-10', '', '', ''),
      line(6, '2009-04-02', '4', '見本', 'ミホン', '2024-03-10', '卒業', '', '2025-04-08'),
      line(7, '2025-04-09', '5', '見本', 'ミホン', '', '', '', '2025-04-08'),
      line(8, '2009-04-02', '6'),
      line(9, '2009-04-02', '7', '', 'ミホン', '', '', '', ''),
      line(10, '2009-04-02', '8', '見本', 'ミホン', '2026-03-10', '修了', '', ''),
    ]);
    const lines = planned.ok ? planned.value : [];
    expect(lines.map(({ faults }) => faults.join(' '))).toEqual([
      '',
      'birthDate subjects',
      'twice',
      'leaving',
      'order',
      'birth',
      'columns',
      'name',
      '',
    ]);
    expect(lines[0]?.facts).toMatchObject({ birthDate: '2009-04-02', enrolledOn: '2025-04-08' });
    expect(lines[8]?.facts).toMatchObject({ leaving: 'completed' });
    expect(planRegisterImport([line(1, 'number', 'name')])).toEqual({ ok: false, fault: 'header' });
    const many = Array.from({ length: 501 }, (_, at) => line(at + 2, '', '', '', '', '', '', '', ''));
    expect(planRegisterImport([header, ...many])).toEqual({ ok: false, fault: 'long' });
  });
});
