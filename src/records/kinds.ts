/** What may travel: kinds of document, their forms, who may see them, and the rule that sends them. */

export const documentKinds = [
  'cumulativeRecord',
  'cumulativeRecordCore',
  'priorRecord',
  'healthCard',
  'dentalCard',
  'enrolmentCertificate',
  'textbookCertificate',
  'transcript',
  'creditCertificate',
  'admissionReport',
  'accidentInsuranceStatus',
  'other',
] as const;
export type DocumentKind = (typeof documentKinds)[number];

export const documentForms = ['original', 'copy', 'extract'] as const;
export type DocumentForm = (typeof documentForms)[number];

/** One container per visibility, so that each role gets what it may read and still a whole seal. */
export const visibilities = ['records', 'health'] as const;
export type Visibility = (typeof visibilities)[number];

export const caseKinds = ['advancement', 'schoolTransfer'] as const;
export type CaseKind = (typeof caseKinds)[number];

export function visibilityOf(kind: DocumentKind): Visibility {
  return kind === 'healthCard' || kind === 'dentalCard' ? 'health' : 'records';
}

/** 学校保健安全法施行規則 第8条: the card itself goes on; there is exactly one holder. */
export function custodyMoves(kind: DocumentKind, form: DocumentForm): boolean {
  return visibilityOf(kind) === 'health' && form === 'original';
}

/** 調査書 is made for the school applied to; the person asks for it there, under other rules. */
export function personMayRead(kind: DocumentKind): boolean {
  return kind !== 'admissionReport';
}

/** Forms that the law names for a kind in a case of this kind; the first is the default. */
export function formsFor(kind: DocumentKind, caseKind: CaseKind): readonly DocumentForm[] {
  switch (kind) {
    case 'healthCard':
    case 'dentalCard':
      return ['original', 'copy'];
    case 'cumulativeRecord':
    case 'cumulativeRecordCore':
      // 学校教育法施行規則 第24条第2項 (進学: 抄本又は写し)、第3項 (転学: 写し)
      return caseKind === 'advancement' ? ['extract', 'copy'] : ['copy'];
    case 'priorRecord':
      return ['copy', 'extract'];
    case 'enrolmentCertificate':
    case 'textbookCertificate':
    case 'transcript':
    case 'creditCertificate':
    case 'admissionReport':
    case 'accidentInsuranceStatus':
      return ['original', 'copy'];
    case 'other':
      return ['copy', 'original', 'extract'];
  }
}

/** Kinds without which a package of this case is not complete; missing ones are a warning that the drafter confirms. */
export function expectedKinds(caseKind: CaseKind): readonly DocumentKind[] {
  return caseKind === 'advancement'
    ? ['cumulativeRecord', 'healthCard']
    : ['cumulativeRecord', 'healthCard', 'enrolmentCertificate', 'textbookCertificate'];
}

/** The law that a class 1 transfer rests on; recorded instead of a consent (個人情報保護法 第69条, 第27条第1項第1号). */
export function legalBasis(caseKind: CaseKind): string {
  return caseKind === 'advancement'
    ? '学校教育法施行規則第24条第2項、学校保健安全法施行規則第8条第2項'
    : '学校教育法施行規則第24条第3項、学校保健安全法施行規則第8条第2項';
}

export const mediaTypes = ['application/pdf', 'application/json', 'image/jpeg', 'image/png'] as const;
export type MediaType = (typeof mediaTypes)[number];
