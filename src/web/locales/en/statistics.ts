import type { statisticsJa } from '../ja/statistics.ts';

export const statisticsEn: Readonly<Record<keyof typeof statisticsJa, string>> = {
  'statistics.title': 'Open statistics',
  'statistics.lead':
    'Whether records between schools arrive in time, for the whole country. A month is published once and never changed. No personal data.',
  'statistics.none': 'No month has been published yet',
  'statistics.none-text':
    'A month is published when it is over and the time of every transfer deposited in it (30 school days) has passed.',
  'statistics.trend': 'The whole country, month by month',
  'statistics.chart-label':
    'Chart of the share acknowledged in time, by month. The table below holds the same numbers.',
  'statistics.chart-hidden': 'X: a month for which no share is shown',
  'statistics.of-month': '{month}, by prefecture and kind',
  'statistics.nation': 'Whole country',
  'statistics.published': 'Published on',
  'statistics.hours': '{count} h',
  'statistics.dictionary': 'What the columns mean',
  'statistics.dictionary-lead':
    'With their names in CSV and JSON. A missing value (X in CSV, null in JSON) is kept back.',
  'statistics.month': 'Month',
  'statistics.month-text': 'Of the deposit, in Japan.',
  'statistics.prefecture': 'Prefecture',
  'statistics.prefecture-text':
    'Of the sending school (JIS X 0401); * or null: the whole country. Where the receiving school lies is not used.',
  'statistics.kind': 'Kind',
  'statistics.kind-text': 'advancement (進学) or schoolTransfer (転学); * or null: both.',
  'statistics.deposited': 'Deposited',
  'statistics.deposited-text': 'Transfers deposited in the month. One that is sent again counts again.',
  'statistics.inTime': 'In time',
  'statistics.inTime-text': 'Acknowledged within 15 school days, counted from the day after the deposit.',
  'statistics.notInTime': 'Not in time',
  'statistics.notInTime-text':
    'Acknowledged later, or not within 30 school days; with those whose content failed verification.',
  'statistics.sentBack': 'Sent back',
  'statistics.sentBack-text': 'Returned unopened by the receiver, or withdrawn by the sender before it was opened.',
  'statistics.inTimePercent': 'Share in time',
  'statistics.inTimePercent-text': 'In time ÷ (in time + not in time), per cent, rounded down.',
  'statistics.medianHours': 'Median until acknowledged',
  'statistics.medianHours-text':
    'Median time from deposit to acknowledgement, in whole hours; only where ten or more were in time.',
};
