import { describe, expect, it } from 'vitest';
import { fault, faultCodes, publicFault } from '../../src/faults.ts';
import { problemOf, wantsProblem } from '../../src/web/problem.ts';
import { publicCodes } from '../../src/web/problem-guide.tsx';
import { ProblemPage } from '../../src/web/problem-page.tsx';
import { staffFrame } from './gallery/frame.tsx';

describe('a fault as RFC 9457 problem', () => {
  it('says type, title, status, advice, code and number, in the language of the reader', () => {
    expect(problemOf(fault('case.not-found'), 'en', 'r1')).toEqual({
      type: '/problems/case.not-found',
      title: 'Not found',
      status: 404,
      detail: 'Check the number.',
      code: 'case.not-found',
      requestId: 'r1',
    });
    expect(problemOf(fault('case.not-found'), 'ja', 'r1').title).toBe('見つかりません');
  });

  it('fills in the values of the fault', () => {
    const problem = problemOf(fault('request.too-large', { params: { limit: '200 MB' } }), 'en', 'r1');
    expect(problem.detail).toBe('Send at most 200 MB.');
  });

  it('names the wrong fields, by key or by text', () => {
    const fields = { code: 'component.required', '/pupil/kana': 'Too long' };
    expect(problemOf(fault('request.malformed', { fields }), 'en', 'r1').errors).toEqual([
      { field: 'code', message: 'Required' },
      { field: '/pupil/kana', message: 'Too long' },
    ]);
  });

  it('never carries what only the log may know', () => {
    for (const code of faultCodes) {
      const text = JSON.stringify(problemOf(fault(code, { detail: 'secret reason' }), 'ja', 'r1'));
      expect(text).not.toContain('secret reason');
      const shown = publicFault(code).code;
      if (shown !== code) expect(text).not.toContain(`"${code}"`);
    }
  });

  it('leaves no place unfilled in any code and language', () => {
    for (const code of faultCodes) {
      for (const locale of ['ja', 'en'] as const)
        expect(JSON.stringify(problemOf(fault(code), locale, ''))).not.toMatch(/\{\w+\}/);
    }
  });

  it('has a page for every code that the outside can meet, and no other', () => {
    expect(publicCodes().every((code) => publicFault(code).code === code)).toBe(true);
    expect(publicCodes()).not.toContain('nothing');
  });
});

describe('who gets problem+json', () => {
  it.each([
    ['/api/cases', 'text/html', true],
    ['/api', undefined, true],
    ['/apiary', 'text/html', false],
    ['/cases', 'text/html,application/xhtml+xml,*/*;q=0.8', false],
    ['/cases', 'application/json', true],
    ['/cases', 'application/problem+json', true],
    ['/cases', undefined, false],
    ['/cases', 'text/html, application/json', false],
  ])('%s with Accept %s: %s', (path, accept, expected) => {
    expect(wantsProblem(path, accept)).toBe(expected);
  });
});

describe('the page for a refusal', () => {
  it('shows text, number and one next step, and escapes what people typed', () => {
    const frame = { ...staffFrame('en', '/cases/1?x=<b>'), actor: null };
    const hostile = fault('request.malformed', { fields: { name: '<img src=x>' } });
    const html = render(<ProblemPage {...frame} fault={hostile} requestId="<r>" />);
    expect(html).toContain('&lt;img src=x&gt;');
    expect(html).toContain('&lt;r&gt;');
    expect(html).not.toContain('<img');
    const refused = render(<ProblemPage {...frame} fault={fault('login.required')} requestId="r1" />);
    expect(refused).toMatch(/<a class="button button-primary" href="\/login">/);
  });
});

function render(page: { toString(): string | Promise<string> }): string {
  // Sound: no component here is asynchronous.
  return page.toString() as string;
}
