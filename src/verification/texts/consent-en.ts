import type { consentJa } from './consent-ja.ts';

/** What a verification found of a consent, in English. */
export const consentEn: Readonly<Record<keyof typeof consentJa, string>> = {
  'file.consent': 'record of consent',
  'reason.consent-malformed': 'it cannot be read as a record of consent',
  'reason.consent-by-gateway':
    'the gateway has signed it, not the person: it proves that the gateway recorded the consent by that log-in, and that nobody has changed it since',
  'reason.consent-text-elsewhere': 'the words that the person was shown were another program’s and are not in it',
  'facts.request': 'request',
  'facts.relation': 'as whom',
  'facts.fields': 'what the certificate says',
  'facts.purpose': 'purpose',
  'facts.copies': 'copies',
  'facts.text': 'words shown',
  'facts.textSha256': 'SHA-256 of the words shown',
  'facts.assurance': 'strength of the log-in',
  'facts.loggedInAt': 'logged in',
  'facts.consentedAt': 'consented',
};
