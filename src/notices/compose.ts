import type { Mail } from './mailer.ts';

export const mailSubjects = [
  'approval-requested',
  'package-arrived',
  'package-opened',
  'package-returned',
  'package-withdrawn',
  'package-acknowledged',
  'break-glass-opened',
  'board-glass-opened',
  'package-waiting',
  'package-expiring',
  'access-reported',
  'protection-review',
  'certificate-requested',
  'certificate-to-approve',
  'certificate-sent-back',
  'certificate-kept',
] as const;
export type MailSubject = (typeof mailSubjects)[number];

export interface MailToCompose {
  /** The job's id. */
  readonly id: string;
  readonly subject: MailSubject;
  readonly to: string;
  readonly caseId: string;
  /** Address of the page where it goes on; nothing personal in it. */
  readonly url: string;
}

/** Composes a mail in both languages. The case's id is all it says; names stay behind the log-in. */
export function composeMail(mail: MailToCompose): Mail {
  const { ja, en } = lines[mail.subject];
  const text = [
    ja,
    `案件番号: ${mail.caseId}`,
    `ログインして確かめてください: ${mail.url}`,
    '',
    en,
    `Case: ${mail.caseId}`,
    `Log in to see it: ${mail.url}`,
    '',
    'このメールに個人情報は書かれていません。',
    'This mail holds no personal data.',
    '',
  ].join('\n');
  return { id: mail.id, to: mail.to, subject: `【引継ぎ】${ja} / ${en}`, text };
}

const lines: Readonly<Record<MailSubject, { readonly ja: string; readonly en: string }>> = {
  'approval-requested': { ja: '決裁待ちの書類があります', en: 'A package waits for your approval' },
  'package-arrived': { ja: '書類が預け入れられました', en: 'A package has been deposited for you' },
  'package-opened': { ja: '送付先が書類を開きました', en: 'The recipient has opened the package' },
  'package-returned': { ja: '書類が差し戻されました', en: 'A package has been returned' },
  'package-withdrawn': { ja: '書類が取り下げられました', en: 'A package has been withdrawn' },
  'package-acknowledged': { ja: '受領書が届きました', en: 'The acknowledgement has arrived' },
  'break-glass-opened': {
    ja: '緊急閲覧が行われています。校長は内容を確かめてください',
    en: 'A document has been opened by break-glass; the principal should look at it now',
  },
  'board-glass-opened': {
    ja: '教育委員会の監査担当が、案件の児童・生徒の氏名を開きました。校長は操作の記録を確かめてください',
    en: 'The board’s auditor has opened the name of a case’s pupil; the principal should look at who did what',
  },
  'package-waiting': { ja: '未受領の書類があります', en: 'A package is still waiting for you' },
  'access-reported': {
    ja: '記録の閲覧に心当たりがないという知らせがありました',
    en: 'A person does not recognise an access to the records',
  },
  'protection-review': { ja: '確認の期限が来たものがあります', en: 'Something is due for your review' },
  'certificate-requested': { ja: '証明書の請求がありました', en: 'A certificate has been asked for' },
  'certificate-to-approve': { ja: '決裁待ちの証明書があります', en: 'A certificate waits for your approval' },
  'certificate-sent-back': {
    ja: '発行できない証明書があります。確かめてください',
    en: 'A certificate could not be issued; please look at it',
  },
  'certificate-kept': {
    ja: '証明書の失効の求めが、認められないか、取り下げられました',
    en: 'A wish to revoke a certificate was declined or taken back',
  },
  'package-expiring': { ja: '書類の預かり期限が近づいています', en: 'A package will soon expire' },
};
