import { Actions, Button } from '../web/components/button.tsx';
import { describedBy, Field, fieldId } from '../web/components/field.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';

interface InvitationProps {
  readonly frame: PageFrame;
  readonly providerId: string | null;
}

/** The code that a school handed to somebody new; it goes with the log-in, and is judged when the account is known. */
export function InvitationPage({ frame, providerId }: InvitationProps) {
  const { locale } = frame;
  const title = t(locale, 'invitation.enter');
  const code = { locale, name: 'code', label: t(locale, 'invitation.code'), hint: t(locale, 'link.code-hint') };
  const codeField = { ...code, required: true };
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow" scripts={['certificate-login.js']}>
      <PageHead title={title} lead={t(locale, 'invitation.enter-lead')} />
      <Form locale={locale} action={`/login/organisation/${providerId ?? ''}`} hidden={{ next: '/' }}>
        <Field {...codeField}>
          <input
            class="input input-full code"
            id={fieldId('code')}
            name="code"
            type="text"
            autocomplete="off"
            maxlength={60}
            required
            spellcheck={false}
            data-code-from-address
            {...describedBy(codeField)}
          />
        </Field>
        <Actions>
          <Button icon="school">{t(locale, 'invitation.log-in')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
