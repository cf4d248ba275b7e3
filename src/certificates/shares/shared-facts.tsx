import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { Section } from '../../web/components/section.tsx';
import { SummaryList, type SummaryRow } from '../../web/components/summary-list.tsx';
import { DataTable } from '../../web/components/table.tsx';
import { formatDay } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { plainFields, type SharedFacts } from './rules.ts';
import { fieldLabel } from './words.tsx';

interface FactsProps {
  readonly locale: Locale;
  readonly facts: SharedFacts;
  readonly kind: IssuedKind;
  readonly hasFile: boolean;
}

/** What was chosen, in the words that stand on the certificate. */
export function SharedFactsPart({ locale, facts, kind, hasFile }: FactsProps) {
  const rows = plainFields.flatMap((field): SummaryRow[] => {
    const value = facts[field];
    if (value === undefined) return [];
    const isDay = field === 'birthDate' || field === 'enrolledOn' || field === 'leftOn';
    return [
      {
        label: fieldLabel(locale, field, kind),
        value: isDay ? formatDay(locale, value) : <Japanese>{value}</Japanese>,
      },
    ];
  });
  const asked = { label: t(locale, 'drawn.asked'), value: t(locale, `certificate.${facts.asked}`) };
  return (
    <Section title={t(locale, 'shared.facts')} lead={t(locale, hasFile ? 'shared.all-facts' : 'shared.some-facts')}>
      <SummaryList rows={facts.asked === kind ? rows : [...rows, asked]} />
      {facts.subjects.length > 0 && (
        <DataTable
          caption={t(locale, 'drawn.subject')}
          rows={facts.subjects}
          columns={[
            { header: t(locale, 'drawn.year'), cell: ({ schoolYear }) => String(schoolYear) },
            { header: t(locale, 'drawn.subject'), heading: true, cell: ({ name }) => <Japanese>{name}</Japanese> },
            { header: t(locale, 'drawn.credits'), align: 'end', cell: ({ credits }) => numberOr(credits) },
            ...(kind === 'transcript'
              ? [
                  {
                    header: t(locale, 'drawn.mark'),
                    align: 'end',
                    cell: ({ grade }: SharedFacts['subjects'][number]) => numberOr(grade),
                  } as const,
                ]
              : []),
          ]}
        />
      )}
      <p>{t(locale, 'drawn.level', { level: t(locale, `level.${facts.assurance}`) })}</p>
    </Section>
  );
}

function Japanese({ children }: { readonly children: string }) {
  return <span lang="ja">{children}</span>;
}

function numberOr(value: number | null): string {
  return value === null ? '—' : String(value);
}
