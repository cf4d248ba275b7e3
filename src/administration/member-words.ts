import { formatDay } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { MemberChange } from './proposed-acts.ts';

/** A role with its class: 学級担任（3年2組）. */
export function roleText(
  locale: Locale,
  { role, homeroom }: Pick<MemberChange & { act: 'grant' }, 'role' | 'homeroom'>,
): string {
  const name = t(locale, `role.${role}`);
  if (homeroom === null) return name;
  return locale === 'ja' ? `${name}（${homeroom}）` : `${name} (${homeroom})`;
}

/** From a day to a day, or open-ended. */
export function periodText(
  locale: Locale,
  term: { readonly validFrom: string; readonly validTo: string | null },
): string {
  const end = term.validTo === null ? '' : formatDay(locale, term.validTo);
  return `${formatDay(locale, term.validFrom)} – ${end}`.trim();
}

/** One proposed change in a line. */
export function changeText(locale: Locale, change: MemberChange): string {
  const comma = locale === 'ja' ? '、' : ', ';
  if (change.act !== 'end') return `${roleText(locale, change)}${comma}${periodText(locale, change)}`;
  const until = change.validTo === null ? t(locale, 'proposal.at-once') : `– ${formatDay(locale, change.validTo)}`;
  return `${t(locale, `role.${change.role}`)} ${until}`;
}
