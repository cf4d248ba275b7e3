import { type Fault, fault } from '../../faults.ts';
import { StatusChip } from '../../web/components/status.tsx';
import type { SummaryRow } from '../../web/components/summary-list.tsx';
import type { Tone } from '../../web/components/tone.ts';
import { formatDateTime, formatNumber } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { RequestState } from './rules.ts';
import type { RequestView } from './view.ts';

export const ownPath = '/own-certificates';
export const officePath = '/certificate-requests';

const tones: Readonly<Record<RequestState, Tone>> = {
  requested: 'warning',
  checked: 'warning',
  approved: 'info',
  issued: 'success',
  refused: 'neutral',
  withdrawn: 'neutral',
};

export function StateChip({ locale, state }: { readonly locale: Locale; readonly state: RequestState }) {
  return <StatusChip tone={tones[state]}>{t(locale, `request.state-${state}`)}</StatusChip>;
}

function yen(locale: Locale, amount: number): string {
  return t(locale, 'request.yen', { yen: formatNumber(locale, amount) });
}

/** What was asked for, as both sides see it. */
export function factsOf(locale: Locale, request: RequestView): readonly SummaryRow[] {
  const { kind, language, copies, purpose, feeYen, relation, requestedAt, agentReference, approval } = request;
  const { replacement, formerSchool } = request;
  return [
    { label: t(locale, 'own-certificate.kind'), value: t(locale, `certificate.${kind}`) },
    { label: t(locale, 'own-certificate.language'), value: t(locale, `own-certificate.language-${language}`) },
    { label: t(locale, 'own-certificate.copies'), value: String(copies) },
    { label: t(locale, 'own-certificate.purpose'), value: t(locale, `request.purpose-${purpose}`) },
    { label: t(locale, 'request.fee'), value: yen(locale, feeYen) },
    { label: t(locale, 'request.who'), value: t(locale, `request.relation-${relation}`) },
    ...(formerSchool === null
      ? []
      : [{ label: t(locale, 'request.former-school'), value: formerSchool.name ?? formerSchool.code }]),
    ...(replacement === null
      ? []
      : [
          {
            label: t(locale, 'replace.replaces'),
            value: t(locale, `replace.of-${replacement.reason}`, { number: replacement.number ?? '' }),
          },
        ]),
    ...(agentReference === null ? [] : [{ label: t(locale, 'request.reference'), value: agentReference }]),
    { label: t(locale, 'request.level'), value: t(locale, `level.${request.assurance}`) },
    { label: t(locale, 'request.at'), value: formatDateTime(locale, new Date(requestedAt)) },
    ...(approval === null
      ? []
      : [{ label: t(locale, 'request.approval'), value: t(locale, `request.by-${approval}`) }]),
    ...(request.refusal === null
      ? []
      : [{ label: t(locale, 'request.reason'), value: t(locale, `request.refusal-${request.refusal}`) }]),
  ];
}

/** The faults that can send a request back; one that is none of them any more is told as such. */
const returnable = [
  'certificate.entry-missing',
  'certificate.template-missing',
  'certificate.not-certifiable',
  'certificate.name-english-missing',
  'certificate.character-missing',
  'certificate.content-changed',
  'certificate.school-closed',
  'seal.key-missing',
  'seal.key-doubted',
  'seal.key-elsewhere',
] as const;

/** Why it came back, as a fault that can be told. */
export function faultOf(code: string, params: Readonly<Record<string, string>>): Fault {
  const known = returnable.find((one) => one === code) ?? 'certificate.wrong-state';
  return fault(known, { params });
}
