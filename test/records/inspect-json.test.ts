import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoPupils } from '../../src/demo/pupils.ts';
import { recordCore, type SampleSubject } from '../../src/demo/sample-record.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { inspectJson } from '../../src/records/inspect-json.ts';

function codeOf(text: string | Uint8Array, kind: 'other' | 'cumulativeRecordCore' = 'other'): string {
  const result = inspectJson(typeof text === 'string' ? new TextEncoder().encode(text) : text, kind);
  return result.ok ? 'passes' : result.fault.code;
}

describe('JSON', () => {
  it('passes one value in UTF-8', () => {
    for (const text of [
      '{}',
      ' [1, 2.5e3, "髙﨑 𠮷", null, true]\n',
      '"x"',
      '0',
      '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    ]) {
      expect(codeOf(text)).toBe('passes');
    }
  });

  it('refuses cp932 that was declared as UTF-8, UTF-16 and a BOM', () => {
    // {"名":"山"} in cp932
    const cp932 = Uint8Array.of(0x7b, 0x22, 0x96, 0xbc, 0x22, 0x3a, 0x22, 0x8e, 0x52, 0x22, 0x7d);
    expect(codeOf(cp932)).toBe('document.encoding');
    expect(codeOf(Buffer.from('\uFEFF{}', 'utf16le'))).toBe('document.encoding');
    expect(codeOf('\uFEFF{}')).toBe('document.encoding');
  });

  it('refuses other formats, broken JSON, two values and names given twice', () => {
    expect(codeOf('<xml/>')).toBe('document.not-what-it-says');
    expect(codeOf('')).toBe('document.not-what-it-says');
    for (const text of [
      '{',
      '{"a":1,}',
      '{} {}',
      "{'a':1}",
      '{"a":1 /* x */}',
      '"abc',
      '[NaN]',
      'true false',
      '{"a":"\n"}',
    ]) {
      expect(codeOf(text)).toBe('document.damaged');
    }
    expect(codeOf('{"a":1,"b":{"x":1},"a":2}')).toBe('document.damaged');
    expect(codeOf('{"a":1,"\\u0061":2}')).toBe('document.damaged');
    expect(codeOf('[{"k":"a"},{"k":"a:{"},{"a":"\\"k","k":1}]')).toBe('passes');
  });

  it('refuses what is nested more than 64 deep, and reads braces in strings as text', () => {
    expect(codeOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe('passes');
    expect(codeOf(`${'['.repeat(65)}${']'.repeat(65)}`)).toBe('document.too-complex');
    expect(codeOf('['.repeat(1_000_000))).toBe('document.too-complex');
    expect(codeOf(JSON.stringify('['.repeat(1_000)))).toBe('passes');
    expect(codeOf(`"${'\\"'.repeat(500_000)}`)).toBe('document.damaged');
  });

  it('passes whatever JSON.stringify writes, and answers everything else without an error', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(codeOf(JSON.stringify(value))).toBe('passes');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(codeOf(bytes)).toMatch(/^(passes|document\.)/);
      }),
    );
  });
});

const [pupil] = demoPupils;
if (pupil === undefined) throw new Error('the demonstration has no pupil');
const subject: SampleSubject = {
  pupil,
  school: demoOrganisations.juniorHigh,
  principal: '見本　一郎',
  homeroomTeacher: '見本　二郎',
  guardian: '見本　花子',
  madeOn: '2027-03-15',
};

describe('the core of a 指導要録', () => {
  function refusedAt(change: (core: ReturnType<typeof recordCore>) => unknown): string | undefined {
    const changed = JSON.stringify(change(structuredClone(recordCore(subject))));
    const result = inspectJson(new TextEncoder().encode(changed), 'cumulativeRecordCore');
    return result.ok ? undefined : `${result.fault.code} ${result.fault.params?.['where'] ?? ''}`;
  }

  it.each(demoPupils.map((each) => [each.displayName, each] as const))('passes for the sample of %s', (_name, each) => {
    expect(codeOf(JSON.stringify(recordCore({ ...subject, pupil: each })), 'cumulativeRecordCore')).toBe('passes');
  });

  it('may leave out both parts, but not who it is about', () => {
    expect(refusedAt(({ enrolmentPart: _e, guidancePart: _g, ...core }) => core)).toBeUndefined();
    expect(refusedAt(({ pupil: _p, ...core }) => core)).toBe('document.core-invalid /pupil');
    expect(refusedAt(({ version: _v, ...core }) => core)).toBe('document.core-invalid /version');
  });

  it('refuses mistyped members, days that do not exist and school codes that are none, and says where', () => {
    expect(refusedAt((core) => ({ ...core, guidancePrat: {} }))).toBe('document.core-invalid /guidancePrat');
    expect(refusedAt((core) => ({ ...core, pupil: { ...core.pupil, birthDate: '2011-02-30' } }))).toBe(
      'document.core-invalid /pupil/birthDate',
    );
    expect(refusedAt((core) => ({ ...core, school: { ...core.school, code: 'C139290001201' } }))).toBe(
      'document.core-invalid /school/code',
    );
    expect(refusedAt((core) => ({ ...core, version: '2' }))).toBe('document.core-invalid /version');
  });

  it('never repeats a value of the record in the fault', () => {
    const core = { ...recordCore(subject), pupil: { ...recordCore(subject).pupil, birthDate: '秘密の値' } };
    const result = inspectJson(new TextEncoder().encode(JSON.stringify(core)), 'cumulativeRecordCore');
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('秘密');
  });

  it('is asked of the core only: any JSON may be another document', () => {
    expect(codeOf('{"free":"form"}')).toBe('passes');
    expect(codeOf('{"free":"form"}', 'cumulativeRecordCore')).toBe('document.core-invalid');
  });
});
