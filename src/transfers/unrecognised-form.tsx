import { Actions, Button } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { Form } from '../web/components/form.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';

/** 心当たりがない: which line of the ledger, and the school that acted is told. */
export function UnrecognisedForm(props: {
  readonly locale: Locale;
  readonly action: string;
  readonly lines: readonly { readonly value: string; readonly label: string }[];
}) {
  const { locale, action, lines } = props;
  return (
    <Form locale={locale} action={action}>
      <SelectField
        locale={locale}
        name="eventId"
        label={t(locale, 'ledger.which')}
        options={lines}
        width="full"
        required
      />
      <Actions>
        <Button kind="secondary">{t(locale, 'ledger.report')}</Button>
      </Actions>
    </Form>
  );
}
