import type { Mail } from './mailer.ts';

/** To somebody who was shown a certificate. It names neither person nor school: a letter box may be an office's. */
export function composeWatcherMail(mail: {
  /** The job's id. */
  readonly id: string;
  readonly to: string;
  readonly about: 'confirm' | 'changed';
  readonly url: string;
}): Mail {
  const { ja, en, actJa, actEn } = lines[mail.about];
  const text = [
    ja,
    `${actJa}: ${mail.url}`,
    '心当たりがないときは、このメールを捨ててください。',
    '',
    en,
    `${actEn}: ${mail.url}`,
    'If this surprises you, throw this mail away.',
    '',
    'このメールに個人情報は書かれていません。',
    'This mail holds no personal data.',
    '',
  ].join('\n');
  return { id: mail.id, to: mail.to, subject: `【引継ぎ】${ja} / ${en}`, text };
}

const lines = {
  confirm: {
    ja: '証明書が変わったときの知らせを、このアドレスで受け取りますか',
    en: 'Do you want to be told at this address when a certificate changes?',
    actJa: '48時間以内に確認してください',
    actEn: 'Confirm within 48 hours',
  },
  changed: {
    ja: '共有で見せられた証明書が、有効ではなくなりました',
    en: 'A certificate that you were shown is not in force any more',
    actJa: 'どの証明書かを見る、知らせを止める',
    actEn: 'See which one it is, or stop the notices',
  },
} as const;
