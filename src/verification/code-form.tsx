import { Actions, Button } from '../web/components/button.tsx';
import { TextField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';

/** Where the code on a certificate leads to; without script too. */
export const codePath = '/c';

interface CodeFormProps {
  readonly locale: Locale;
  readonly value?: string;
  readonly error?: string | undefined;
}

/** For whoever has a paper and no camera: the code under its first QR code, typed. */
export function CodeForm({ locale, value, error }: CodeFormProps) {
  return (
    <Form locale={locale} action={codePath} method="get">
      <TextField
        locale={locale}
        name="code"
        label={t(locale, 'code.label')}
        hint={t(locale, 'code.hint')}
        value={value}
        error={error}
        width="medium"
        maxlength={200}
        code
        required
      />
      <Actions>
        <Button kind="secondary">{t(locale, 'code.look')}</Button>
      </Actions>
    </Form>
  );
}
