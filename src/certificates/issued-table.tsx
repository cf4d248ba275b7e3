import { Section } from '../web/components/section.tsx';
import { StatusChip } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { formatDay } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { officePath } from './requests/words.tsx';
import type { EntryView } from './show-register.ts';

interface IssuedTableProps {
  readonly locale: Locale;
  readonly issued: EntryView['issued'];
}

/** What was made from this entry and counts: whoever corrects it sees which certificates to replace. */
export function IssuedTable({ locale, issued }: IssuedTableProps) {
  return (
    <Section title={t(locale, 'register.issued')} lead={t(locale, 'register.issued-lead')}>
      <DataTable
        caption={t(locale, 'register.issued')}
        rows={issued}
        columns={[
          {
            header: t(locale, 'state.number'),
            heading: true,
            cell: ({ requestId, number }) => <a href={`${officePath}/${requestId}`}>{number}</a>,
          },
          { header: t(locale, 'certificate.kind'), cell: ({ kind }) => t(locale, `certificate.${kind}`) },
          { header: t(locale, 'state.issued'), cell: ({ issuedOn }) => formatDay(locale, issuedOn) },
          {
            header: t(locale, 'request.state'),
            cell: ({ beforeChange }) =>
              beforeChange ? (
                <StatusChip tone="warning">{t(locale, 'register.issued-before')}</StatusChip>
              ) : (
                <StatusChip tone="success">{t(locale, 'register.issued-after')}</StatusChip>
              ),
          },
        ]}
      />
    </Section>
  );
}
