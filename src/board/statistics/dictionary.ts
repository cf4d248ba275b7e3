/** What each column of the figures means; the page, the JSON and docs/statistics.md say the same. */
export const statisticsColumns = [
  'month',
  'prefecture',
  'kind',
  'deposited',
  'inTime',
  'notInTime',
  'sentBack',
  'inTimePercent',
  'medianHours',
] as const;
