import type { calendarJa } from '../ja/calendar.ts';

export const calendarEn: Readonly<Record<keyof typeof calendarJa, string>> = {
  'calendar.title': 'Calendar of school days',
  'calendar.lead':
    'Deadlines count school days. Week-ends, public holidays, 29 December to 3 January and the closures below do not count. A deadline that stands does not move.',
  'calendar.closures': 'Closures',
  'calendar.none': 'No closures have been entered',
  'calendar.none-text': 'Enter the days on which the board’s schools are closed, such as vacations.',
  'calendar.name': 'Name',
  'calendar.day': 'Day',
  'calendar.firstDay': 'First day',
  'calendar.lastDay': 'Last day',
  'calendar.change': 'Change',
  'calendar.add': 'Enter a closure',
  'calendar.remove': 'Take back',
  'calendar.holidays': 'Public holidays of school year {year}',
  'calendar.holidays-lead': 'By the Act on National Holidays. 休日 are substitute and bridge holidays.',
};
