import type { FormValues } from '../transfers/form-values.ts';
import { RadioField } from '../web/components/choices.tsx';
import { TextField } from '../web/components/fields.tsx';
import { Section } from '../web/components/section.tsx';
import { DataTable } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { EntryView } from './show-register.ts';
import { correctionGrounds } from './tables.ts';

/** Why what a closed school has left is changed: it stays beside the entry. */
export function GroundFields({
  locale,
  values,
  errors,
}: {
  readonly locale: Locale;
  readonly values: FormValues;
  readonly errors: Readonly<Record<string, string>>;
}) {
  return (
    <>
      <RadioField
        locale={locale}
        name="ground"
        label={t(locale, 'register.ground')}
        required
        value={values['ground']}
        error={errors['ground']}
        options={correctionGrounds.map((value) => ({ value, label: t(locale, `register.ground-${value}`) }))}
      />
      <TextField
        locale={locale}
        name="reference"
        label={t(locale, 'register.reference')}
        hint={t(locale, 'register.reference-hint')}
        value={values['reference']}
        error={errors['reference']}
        width="medium"
        maxlength={40}
        required
      />
    </>
  );
}

/** What was corrected since the school closed: when, by whom, on which ground. */
export function CorrectionsTable({ locale, entry }: { readonly locale: Locale; readonly entry: EntryView }) {
  return (
    <Section title={t(locale, 'register.corrections')}>
      <DataTable
        caption={t(locale, 'register.corrections')}
        rows={entry.corrections}
        empty={<p />}
        columns={[
          {
            header: t(locale, 'register.corrected-at'),
            heading: true,
            cell: ({ at }) => formatDateTime(locale, new Date(at)),
          },
          {
            header: t(locale, 'register.corrected-by'),
            cell: ({ bySchool }) => <span lang="ja">{bySchool.name}</span>,
          },
          { header: t(locale, 'register.ground'), cell: ({ ground }) => t(locale, `register.ground-${ground}`) },
          { header: t(locale, 'register.reference'), cell: ({ reference }) => <span lang="ja">{reference}</span> },
        ]}
      />
    </Section>
  );
}
