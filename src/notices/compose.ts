import type { Mail } from './mailer.ts';

export const mailKinds = [
  'approvalRequested',
  'deposited',
  'openedByRecipient',
  'returned',
  'withdrawn',
  'acknowledged',
  'reminder',
  'expiring',
  'ledgerEntry',
] as const;
export type MailKind = (typeof mailKinds)[number];

/** Composes a mail in both languages. The case's id is all it says; names stay behind the log-in. */
export function composeMail(input: {
  readonly id: string;
  readonly kind: MailKind;
  readonly to: string;
  readonly caseId: string;
  /** Address of the page where it goes on; nothing personal in it. */
  readonly url: string;
}): Mail {
  const { ja, en } = lines[input.kind];
  const text = [
    ja,
    `案件番号: ${input.caseId}`,
    `ログインして確かめてください: ${input.url}`,
    '',
    en,
    `Case: ${input.caseId}`,
    `Log in to see it: ${input.url}`,
    '',
    'このメールに個人情報は書かれていません。 / This mail holds no personal data.',
    '',
  ].join('\n');
  return { id: input.id, to: input.to, subject: `【引継ぎ】${ja} / ${en}`, text };
}

const lines: Readonly<Record<MailKind, { readonly ja: string; readonly en: string }>> = {
  approvalRequested: { ja: '決裁待ちの書類があります', en: 'A package waits for your approval' },
  deposited: { ja: '書類が預け入れられました', en: 'A package has been deposited for you' },
  openedByRecipient: { ja: '送付先が書類を受け取りました', en: 'The recipient has opened the package' },
  returned: { ja: '書類が差し戻されました', en: 'A package has been returned' },
  withdrawn: { ja: '書類が取り下げられました', en: 'A package has been withdrawn' },
  acknowledged: { ja: '受領書が届きました', en: 'The acknowledgement has arrived' },
  reminder: { ja: '未受領の書類があります', en: 'A package is still waiting for you' },
  expiring: { ja: '書類の預かり期限が近づいています', en: 'A package will soon expire' },
  ledgerEntry: { ja: 'あなたに関する操作がありました', en: 'Something was done that concerns you' },
};
