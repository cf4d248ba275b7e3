/** What a school certifies about a pupil or graduate (docs/glossary.md). The order is the order on the pages. */
export const certificateKinds = [
  'graduationCertificate',
  'completionCertificate',
  'enrolmentCertificate',
  'enrolmentPeriodCertificate',
  'transcript',
  'creditCertificate',
  'studentFareCertificate',
  'admissionReport',
] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** 調査書 goes from school to school through the locker, never to a person; so nobody asks for one here. */
export const personKinds = certificateKinds.filter((kind) => kind !== 'admissionReport');

/** What is made in the place of a certificate whose record is no longer kept: 証明できない旨の証明書. */
export const inabilityKind = 'inabilityCertificate';
export type IssuedKind = CertificateKind | typeof inabilityKind;
export const issuedKinds = [...certificateKinds, inabilityKind] as const;

/** What templates are kept for. */
export const templateKinds = issuedKinds.filter((kind) => kind !== 'admissionReport');
