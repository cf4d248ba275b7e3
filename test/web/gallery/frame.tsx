import type { PageFrame } from '../../../src/web/layout.tsx';
import type { Locale } from '../../../src/web/locale.ts';
import { t } from '../../../src/web/text.ts';

/** The gallery's own words; real pages take theirs from the locales. */
export function say(locale: Locale, ja: string, en: string): string {
  return locale === 'ja' ? ja : en;
}

export function staffFrame(locale: Locale, path: string): PageFrame {
  return {
    locale,
    path,
    now: new Date('2027-03-25T05:05:00Z'),
    demonstration: true,
    actor: {
      kind: 'staff',
      name: '葛󠄀城 美咲',
      school: 'みどり市立青葉小学校',
      role: t(locale, 'role.clerk'),
      canSwitch: true,
    },
    navigation: [
      { href: '/inbox', label: say(locale, '届いた記録', 'Received'), current: true, count: 3 },
      { href: '/outbox', label: say(locale, '送る記録', 'To send') },
      { href: '/expectations', label: say(locale, '受け入れ予定', 'Expected pupils') },
      { href: '/log', label: say(locale, '操作の記録', 'Log') },
    ],
  };
}
