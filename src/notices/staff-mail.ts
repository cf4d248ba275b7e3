import { JobMalformed } from './job-malformed.ts';
import type { Mail } from './mailer.ts';

/** `{ staff, school, subject, id, mailbox }`: one mail to one member of staff. */
export const staffMailJob = 'mail.staff';

const staffMailSubjects = [
  'proposal-waiting',
  'proposal-expiring',
  'proposal-confirmed',
  'proposal-cancelled',
  'client-key-added',
  'client-key-retired',
  'client-deleted',
  'seal-key-registered',
  'seal-key-withdrawn',
  'seal-key-doubted',
  'log-in-after-absence',
  'log-in-after-refusals',
  'log-ins-refused',
  'log-in-mail-changed',
  'log-in-disowned',
  'alert-raised',
  'board-glass-opened',
] as const;
export type StaffMailSubject = (typeof staffMailSubjects)[number];

/** What a job says; `id` is that of the proposal, the client or the key, or of the role of a member of staff. */
export interface StaffNotice {
  readonly staff: string;
  readonly school: string;
  readonly subject: StaffMailSubject;
  readonly id: string;
  /** `former`: where notices went until the account's provider told another address. */
  readonly mailbox: 'current' | 'former';
}

/** Reads a job's payload. Throws `JobMalformed`: no attempt will mend it. */
export function parseStaffNotice(payload: Readonly<Record<string, string>>): StaffNotice {
  const { staff, school, id } = payload;
  const subject = staffMailSubjects.find((known) => known === payload['subject']);
  if (staff === undefined || school === undefined || id === undefined || subject === undefined) {
    throw new JobMalformed('a mail.staff job needs staff, school, subject and id');
  }
  return { staff, school, subject, id, mailbox: payload['mailbox'] === 'former' ? 'former' : 'current' };
}

/** Composes a mail in both languages. An id is all it says; people, systems and schools stay behind the log-in. */
export function composeStaffMail(mail: {
  /** The job's id. */
  readonly id: string;
  readonly subject: StaffMailSubject;
  readonly to: string;
  /** Of what it is about. */
  readonly about: string;
  /** Of the gateway, without a trailing slash. */
  readonly origin: string;
}): Mail {
  const { ja, en, path, surprise, advice } = lines[mail.subject];
  const isNumbered = advice === undefined;
  const url = `${mail.origin}${path.replace('{id}', encodeURIComponent(mail.about))}`;
  const text = [
    ja,
    ...(isNumbered ? [`番号: ${mail.about}`] : []),
    `ログインして確かめてください: ${url}`,
    ...(surprise ? ['心当たりがないときは、すぐに止めてください。'] : []),
    ...(advice === undefined ? [] : [advice.ja]),
    '',
    en,
    ...(isNumbered ? [`Number: ${mail.about}`] : []),
    `Log in to see it: ${url}`,
    ...(surprise ? ['If this surprises you, stop it at once.'] : []),
    ...(advice === undefined ? [] : [advice.en]),
    '',
    'このメールに個人情報は書かれていません。',
    'This mail holds no personal data.',
    '',
  ].join('\n');
  return { id: mail.id, to: mail.to, subject: `【引継ぎ】${ja} / ${en}`, text };
}

interface Lines {
  readonly ja: string;
  readonly en: string;
  readonly path: string;
  /** Whether it is something that whoever reads it should have known of. */
  readonly surprise: boolean;
  /** About a log-in: what to do if it was not theirs. Such a mail has no number. */
  readonly advice?: { readonly ja: string; readonly en: string };
}

const ifNotYou = {
  ja: '自分ではないときは、その画面で「自分ではない」を押し、認証サービス（gBizIDなど）のパスワードを変えてください。',
  en: 'If it was not you, press “That was not me” there, and change your password at the provider of your account.',
};

const lines: Readonly<Record<StaffMailSubject, Lines>> = {
  'proposal-waiting': {
    ja: '確認を待っている提案があります',
    en: 'A proposal waits for your confirmation',
    path: '/proposals',
    surprise: false,
  },
  'proposal-expiring': {
    ja: '提案の確認の期限が近づいています',
    en: 'A proposal will soon expire unconfirmed',
    path: '/proposals',
    surprise: false,
  },
  'proposal-confirmed': {
    ja: 'あなたの提案が確認され、有効になりました',
    en: 'Your proposal was confirmed and has taken effect',
    path: '/proposals',
    surprise: true,
  },
  'proposal-cancelled': {
    ja: 'あなたの提案は認められませんでした',
    en: 'Your proposal was turned down',
    path: '/proposals',
    surprise: false,
  },
  'client-key-added': {
    ja: '校務支援システムの鍵が加わりました',
    en: 'A key of a school-affairs system was added',
    path: '/clients',
    surprise: true,
  },
  'client-key-retired': {
    ja: '校務支援システムの鍵が終わりました',
    en: 'A key of a school-affairs system was ended',
    path: '/clients',
    surprise: true,
  },
  'client-deleted': {
    ja: '校務支援システムが鍵とともに削除されました',
    en: 'A school-affairs system was deleted with its keys',
    path: '/clients',
    surprise: true,
  },
  'seal-key-registered': {
    ja: '封緘の鍵が登録されました',
    en: 'A seal key was registered',
    path: '/seal-key',
    surprise: true,
  },
  'seal-key-withdrawn': {
    ja: '封緘の鍵の使用が終わりました',
    en: 'A seal key is in use no more',
    path: '/seal-key',
    surprise: true,
  },
  'seal-key-doubted': {
    ja: '封緘の鍵が、登録の記録と一致しません。封緘を止めています',
    en: 'The seal key is not the one that was registered. Sealing has stopped',
    path: '/seal-key',
    surprise: true,
  },
  'log-in-after-absence': {
    ja: 'あなたのアカウントで、90日以上ぶりにログインがありました',
    en: 'Your account was used to log in after more than 90 days',
    path: '/sessions',
    surprise: false,
    advice: ifNotYou,
  },
  'log-in-after-refusals': {
    ja: '何度か断られたあとに、あなたのアカウントでログインがありました',
    en: 'Your account was used to log in after several refusals',
    path: '/sessions',
    surprise: false,
    advice: ifNotYou,
  },
  'log-ins-refused': {
    ja: 'あなたのアカウントで、ログインが何度も断られました',
    en: 'Log-ins with your account were refused several times',
    path: '/sessions',
    surprise: false,
    advice: ifNotYou,
  },
  'log-in-mail-changed': {
    ja: 'あなたのアカウントの連絡先が、別のメールアドレスに変わりました',
    en: 'Your account now has another mail address',
    path: '/sessions',
    surprise: false,
    advice: {
      ja: 'あと30日間は、ログインに関するお知らせをここにも送ります。自分で変えていないときは、認証サービス（gBizIDなど）のパスワードを変え、校長に知らせてください。',
      en: 'For 30 days notices about log-ins still come here too. If you have not changed it, change your password at the provider of your account and tell the principal.',
    },
  },
  'alert-raised': {
    ja: '確かめてほしい知らせがあります',
    en: 'There is an alert for you to look at',
    path: '/alerts/{id}',
    surprise: false,
  },
  'board-glass-opened': {
    ja: 'ほかの監査担当が、案件の児童・生徒の氏名を開きました。妥当だったかを確かめてください',
    en: 'Another auditor has opened the name of a case’s pupil. Please review whether it was justified',
    path: '/board/break-glass',
    surprise: false,
  },
  'log-in-disowned': {
    ja: '学校の職員が、自分のものではないログインを届け出ました',
    en: 'A member of staff says that a log-in was not theirs',
    path: '/people/{id}',
    surprise: false,
    advice: {
      ja: 'ほかの場所でのログインは終了しました。本人に確かめ、必要なら役割を終えてください。',
      en: 'Their other sessions have ended. Ask them, and end the role if need be.',
    },
  },
};
