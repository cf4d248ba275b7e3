import type { IssuedKind } from '../records/certificate-kinds.ts';
import type { TemplateWording } from './tables.ts';

type Wording = Pick<TemplateWording, 'titleJa' | 'bodyJa' | 'titleEn' | 'bodyEn'>;

/** What a new template begins with; a school may say it in its own words. */
export const defaultWording: Readonly<Record<IssuedKind, Wording>> = {
  graduationCertificate: {
    titleJa: '卒業証明書',
    bodyJa: '上記の者は、本校の課程を修了し、卒業したことを証明する。',
    titleEn: 'Certificate of Graduation',
    bodyEn:
      'This is to certify that the person named above completed the course of study and graduated from this school.',
  },
  completionCertificate: {
    titleJa: '修了証明書',
    bodyJa: '上記の者は、本校の課程を修了したことを証明する。',
    titleEn: 'Certificate of Completion',
    bodyEn: 'This is to certify that the person named above completed the course of study at this school.',
  },
  enrolmentCertificate: {
    titleJa: '在学証明書',
    bodyJa: '上記の者は、本校に在学していることを証明する。',
    titleEn: 'Certificate of Enrolment',
    bodyEn: 'This is to certify that the person named above is enrolled at this school.',
  },
  enrolmentPeriodCertificate: {
    titleJa: '在学期間証明書',
    bodyJa: '上記の者は、上記の期間、本校に在学したことを証明する。',
    titleEn: 'Certificate of Enrolment Period',
    bodyEn: 'This is to certify that the person named above was enrolled at this school during the period stated.',
  },
  transcript: {
    titleJa: '成績証明書',
    bodyJa: '上記の者の成績は、上記のとおりであることを証明する。',
    titleEn: 'Academic Transcript',
    bodyEn: 'This is to certify that the above is the academic record of the person named.',
  },
  creditCertificate: {
    titleJa: '単位修得証明書',
    bodyJa: '上記の者は、本校において上記のとおり単位を修得したことを証明する。',
    titleEn: 'Certificate of Credits',
    bodyEn: 'This is to certify that the person named above earned the credits listed at this school.',
  },
  studentFareCertificate: {
    titleJa: '通学証明書',
    bodyJa: '上記の者は、本校に在学し、通学していることを証明する。',
    titleEn: 'Certificate for Student Fares',
    bodyEn: 'This is to certify that the person named above is enrolled at this school and commutes to it.',
  },
  admissionReport: {
    titleJa: '調査書',
    bodyJa: '上記の記載事項に誤りがないことを証明する。',
    titleEn: 'Admission Report',
    bodyEn: 'This is to certify that the statements above are correct.',
  },
  inabilityCertificate: {
    titleJa: '証明できない旨の証明書',
    bodyJa: '請求のあった証明については、関係する表簿の保存期間が満了し、廃棄したため、証明できないことを証明する。',
    titleEn: 'Certificate of Inability to Certify',
    bodyEn:
      'This is to certify that the matter asked for can no longer be certified, because the period for which the records are kept by law has passed.',
  },
};
