import { describe, expect, it } from 'vitest';
import { deadlinesOf, insuranceDueOn, outcomeOf, waitsFor } from '../../src/transfers/progress/rules.ts';
import { caseStates } from '../../src/transfers/tables.ts';

describe('deadlines of a delivery', () => {
  it('stand on the 3rd, 9th, 14th, 15th and 30th school day', () => {
    // Friday, 27 March 2026: no holiday until 29 April.
    expect(deadlinesOf('2026-03-27', [])).toEqual({
      reminders: ['2026-04-01', '2026-04-09', '2026-04-16'],
      dueOn: '2026-04-17',
      // 29 April, 4 to 6 May are holidays.
      lostOn: '2026-05-14',
    });
  });

  it('pass over the days on which the receiving board has closed its schools', () => {
    const spring = [{ firstDay: '2027-03-26', lastDay: '2027-04-06' }];
    expect(deadlinesOf('2027-03-31', spring).reminders[0]).toBe('2027-04-09');
    expect(deadlinesOf('2027-04-01', spring)).toEqual(deadlinesOf('2027-03-31', spring));
  });

  it('never come before one another, from whatever day', () => {
    for (let year = 2026; year <= 2036; year++) {
      for (const day of ['01-01', '02-29', '03-31', '04-01', '04-28', '08-10', '09-18', '12-28'] as const) {
        const { reminders, dueOn, lostOn } = deadlinesOf(`${year}-${day === '02-29' ? '02-28' : day}`, []);
        const all = [...reminders, dueOn, lostOn];
        expect(all).toEqual(all.toSorted());
        expect(new Set(all).size).toBe(5);
      }
    }
  });

  it('for the accident insurance is the 10th of the following month', () => {
    expect(insuranceDueOn('2026-03-31')).toBe('2026-04-10');
    expect(insuranceDueOn('2026-04-01')).toBe('2026-05-10');
    expect(insuranceDueOn('2026-12-31')).toBe('2027-01-10');
  });
});

describe('the outcome of a delivery', () => {
  const facts = { state: 'deposited', verdict: null, wasInTime: false, isLost: false } as const;

  it('is in time or late once it is acknowledged, whatever day it is', () => {
    expect(outcomeOf({ ...facts, state: 'acknowledged', verdict: 'valid', wasInTime: true, isLost: true })).toBe(
      'inTime',
    );
    expect(outcomeOf({ ...facts, state: 'acknowledged', verdict: 'valid', isLost: true })).toBe('late');
  });

  it('is a technical failure when what arrived is not what was sent', () => {
    expect(outcomeOf({ ...facts, state: 'opened', verdict: 'invalid' })).toBe('technicalFailure');
    expect(outcomeOf({ ...facts, state: 'opened', verdict: 'unclear' })).toBe('pending');
  });

  it('is a failure of procedure when nobody took it in until the last day', () => {
    for (const state of ['deposited', 'opened'] as const) {
      expect(outcomeOf({ ...facts, state })).toBe('pending');
      expect(outcomeOf({ ...facts, state, isLost: true })).toBe('processFailure');
    }
  });

  it('is settled in exactly the states that wait for nobody', () => {
    for (const state of caseStates) {
      const outcome = outcomeOf({ ...facts, state });
      expect([state, outcome === 'pending']).toEqual([state, waitsFor(state) !== null]);
    }
  });
});
