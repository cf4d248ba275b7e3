import { describe, expect, it } from 'vitest';
import { claimsOf } from '../../src/certificates/credentials/claims.ts';
import { fieldsOf, hourOf, pickFacts, stateOfShare } from '../../src/certificates/shares/rules.ts';
import { isTicket, newTicket } from '../../src/certificates/shares/share-secrets.ts';
import { shownClaims } from '../../src/certificates/shares/shown-claims.ts';
import { statementFor } from './support/statement.ts';

const now = new Date('2027-04-01T10:59:59Z');
const fresh = { tries: 0, usedAt: null, withdrawnAt: null, expiresAt: new Date('2027-05-01T00:00:00Z') };

describe('what a share shows', () => {
  it('offers each fact that the statement has, and the subjects of each school year', () => {
    expect(fieldsOf(statementFor('transcript'))).toEqual([
      'officialName',
      'kana',
      'nameEnglish',
      'birthDate',
      'course',
      'enrolledOn',
      'leftOn',
      'subjects/2019',
      'subjects/2020',
    ]);
    expect(fieldsOf(statementFor('graduationCertificate'))).not.toContain('enrolledOn');
  });

  it('takes over what was chosen alone', () => {
    const statement = statementFor('transcript');
    const { asked, assurance } = statement;
    expect(pickFacts(statement, ['birthDate', 'subjects/2020'])).toEqual({
      asked,
      assurance,
      birthDate: statement.person.birthDate,
      subjects: statement.subjects.filter(({ schoolYear }) => schoolYear === 2020),
    });
    expect(pickFacts(statement, [])).toEqual({ asked, assurance, subjects: [] });
  });

  it('opens until its end, whichever comes first', () => {
    expect(stateOfShare(fresh, now)).toBe('open');
    expect(stateOfShare({ ...fresh, tries: 9 }, now)).toBe('open');
    expect(stateOfShare({ ...fresh, tries: 10 }, now)).toBe('locked');
    expect(stateOfShare(fresh, fresh.expiresAt)).toBe('expired');
    expect(stateOfShare({ ...fresh, usedAt: now }, now)).toBe('used');
    expect(stateOfShare({ ...fresh, usedAt: now, withdrawnAt: now }, now)).toBe('withdrawn');
  });

  it('counts a view in its hour', () => {
    expect(hourOf(now).toISOString()).toBe('2027-04-01T10:00:00.000Z');
  });
});

describe('what a credential discloses for a share', () => {
  const statement = statementFor('transcript');
  const { fields } = claimsOf(statement, null);
  const shown = (chosen: Parameters<typeof shownClaims>[0]) => {
    const show = shownClaims(chosen, fields);
    return [
      ...Object.keys(fields).filter((name) => name !== 'subjects' && show([name])),
      ...statement.subjects.flatMap((_, index) => (show(['subjects', index]) ? [index] : [])),
    ];
  };
  const ofCertificate = ['school_name', 'school_name_english', 'certificate_number', 'issued_on', 'assurance'];

  it('is what was chosen, and what belongs to the certificate', () => {
    expect(shown(['birthDate', 'subjects/2020'])).toEqual([...ofCertificate.slice(0, -1), 'birthdate', 'assurance', 1]);
    expect(shown([])).toEqual(ofCertificate);
    expect(shownClaims([], fields)(['subjects'])).toBe(false);
  });

  it('has a claim for each fact that can be chosen', () => {
    const all = fieldsOf(statement);
    expect(shown(all)).toEqual([...Object.keys(fields).filter((name) => name !== 'subjects'), 0, 1]);
  });
});

describe('a ticket', () => {
  const key = new Uint8Array(32).fill(7);
  const share = { id: 'a', secretKey: 'b' };

  it('is good for its share, for half an hour, and under its key', () => {
    const ticket = newTicket(key, share, now);
    const within = new Date(now.getTime() + 29 * 60_000);
    expect(isTicket(key, share, { ticket, at: within })).toBe(true);
    expect(isTicket(key, share, { ticket, at: new Date(now.getTime() + 30 * 60_000) })).toBe(false);
    expect(isTicket(key, { ...share, id: 'c' }, { ticket, at: within })).toBe(false);
    expect(isTicket(key, { ...share, secretKey: 'c' }, { ticket, at: within })).toBe(false);
    expect(isTicket(new Uint8Array(32), share, { ticket, at: within })).toBe(false);
    const later = String(Number(ticket.split('.')[0]) + 1);
    expect(isTicket(key, share, { ticket: `${later}.${ticket.split('.')[1]}`, at: within })).toBe(false);
    for (const wrong of ['', '.', 'x', `${ticket}x`])
      expect(isTicket(key, share, { ticket: wrong, at: within })).toBe(false);
  });
});
