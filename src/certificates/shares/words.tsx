import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { StatusChip } from '../../web/components/status.tsx';
import type { SummaryRow } from '../../web/components/summary-list.tsx';
import { formatDateTime } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { leftLabel } from '../drawing/compose.ts';
import type { PlainField, ShareField, ShareState } from './rules.ts';
import type { ShareView } from './view.ts';

export const sharePath = '/certificate-shares';

export function sharesPath(certificateId: string): string {
  return `/issued-certificates/${encodeURIComponent(certificateId)}/shares`;
}

/** The words that stand on the certificate, too. */
export function fieldLabel(locale: Locale, field: PlainField, kind: IssuedKind): string {
  switch (field) {
    case 'officialName':
      return t(locale, locale === 'ja' ? 'drawn.name' : 'drawn.name-japanese');
    case 'kana':
      return t(locale, 'drawn.kana');
    case 'nameEnglish':
      return t(locale, 'register.name-english');
    case 'birthDate':
      return t(locale, 'drawn.birth');
    case 'course':
      return t(locale, 'drawn.course');
    case 'grade':
      return t(locale, 'drawn.grade');
    case 'enrolledOn':
      return t(locale, 'drawn.enrolled');
    case 'leftOn':
      return t(locale, leftLabel({ kind }));
  }
}

export function choiceLabel(locale: Locale, field: ShareField, kind: IssuedKind): string {
  const [plain = '', year] = field.split('/');
  // Sound: a field without a year is a plain one.
  return year === undefined ? fieldLabel(locale, plain as PlainField, kind) : t(locale, 'share.subjects-of', { year });
}

const tones = {
  open: 'success',
  locked: 'warning',
  used: 'neutral',
  expired: 'neutral',
  withdrawn: 'neutral',
} as const;

export function ShareChip({ locale, state }: { readonly locale: Locale; readonly state: ShareState }) {
  return <StatusChip tone={tones[state]}>{t(locale, `share.state-${state}`)}</StatusChip>;
}

/** What somebody typed is in their language, whatever the page's. */
export function audienceOf(locale: Locale, { audience }: ShareView) {
  return audience ?? t(locale, 'share.audience-gone');
}

export function rowsOf(locale: Locale, share: ShareView, kind: IssuedKind): readonly SummaryRow[] {
  const { fields, whole, hasPin, once, wrongPins } = share;
  const chosen = fields.map((field) => choiceLabel(locale, field, kind)).join(t(locale, 'share.comma'));
  return [
    { label: t(locale, 'share.audience'), value: audienceOf(locale, share) },
    { label: t(locale, 'share.shown'), value: whole ? t(locale, 'share.whole-with', { fields: chosen }) : chosen },
    { label: t(locale, 'share.expires'), value: formatDateTime(locale, new Date(share.expiresAt)) },
    { label: t(locale, 'share.made-at'), value: formatDateTime(locale, new Date(share.madeAt)) },
    {
      label: t(locale, 'share.pin'),
      value: hasPin ? t(locale, 'share.pin-set', { count: wrongPins }) : t(locale, 'share.pin-none'),
    },
    { label: t(locale, 'share.how-often'), value: t(locale, once ? 'share.once' : 'share.often') },
  ];
}
