import type { PersonScope } from '../../policy/actor.ts';
import { StatusChip } from '../../web/components/status.tsx';
import type { Tone } from '../../web/components/tone.ts';
import { formatDay } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { GuardianView } from './list-guardians.ts';
import type { Consent, GuardianPart, Standing } from './rules.ts';

export const linkingPath = '/linking';
export const pendingPath = '/linking/pending';
export const linksPath = '/links';
export const newLinkPath = '/links/new';
export const renewPath = '/links/certificate';

export function guardiansPath(pupilId: string): string {
  return `${linkingPath}/${encodeURIComponent(pupilId)}`;
}

export function guardianPath({ pupilId, id }: Pick<GuardianView, 'pupilId' | 'id'>): string {
  return `${guardiansPath(pupilId)}/guardians/${encodeURIComponent(id)}`;
}

const tones: Readonly<Record<Standing, Tone>> = {
  pending: 'warning',
  notYet: 'info',
  confirmed: 'success',
  granted: 'success',
  disputed: 'danger',
  over: 'neutral',
  ofAge: 'neutral',
  ended: 'neutral',
};

/** What a record or link comes to today, in a word. */
export function StandingChip({ locale, state }: { readonly locale: Locale; readonly state: Standing }) {
  return <StatusChip tone={tones[state]}>{t(locale, `guardian.state-${state}`)}</StatusChip>;
}

/** What this guardian sees when the record counts: of a pupil of age, what the pupil has said. */
export function scopeOf({ scope, consent }: Pick<GuardianView, 'scope' | 'consent'>): readonly PersonScope[] {
  return consent?.scope ?? scope;
}

/** The parts of the form that were corrected, by their labels. */
export function correctedText(locale: Locale, corrected: readonly GuardianPart[]): string {
  return corrected.map((part) => t(locale, `guardian.${part}`)).join(locale === 'ja' ? '、' : ', ');
}

export function scopeText(locale: Locale, scope: readonly PersonScope[]): string {
  return scope.map((part) => t(locale, `guardian.scope-${part}`)).join(locale === 'ja' ? '、' : ', ');
}

export function periodText(locale: Locale, { validFrom, validUntil }: GuardianView): string {
  return t(locale, 'guardian.period-text', {
    from: formatDay(locale, validFrom),
    until: validUntil === null ? t(locale, 'guardian.period-majority') : formatDay(locale, validUntil),
  });
}

/** When the pupil, of age, has given it, and until when. */
export function consentText(locale: Locale, { givenOn, until }: Consent): string {
  return t(locale, 'consent.on-record-text', { from: formatDay(locale, givenOn), until: formatDay(locale, until) });
}

/** Name with its reading, as the school wrote them. */
export function NameOf({ name, kana }: { readonly name: string; readonly kana: string }) {
  return (
    <span lang="ja">
      {name}
      <br />
      <span class="hint">{kana}</span>
    </span>
  );
}
