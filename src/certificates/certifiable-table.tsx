import { inabilityKind } from '../records/certificate-kinds.ts';
import { Section } from '../web/components/section.tsx';
import { DataTable } from '../web/components/table.tsx';
import { formatDay } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { Certifiable } from './rules.ts';
import type { EntryView } from './show-register.ts';

interface CertifiableTableProps {
  readonly locale: Locale;
  readonly certifiable: EntryView['certifiable'];
}

/** Each kind: can it be certified from this entry today, until when, and why not. */
export function CertifiableTable({ locale, certifiable }: CertifiableTableProps) {
  return (
    <Section title={t(locale, 'certificate.can')} lead={t(locale, 'certificate.can-lead')}>
      <DataTable
        caption={t(locale, 'certificate.can')}
        rows={certifiable}
        columns={[
          {
            header: t(locale, 'certificate.kind'),
            cell: ({ asked }) => t(locale, `certificate.${asked}`),
            heading: true,
          },
          { header: t(locale, 'certificate.answer'), cell: ({ answer }) => answerText(locale, answer) },
        ]}
      />
    </Section>
  );
}

function answerText(locale: Locale, answer: Certifiable): string {
  if (!answer.can) return t(locale, `certificate.cannot-${answer.reason}`);
  if (answer.kind === inabilityKind) return t(locale, 'certificate.can-inability');
  if (answer.until === null) return t(locale, 'certificate.can-now');
  return t(locale, 'certificate.can-until', { day: formatDay(locale, answer.until) });
}
