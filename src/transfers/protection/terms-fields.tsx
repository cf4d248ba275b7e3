import { CheckField, RadioField } from '../../web/components/choices.tsx';
import { DateField } from '../../web/components/fields.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { Nameable } from './show-protections.ts';

/** What was typed or chosen. */
export interface TermsForm {
  readonly startsOn?: string | undefined;
  readonly source?: string | undefined;
  readonly reviewOn?: string | undefined;
  readonly excludesPupil: boolean;
  readonly members: readonly string[];
}

const choosable = ['municipality', 'court', 'school'] as const;

/** Who asked, until when, who may know, and whether the pupil's own log-in shows the cases. */
export function TermsFields(props: {
  readonly locale: Locale;
  readonly form: TermsForm;
  readonly errors: Readonly<Record<string, string>>;
  readonly nameable: readonly Nameable[];
}) {
  const { locale, form, errors, nameable } = props;
  return (
    <>
      <DateField
        locale={locale}
        name="reviewOn"
        label={t(locale, 'protection.review-on')}
        hint={t(locale, 'protection.review-hint')}
        value={form.reviewOn}
        error={errors['reviewOn']}
        required
      />
      <RadioField
        locale={locale}
        name="source"
        label={t(locale, 'protection.source')}
        value={form.source}
        error={errors['source']}
        required
        options={choosable.map((value) => ({ value, label: t(locale, `protection.source-${value}`) }))}
      />
      {nameable.length > 0 && (
        <CheckField
          locale={locale}
          name="members"
          label={t(locale, 'protection.members')}
          hint={t(locale, 'protection.members-hint')}
          error={errors['members']}
          values={form.members}
          options={nameable.map(({ staffId, name, role }) => ({
            value: staffId,
            label: (
              <>
                <span lang="ja">{name}</span> ({t(locale, `role.${role}`)})
              </>
            ),
          }))}
        />
      )}
      <CheckField
        locale={locale}
        name="excludesPupil"
        label={t(locale, 'protection.pupil')}
        hint={t(locale, 'protection.pupil-hint')}
        values={form.excludesPupil ? ['yes'] : []}
        options={[{ value: 'yes', label: t(locale, 'protection.excludes-pupil') }]}
      />
    </>
  );
}
