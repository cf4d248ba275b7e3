import type { CaseState } from './tables.ts';

/** A class has 40 pupils at most, a year of a large school some 200: more at once is no slip of one hand. */
export const maxWithdrawals = 200;

export const withdrawalOutcomes = ['withdrawn', 'alreadyOpened', 'notWithdrawable', 'notFound'] as const;
export type WithdrawalOutcome = (typeof withdrawalOutcomes)[number];

/** Why a case of the own school that was not withdrawn is not. */
export function outcomeOfState(state: CaseState): 'alreadyOpened' | 'notWithdrawable' {
  return state === 'opened' || state === 'acknowledged' ? 'alreadyOpened' : 'notWithdrawable';
}
