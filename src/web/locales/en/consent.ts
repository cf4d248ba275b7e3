import type { consentJa } from '../ja/consent.ts';

export const consentEn = {
  'consent.title': 'Your consent, once of age',
  'consent.lead':
    'Once you are of age, guardians see nothing. If one of them may go on, say how much and until when. You can take it back at any time.',
  'consent.door': 'Consent for former guardians',
  'consent.none': 'No school has confirmed you as its pupil',
  'consent.none-text': 'Only whom a school has confirmed to be the pupil can give consent.',
  'consent.minor': 'You can give consent from {day}. Until then the school’s records decide.',
  'consent.give': 'Give consent',
  'consent.give-button': 'Give consent',
  'consent.nobody': 'There is nobody to whom you can give consent now',
  'consent.nobody-text':
    'Either the school has confirmed no guardian, or you have given consent already. If somebody is missing, ask the school.',
  'consent.guardian': 'To whom',
  'consent.until': 'Last day',
  'consent.until-hint': 'Up to {day}.',
  'consent.day-missing': 'Enter a date.',
  'consent.day-passed': 'This day has passed.',
  'consent.too-long': 'Not more than a year ahead.',
  'consent.list': 'Given so far',
  'consent.list-none': 'You have given none',
  'consent.given-at': 'Given',
  'consent.state-inForce': 'In force',
  'consent.state-resting': 'Without effect (the school’s record does not stand)',
  'consent.state-over': 'Over',
  'consent.state-withdrawn': 'Taken back',
  'consent.withdraw': 'Take back',
  'consent.given': 'Given. The guardian is told.',
  'consent.withdrawn': 'Taken back. The guardian sees nothing from the next step on.',
  'consent.on-record': 'The pupil’s consent',
  'consent.on-record-text': 'Given on {from}, until {until}',
} as const satisfies Record<keyof typeof consentJa, string>;
