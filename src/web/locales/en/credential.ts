import type { credentialJa } from '../ja/credential.ts';

export const credentialEn = {
  'credential.section': 'As a digital credential',
  'credential.section-lead':
    'The same content as data for a wallet. Which items to show is chosen one by one when you use it.',
  'credential.bearer-text': 'It lasts 30 days. Whoever has the file can show it, so do not pass it on or publish it.',
  'credential.download': 'Download the credential',
  'credential.badge-criteria': 'The school has certified that this was studied, and with which result.',
  'credential.exports': 'The transcript in international formats',
  'credential.exports-text':
    'For systems of schools abroad that read these formats. Everything in it can be seen, and it lasts 30 days. Use it only when somebody asks for it.',
  'credential.openBadge-text': 'Open Badges 3.0: the whole transcript as one badge.',
  'credential.learnerRecord-text': 'CLR 2.0: a record of learning, subject by subject.',
  'credential.openBadge': 'Download as Open Badges 3.0',
  'credential.learnerRecord': 'Download as CLR 2.0 (learner record)',
  'credential.type-text':
    'A credential of a certificate that a school has issued. What it shows can be chosen item by item.',
  'credential.claim-school_code': 'School code',
  'credential.claim-document_kind': 'Kind of certificate',
  'credential.claim-school_name': 'School',
  'credential.claim-school_name_english': 'School (English name)',
  'credential.claim-certificate_number': 'Number of the certificate',
  'credential.claim-issued_on': 'Day of issue',
  'credential.claim-asked_kind': 'What had been asked for',
  'credential.claim-official_name': 'Name',
  'credential.claim-kana': 'Name in kana',
  'credential.claim-name_english': 'Name in Latin letters',
  'credential.claim-birthdate': 'Date of birth',
  'credential.claim-course': 'Course',
  'credential.claim-grade': 'Grade',
  'credential.claim-enrolled_on': 'Day of admission',
  'credential.claim-left_on': 'Day of graduation or leaving',
  'credential.claim-assurance': 'Log-in by which it was asked for',
  'credential.claim-subjects': 'Subjects and grades',
} as const satisfies Record<keyof typeof credentialJa, string>;
