import { Actions, Button } from '../web/components/button.tsx';
import { FileField, TextField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { Icon } from '../web/components/icon.tsx';
import { Card, Columns, PageHead, Section } from '../web/components/section.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';

interface LoginPageProps {
  readonly frame: PageFrame;
  readonly providerId: string | null;
  /** デジタル認証アプリ; null where the operator has not registered with it. */
  readonly personProviderId: string | null;
  /** A path of ours to go to afterwards. */
  readonly next: string;
}

/** The doors: the organisation's account; for persons the certificate, and the app. */
export function LoginPage({ frame, providerId, personProviderId, next }: LoginPageProps) {
  const { locale } = frame;
  const title = t(locale, 'login.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} scripts={['certificate-login.js']}>
      <PageHead title={title} lead={t(locale, 'login.lead')} />
      <Section title={t(locale, 'login.staff')}>
        <Card level={3} title={t(locale, 'login.staff-door')}>
          <p>{t(locale, 'login.staff-lead')}</p>
          {providerId !== null && (
            <Form locale={locale} action={`/login/organisation/${providerId}`} hidden={{ next }}>
              <Actions>
                <Button icon="school">{t(locale, 'login.staff-button')}</Button>
              </Actions>
            </Form>
          )}
          <p class="hint">{t(locale, 'login.staff-steps')}</p>
          <p>
            <a href="/login/invitation">{t(locale, 'invitation.enter')}</a>
          </p>
        </Card>
      </Section>
      <Section id="person" title={t(locale, 'login.person')} lead={t(locale, 'login.person-doors')}>
        <Columns>
          {personProviderId !== null && (
            <Card level={3} title={t(locale, 'login.app')}>
              <p>{t(locale, 'login.app-lead')}</p>
              <Form locale={locale} action={`/login/person/${personProviderId}`} hidden={{ next }}>
                <Actions>
                  <Button icon="lock">{t(locale, 'login.app-button')}</Button>
                </Actions>
              </Form>
              <p class="hint">{t(locale, 'login.app-private')}</p>
            </Card>
          )}
          <Card level={3} title={t(locale, 'login.certificate')}>
            <p>{t(locale, 'login.person-lead')}</p>
            <CertificateForm frame={frame} next={next} />
            <p class="hint">{t(locale, 'login.person-private')}</p>
          </Card>
        </Columns>
      </Section>
      <p class="hint">{t(locale, 'login.expired-notice')}</p>
    </Page>
  );
}

/**
 * Handled by certificate-login.ts alone. Without script the button stays disabled and `dialog` sends nothing anywhere:
 * a password must never end up in an address.
 */
export function CertificateForm(props: {
  readonly frame: PageFrame;
  readonly next: string;
  /** To log in, or to add a renewed certificate to whoever is logged in. */
  readonly use?: 'login' | 'bind';
}) {
  const { next, use = 'login' } = props;
  const { locale } = props.frame;
  return (
    <>
      <noscript>
        <p class="error">{t(locale, 'login.no-script')}</p>
      </noscript>
      <form
        class="form"
        method="dialog"
        data-certificate-login
        data-next={next}
        data-purpose={use === 'bind' ? 'bind-certificate' : 'login'}
        data-answer={use === 'bind' ? '/api/certificates' : '/api/login/certificate'}
        data-text-working={t(locale, 'login.working')}
        data-text-password={t(locale, 'login.wrong-password')}
        data-text-file={t(locale, 'login.wrong-file')}
        data-text-unsupported={t(locale, 'login.unsupported')}
        data-text-refused={t(locale, 'login.refused')}
        data-text-network={t(locale, 'login.network')}
      >
        <FileField
          locale={locale}
          name="certificate"
          required
          accept=".p12,.pfx,application/x-pkcs12"
          label={t(locale, 'login.person-file')}
          hint={t(locale, 'login.person-file-hint')}
        />
        <TextField
          locale={locale}
          name="password"
          type="password"
          required
          label={t(locale, 'login.person-password')}
          width="medium"
        />
        <Actions>
          <button type="submit" class="button button-secondary" disabled>
            <Icon name="lock" />
            <span>{t(locale, use === 'bind' ? 'renew.button' : 'login.person-button')}</span>
          </button>
        </Actions>
        <p class="status-line" role="status" data-status />
      </form>
    </>
  );
}
