import { auditEventNames } from '../../audit/event-names.ts';
import { auditEventTable } from '../../audit/event-table.ts';
import { StatusChip } from '../../web/components/status.tsx';
import type { Tone } from '../../web/components/tone.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { Severity } from './rule-table.ts';
import type { AlertState } from './tables.ts';
import type { AlertEvent, OrganisationName } from './view-alert.ts';

const loud: Readonly<Record<Severity, Tone>> = { severe: 'danger', warning: 'warning', notice: 'info' };
const settled: Readonly<Record<AlertState, Tone>> = { open: 'warning', acknowledged: 'info', closed: 'success' };

export function SeverityChip({ locale, severity }: { readonly locale: Locale; readonly severity: Severity }) {
  return <StatusChip tone={loud[severity]}>{t(locale, `alert.severity-${severity}`)}</StatusChip>;
}

export function StateChip({ locale, state }: { readonly locale: Locale; readonly state: AlertState }) {
  return <StatusChip tone={settled[state]}>{t(locale, `alert.state-${state}`)}</StatusChip>;
}

export function OrganisationText(props: { readonly locale: Locale; readonly organisation: OrganisationName }) {
  const { locale, organisation } = props;
  return locale === 'ja' ? <>{organisation.name}</> : <>{organisation.nameEnglish}</>;
}

/** What an entry of the log says, in the words of the table of events. */
export function eventText(locale: Locale, { name, outcome }: Pick<AlertEvent, 'name' | 'outcome'>): string {
  const known = auditEventNames.find((one) => one === name);
  const text = known === undefined ? name : auditEventTable[known][locale];
  return outcome === 'done' ? text : t(locale, 'alert.refused', { act: text });
}
