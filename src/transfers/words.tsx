import type { Child } from 'hono/jsx';
import { prefectures } from '../directory/prefectures.ts';
import type { IconName } from '../web/components/icon.tsx';
import { StatusChip } from '../web/components/status.tsx';
import type { Tone } from '../web/components/tone.ts';
import type { Locale } from '../web/locale.ts';
import { fill, isMessageKey, t } from '../web/text.ts';
import type { CaseSummary, SchoolName } from './view.ts';

/** How a case's state looks from one side: the same state is a wait for one school and a task for the other. */
export function CaseStateChip({ locale, summary }: { readonly locale: Locale; readonly summary: CaseSummary }) {
  const arrived = summary.side === 'recipient' && summary.state === 'deposited';
  const { tone, icon } = looks[summary.state];
  return (
    <StatusChip tone={arrived ? 'warning' : tone} icon={arrived ? 'inbox' : icon}>
      {t(locale, arrived ? 'state.arrived' : `state.${summary.state}`)}
    </StatusChip>
  );
}

const looks: Readonly<Record<CaseSummary['state'], { readonly tone: Tone; readonly icon: IconName }>> = {
  draft: { tone: 'neutral', icon: 'file' },
  submitted: { tone: 'warning', icon: 'clock' },
  approved: { tone: 'info', icon: 'check' },
  sealed: { tone: 'info', icon: 'lock' },
  deposited: { tone: 'info', icon: 'send' },
  opened: { tone: 'info', icon: 'inbox' },
  acknowledged: { tone: 'success', icon: 'check' },
  returned: { tone: 'danger', icon: 'previous' },
  withdrawn: { tone: 'neutral', icon: 'cross' },
};

/** A school with what tells it apart from another of the same name. */
export function School({ locale, school }: { readonly locale: Locale; readonly school: SchoolName }): Child {
  return (
    <>
      <strong lang="ja">{school.name}</strong>
      <br />
      <span class="hint">
        {placeOf(locale, school)} <code>{school.code}</code>
      </span>
    </>
  );
}

/** Prefecture and town. */
export function placeOf(locale: Locale, school: { readonly prefecture: string; readonly town: string }): string {
  const found = prefectures.find(({ code }) => code === school.prefecture);
  const prefecture = locale === 'ja' ? found?.name : found?.english;
  return [prefecture, school.town].filter((part) => part !== undefined && part !== '').join(' ');
}

/** Many schools write the grade into the name of the class. */
export function classOf({ grade, homeroom }: { readonly grade: string; readonly homeroom: string }): string {
  return homeroom.startsWith(grade) ? homeroom : `${grade}年 ${homeroom}`;
}

/** A text by a key that is made at run time, e.g. from an event's name; the fallback where none exists. */
export function word(locale: Locale, key: string, fallback: Parameters<typeof t>[1]): string {
  return isMessageKey(key) ? fill(t(locale, key as 'nav.home'), {}) : t(locale, fallback as 'nav.home');
}
