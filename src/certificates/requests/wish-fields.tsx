import type { FormValues } from '../../transfers/form-values.ts';
import { RadioField, SelectField } from '../../web/components/choices.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { formatNumber } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { Offer } from './follow-requests.ts';
import { purposes } from './rules.ts';

interface WishFieldsProps {
  readonly locale: Locale;
  readonly kinds: Offer['kinds'];
  readonly values: FormValues;
  readonly errors: Readonly<Record<string, string>>;
}

/** Kind with its fee, language, copies and purpose: the same for whoever asks and for the office. */
export function WishFields({ locale, kinds, values, errors }: WishFieldsProps) {
  return (
    <>
      <RadioField
        locale={locale}
        name="kind"
        label={t(locale, 'own-certificate.kind')}
        required
        value={values['kind']}
        error={errors['kind']}
        options={kinds.map(({ kind, fields, feeYen, atOnce }) => ({
          value: kind,
          label: t(locale, 'own-certificate.kind-fee', {
            kind: t(locale, `certificate.${kind}`),
            fee: formatNumber(locale, feeYen),
          }),
          hint: [
            t(locale, 'own-certificate.kind-fields', {
              fields: fields.map((field) => t(locale, `certified.${field}`)).join(t(locale, 'certified.between')),
            }),
            ...(atOnce ? [t(locale, 'own-certificate.kind-at-once')] : []),
          ].join(' '),
        }))}
      />
      <RadioField
        locale={locale}
        name="language"
        label={t(locale, 'own-certificate.language')}
        required
        value={values['language'] ?? 'ja'}
        error={errors['language']}
        options={(['ja', 'en'] as const).map((value) => ({
          value,
          label: t(locale, `own-certificate.language-${value}`),
        }))}
      />
      <TextField
        locale={locale}
        name="copies"
        label={t(locale, 'own-certificate.copies')}
        hint={t(locale, 'own-certificate.copies-hint')}
        value={values['copies'] ?? '1'}
        error={errors['copies']}
        inputmode="numeric"
        width="short"
        maxlength={1}
        required
      />
      <SelectField
        locale={locale}
        name="purpose"
        label={t(locale, 'own-certificate.purpose')}
        required
        value={values['purpose']}
        error={errors['purpose']}
        options={purposes.map((value) => ({ value, label: t(locale, `request.purpose-${value}`) }))}
      />
    </>
  );
}
