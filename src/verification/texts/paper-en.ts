import type { paperJa } from './paper-ja.ts';

export const paperEn: Record<keyof typeof paperJa, string> = {
  'file.certificateProof': 'code of a certificate',
  'verdict.state': 'the certificate as it stands now',
  'verdict.pair': 'PDF and code together',
  'says.state.valid': 'By the issuer’s record of this moment it is a valid certificate.',
  'says.state.invalid': 'By the issuer’s record of this moment it is no valid certificate.',
  'says.state.notChecked': 'Whether it has been revoked or replaced could not be checked.',
  'says.pair.valid': 'Code and PDF are of the same certificate.',
  'says.pair.invalid': 'The code is of another certificate than the PDF chosen with it.',
  'says.pair.notChecked': 'Whether code and PDF are of the same certificate could not be checked.',
  'next.state.invalid': 'Next: do not use it; have the new one shown to you, or ask the school that issued it.',
  'next.state.notChecked':
    'Next: read the other QR code of the certificate, or type the code on the paper at the issuer’s /verify, to see how it stands now.',
  'next.pair.invalid':
    'Next: do not believe the paper; ask the school that issued it. The code may have been copied from another one.',
  'next.pair.notChecked': 'Next: compare the numbers yourself.',
  'reason.seal-missing':
    'the certificate of this school’s seal (its public key) is not at hand: verify it at the issuer’s /verify, or choose together with it the file saved from /verify/seals/ (by the command: --seal)',
  'reason.seal-ended':
    'the certificate of the seal has run out; without a time stamp nobody can say that the code on the paper was made before that',
  'reason.issuer-other-school': 'it is the seal of another school',
  'reason.state-not-asked':
    'how it stands now has not been asked yet (with the command: --fetch-status --origin https://ISSUER)',
  'reason.state-unknown': 'whoever was asked does not know this code',
  'reason.state-unreachable': 'how it stands now was asked, and nobody answered',
  'reason.state-superseded': 'a new certificate has taken its place',
  'reason.state-revoked': 'it has been revoked',
  'reason.state-other-certificate': 'under this code another certificate is on record',
  'reason.pair-other-certificate': 'the number or something else differs',
  'reason.compare-with-paper':
    'compare what stands below with what is on the paper: the code alone may have been copied onto another one',
  'reason.school-closed': 'the school that issued it has closed; that alone ends no certificate',
  'reason.school-successor': 'responsible now',
  'facts.number': 'Certificate number',
  'facts.certificateKind': 'Kind of certificate',
  'facts.school': 'School code',
  'facts.formerSchool': 'Code of the closed school that was attended',
  'facts.name': 'Name',
  'facts.birth': 'Date of birth',
  'facts.left': 'Graduated, completed or left on',
  'facts.issued': 'Issued on',
  'page.state-link': 'Open how it stands now',
  'certificate-kind.graduationCertificate': 'Certificate of graduation',
  'certificate-kind.completionCertificate': 'Certificate of completion',
  'certificate-kind.enrolmentCertificate': 'Certificate of enrolment',
  'certificate-kind.enrolmentPeriodCertificate': 'Certificate of enrolment period',
  'certificate-kind.transcript': 'Academic transcript',
  'certificate-kind.creditCertificate': 'Certificate of credits',
  'certificate-kind.studentFareCertificate': 'Certificate for student fares',
  'certificate-kind.admissionReport': 'Admission report (調査書)',
  'certificate-kind.inabilityCertificate': 'Certificate of inability to certify',
};
