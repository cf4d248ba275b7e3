import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actsForMinor,
  bornUntil,
  checkNumberFrom,
  consentUntil,
  entitlementOf,
  guardianParts,
  isAskerTold,
  isInForce,
  isOfAge,
  isTold,
  lastDayBefore,
  ofAgeFrom,
  partsOf,
  sameName,
  sightOf,
  standingOf,
} from '../../src/identity/guardians/rules.ts';

const inForce = { state: 'confirmed', validFrom: '2026-04-01', validUntil: null, consent: null } as const;
const minor = { birthDate: '2011-04-02', day: '2026-11-21' };

describe('coming of age', () => {
  it.each([
    // 民法4条: of age on the 18th birthday, that is when the day before it ends (年齢計算ニ関スル法律).
    ['2008-04-29', '2026-04-29'],
    ['2008-04-01', '2026-04-01'],
    ['2008-12-31', '2026-12-31'],
    ['2009-01-01', '2027-01-01'],
    // 民法143条2項: a year without the day ends with its month.
    ['2008-02-29', '2026-03-01'],
    ['2008-02-28', '2026-02-28'],
    ['2008-03-01', '2026-03-01'],
    // Eighteen years later is a leap year.
    ['2010-02-28', '2028-02-28'],
    ['2010-03-01', '2028-03-01'],
  ])('is reached by whoever was born on %s with the first moment of %s', (birthDate, day) => {
    expect(ofAgeFrom(birthDate)).toBe(day);
    expect(isOfAge(birthDate, day)).toBe(true);
    const before = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    expect(isOfAge(birthDate, before)).toBe(false);
  });

  it('is the same asked from either end, for every birth date', () => {
    const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2040-12-31'), noInvalidDate: true });
    const text = days.map((at) => at.toISOString().slice(0, 10));
    fc.assert(
      fc.property(text, text, (birthDate, day) => {
        expect(isOfAge(birthDate, day)).toBe(birthDate <= bornUntil(day));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('the last day of a consent', () => {
  it('is a year ahead, and 28 February after a 29th', () => {
    expect(['2026-11-29', '2027-02-28', '2028-02-29'].map(consentUntil)).toEqual([
      '2027-11-29',
      '2028-02-28',
      '2029-02-28',
    ]);
  });
});

describe('the standing of a guardian', () => {
  it('follows state, days and the pupil’s age', () => {
    expect(standingOf(inForce, minor)).toBe('confirmed');
    expect(standingOf({ ...inForce, validFrom: '2026-11-22' }, minor)).toBe('notYet');
    expect(standingOf({ ...inForce, validUntil: '2026-11-20' }, minor)).toBe('over');
    expect(standingOf({ ...inForce, validUntil: '2026-11-21' }, minor)).toBe('confirmed');
    expect(standingOf(inForce, { ...minor, day: '2029-04-01' })).toBe('confirmed');
    expect(standingOf(inForce, { ...minor, day: '2029-04-02' })).toBe('ofAge');
    const consent = { givenOn: '2029-04-02', until: '2029-05-01' };
    expect(standingOf({ ...inForce, consent }, { ...minor, day: '2029-05-01' })).toBe('granted');
    expect(standingOf({ ...inForce, consent }, { ...minor, day: '2029-05-02' })).toBe('ofAge');
    // What somebody gave the day before they were of age counts for nothing.
    const early = { ...consent, givenOn: '2029-04-01' };
    expect(standingOf({ ...inForce, consent: early }, { ...minor, day: '2029-05-01' })).toBe('ofAge');
    // Nobody is known to be a minor when the pupil is not there.
    expect(standingOf(inForce, { ...minor, birthDate: null })).toBe('ofAge');
    for (const state of ['pending', 'disputed', 'ended'] as const) {
      expect(standingOf({ ...inForce, state, consent: { givenOn: '2029-04-02', until: '2099-01-01' } }, minor)).toBe(
        state,
      );
    }
  });

  it('gives nothing without the confirmation of the link, whatever the record says', () => {
    const guardian = { ...inForce, seesRecords: true, seesHealth: false, seesLedger: true };
    const link = {
      pupilId: 'p',
      relation: 'guardian',
      isConfirmed: true,
      guardian,
      birthDate: minor.birthDate,
    } as const;
    expect(entitlementOf(link, minor.day)).toEqual({
      pupilId: 'p',
      relation: 'guardian',
      scope: ['records', 'ledger'],
    });
    // Of age, the pupil alone says how much.
    const granted = {
      ...guardian,
      consent: { givenOn: '2029-04-02', until: '2029-05-01', scope: ['health'] },
    } as const;
    expect(entitlementOf({ ...link, guardian: granted }, '2029-05-01')?.scope).toEqual(['health']);
    expect(entitlementOf({ ...link, guardian: granted }, '2029-05-02')).toBeNull();
    expect(entitlementOf({ ...link, isConfirmed: false }, minor.day)).toBeNull();
    expect(entitlementOf({ ...link, guardian: null }, minor.day)).toBeNull();
    expect(entitlementOf({ ...link, relation: 'self', guardian: null }, minor.day)?.scope).toHaveLength(3);
    expect(entitlementOf({ ...link, relation: 'self', isConfirmed: false }, minor.day)).toBeNull();
  });

  it('tells those with custody, and of coming of age everybody whose access ends', () => {
    expect(isTold('joint', 'confirmed', 'link-made')).toBe(true);
    expect(isTold('none', 'confirmed', 'link-made')).toBe(false);
    expect(isTold('sole', 'disputed', 'link-made')).toBe(false);
    expect(isTold('sole', 'ofAge', 'link-made')).toBe(false);
    expect(isTold('none', 'ofAge', 'majority-reached')).toBe(true);
    expect(isTold('sole', 'disputed', 'majority-reached')).toBe(false);
    // What a pupil of age gives one is nothing to another.
    expect(isTold('sole', 'granted', 'access-granted')).toBe(false);
    expect(isTold('sole', 'granted', 'access-withdrawn')).toBe(false);
    expect(isTold('none', 'ofAge', 'majority-ahead')).toBe(true);
    expect(isTold('sole', 'ofAge', 'access-withdrawn')).toBe(false);
  });

  it('tells whoever asked for a certificate what becomes of it, also when the pupil is of age since', () => {
    expect((['confirmed', 'granted', 'ofAge'] as const).filter(isAskerTold)).toHaveLength(3);
    expect((['pending', 'notYet', 'disputed', 'over', 'ended'] as const).filter(isAskerTold)).toEqual([]);
  });

  it('lets those act in a minor’s name who have custody, or are guardian by law', () => {
    expect(actsForMinor({ custody: 'joint', relation: 'mother' }, 'confirmed')).toBe(true);
    expect(actsForMinor({ custody: 'sole', relation: 'other' }, 'confirmed')).toBe(true);
    expect(actsForMinor({ custody: 'none', relation: 'other' }, 'confirmed')).toBe(false);
    expect(actsForMinor({ custody: 'none', relation: 'minorGuardian' }, 'confirmed')).toBe(true);
    // A pupil of age acts alone, whatever they let be seen.
    expect(actsForMinor({ custody: 'sole', relation: 'father' }, 'granted')).toBe(false);
    expect(actsForMinor({ custody: 'none', relation: 'minorGuardian' }, 'disputed')).toBe(false);
  });

  it('takes names that differ in blanks and widths for one', () => {
    expect(sameName('春野　桜子', '春野 桜子')).toBe(true);
    expect(sameName('ＨＡＲＵＮＯ', 'HARUNO')).toBe(true);
    expect(sameName('春野　桜子', '春野　桜')).toBe(false);
  });
});

describe('what a record says', () => {
  it('counts or waits to as long as nobody disputes or has ended it', () => {
    const states = ['pending', 'confirmed', 'disputed', 'ended'] as const;
    expect(states.filter(isInForce)).toEqual(['pending', 'confirmed']);
  });

  it('stands in the parts of its form, each once and in their order', () => {
    expect(partsOf([])).toEqual([]);
    expect(partsOf(['validUntil', 'seesLedger', 'seesRecords', 'contactMail', 'name'])).toEqual([
      'name',
      'mail',
      'scope',
      'period',
    ]);
    const all = ['validFrom', 'seesHealth', 'custody', 'relation', 'kana', 'name', 'contactMail'] as const;
    expect(partsOf(all)).toEqual(guardianParts);
  });

  it('lets see exactly what is named', () => {
    expect(sightOf([])).toEqual({ seesRecords: false, seesHealth: false, seesLedger: false });
    expect(sightOf(['health'])).toEqual({ seesRecords: false, seesHealth: true, seesLedger: false });
    expect(sightOf(['records', 'ledger'])).toEqual({ seesRecords: true, seesHealth: false, seesLedger: true });
  });

  it('has a number of six digits to be told, and ends the day before', () => {
    expect([0, 7, 999_999, 1_000_000, 4_294_967_295].map((one) => checkNumberFrom(Uint32Array.of(one)))).toEqual([
      '000000',
      '000007',
      '999999',
      '000000',
      '967295',
    ]);
    expect(['2026-04-01', '2026-01-01', '2028-03-01'].map(lastDayBefore)).toEqual([
      '2026-03-31',
      '2025-12-31',
      '2028-02-29',
    ]);
  });
});
