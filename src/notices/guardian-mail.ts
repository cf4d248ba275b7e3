import type { JobHandler } from './drain.ts';
import type { Mail, Mailer } from './mailer.ts';

/** `{ guardian, subject, request? }`: one mail to one guardian's address. */
export const guardianMailJob = 'mail.guardian';

export interface GuardianMail {
  readonly guardian: string;
  readonly subject: string;
}

/**
 * Handles `mail.guardian` jobs. A guardian without an address, or whose record is gone, gets none: no failure.
 *
 * @param input.contactOf - the address for this subject, as the school has it now
 * @param input.urlOf - the page where the guardian sees what it is about, after the log-in; of a request for a certificate, by its number
 */
export function guardianMailHandler(input: {
  readonly mailer: Mailer;
  contactOf(mail: GuardianMail): Promise<string | null>;
  urlOf(request: string | null): string;
}): JobHandler {
  return async (job) => {
    const { guardian, subject = '', request = null } = job.payload;
    const to = guardian === undefined ? null : await input.contactOf({ guardian, subject });
    if (to === null) return;
    await input.mailer.send(composeGuardianMail({ id: job.id, subject, to, url: input.urlOf(request) }));
  };
}

/** Both languages; it names neither the pupil nor the school, whoever reads the mail besides. */
function composeGuardianMail(mail: {
  readonly id: string;
  readonly subject: string;
  readonly to: string;
  readonly url: string;
}): Mail {
  const { ja, en } = lines.get(mail.subject) ?? otherwise;
  const text = [
    ja,
    `ログインして確かめてください: ${mail.url}`,
    '心当たりがないときは、学校に連絡してください。',
    '',
    en,
    `Log in to see it: ${mail.url}`,
    'If this surprises you, call the school.',
    '',
    'このメールに児童・生徒の情報は書かれていません。',
    'This mail holds nothing about the pupil.',
    '',
  ].join('\n');
  return { id: mail.id, to: mail.to, subject: `【引継ぎ】${ja} / ${en}`, text };
}

type Line = { readonly ja: string; readonly en: string };

const otherwise: Line = { ja: '保護者の登録について確かめてください', en: 'Please check the records of guardians' };

/** By the subject of the notice. */
const lines: ReadonlyMap<string, Line> = new Map([
  [
    'link-made',
    { ja: '新しい連携の申し込みがあり、学校が確認しています', en: 'A new link was asked for; the school checks it' },
  ],
  ['link-confirmed', { ja: '学校が新しい連携を確認しました', en: 'The school has confirmed a new link' }],
  ['link-ended', { ja: '連携が終わりました', en: 'A link has ended' }],
  ['guardian-confirmed', { ja: '学校が保護者の登録を確認しました', en: 'The school has confirmed a guardian' }],
  [
    'guardian-disputed',
    { ja: '学校が保護者の登録を確認中にしました', en: 'The school is looking into a guardian’s record' },
  ],
  ['guardian-settled', { ja: '確認中だった保護者の登録が決まりました', en: 'A guardian’s record has been settled' }],
  [
    'guardian-corrected',
    {
      ja: '学校が保護者の登録を訂正し、確認しています',
      en: 'The school has corrected a guardian’s record and checks it',
    },
  ],
  [
    'guardian-mail-changed',
    {
      ja: 'このメールアドレスは、保護者の連絡先から外されました',
      en: 'This address is no longer the contact of a guardian',
    },
  ],
  ['guardian-ended', { ja: '保護者の登録が終わりました', en: 'A guardian’s record has ended' }],
  ['code-used', { ja: '学校が発行した番号でログインがありました', en: 'A code from the school was used to log in' }],
  [
    'code-locked',
    {
      ja: '学校が発行した用紙の確認番号が続けて間違えられ、用紙を使えなくしました',
      en: 'A paper from the school was locked after wrong numbers',
    },
  ],
  [
    'log-in-way-added',
    {
      ja: 'ご自身、またはお子さんのログイン方法が加えられました',
      en: 'A way to log in was added, to you or to your child',
    },
  ],
  [
    'log-in-way-removed',
    {
      ja: 'ご自身、またはお子さんのログイン方法が外されました',
      en: 'A way to log in was taken away, from you or from your child',
    },
  ],
  [
    'log-in-first',
    {
      ja: '新しい方法で、はじめてログインがありました（ご自身、またはお子さん）',
      en: 'A new way to log in was used for the first time, by you or by your child',
    },
  ],
  [
    'log-ins-refused',
    {
      ja: 'ログインが何度も断られました（ご自身、またはお子さん）',
      en: 'Log-ins were refused several times, at your door or at your child’s',
    },
  ],
  [
    'log-in-card-revoked',
    {
      ja: '失効した電子証明書でのログインを終了しました（ご自身、またはお子さん）',
      en: 'A session by a revoked certificate was ended, yours or your child’s',
    },
  ],
  [
    'majority-ahead',
    {
      ja: 'まもなく成年に達し、保護者の閲覧が終わります',
      en: 'The pupil will soon be of age, and guardians’ access ends',
    },
  ],
  [
    'majority-reached',
    { ja: '成年に達したため、保護者の閲覧が終わりました', en: 'The pupil is of age, and guardians’ access has ended' },
  ],
  [
    'certificate-requested',
    {
      ja: 'ご自身、またはお子さんの証明書の請求がありました',
      en: 'A certificate of yours, or of your child, was asked for',
    },
  ],
  ['certificate-refused', { ja: '証明書の請求が断られました', en: 'A request for a certificate was refused' }],
  [
    'certificate-superseded',
    { ja: '証明書が新しいものに替わりました', en: 'A new certificate has taken the place of another' },
  ],
  [
    'certificate-revocation-asked',
    {
      ja: '学校が証明書の失効を検討しています（決まるまでは有効です）',
      en: 'The school considers revoking a certificate; it counts until that is decided',
    },
  ],
  [
    'certificate-kept',
    { ja: '証明書は失効せず、引き続き有効です', en: 'A certificate is not revoked and goes on counting' },
  ],
  ['certificate-revoked', { ja: '証明書が失効しました', en: 'A certificate has been revoked' }],
  [
    'certificate-share-viewed',
    { ja: '共有した証明書が、はじめて開かれました', en: 'A certificate that you share was opened for the first time' },
  ],
  ['certificate-issued', { ja: '証明書が発行されました', en: 'A certificate has been issued' }],
  ['access-granted', { ja: '成年の本人が、閲覧を承諾しました', en: 'The pupil, of age, lets you see the records' }],
  [
    'access-withdrawn',
    {
      ja: '成年の本人が、閲覧の承諾を取り消しました',
      en: 'The pupil, of age, has taken the sight of the records back',
    },
  ],
]);
