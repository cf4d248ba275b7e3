import type { Mail } from './mailer.ts';

/** The second half of a log-in with a paper from the school. It names neither pupil nor school. */
export function composeNumberMail(mail: {
  readonly id: string;
  readonly to: string;
  readonly number: string;
  /** Where the number belongs, and nowhere else. */
  readonly origin: string;
}): Mail {
  const text = [
    `確認番号: ${mail.number}`,
    `学校から受け取った用紙でのログインに使います。${mail.origin} の画面にだけ入力してください。`,
    '10 分間有効です。学校の職員も含め、だれにも教えないでください。',
    '心当たりがないときは、入力せずに、学校に連絡してください。',
    '',
    `Number: ${mail.number}`,
    `It belongs to a log-in with the paper from your school. Type it at ${mail.origin} and nowhere else.`,
    'It is good for 10 minutes. Tell it to nobody, not even to the school’s staff.',
    'If this surprises you, do not use it and call the school.',
    '',
  ].join('\n');
  // Not in the subject: a locked screen shows subjects.
  return { id: mail.id, to: mail.to, subject: '【引継ぎ】ログインの確認番号 / Your number for logging in', text };
}
