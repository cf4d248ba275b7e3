import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { Form } from '../web/components/form.tsx';
import { Card, Columns, PageHead, Section } from '../web/components/section.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { codeLoginPath } from './access-codes/login-pages.tsx';
import { CertificateForm } from './certificate-form.tsx';

interface LoginPageProps {
  readonly frame: PageFrame;
  readonly providerId: string | null;
  /** デジタル認証アプリ; null where the operator has not registered with it. */
  readonly personProviderId: string | null;
  /** A path of ours to go to afterwards. */
  readonly next: string;
}

/** The doors: the organisation's account; for persons the app, the certificate, and a paper from the school. */
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
            <CertificateForm locale={locale} next={next} />
            <p class="hint">{t(locale, 'login.person-private')}</p>
          </Card>
          <Card level={3} title={t(locale, 'paper.door')}>
            <p>{t(locale, 'paper.door-lead')}</p>
            <Actions>
              <ButtonLink kind="secondary" href={codeLoginPath}>
                {t(locale, 'paper.door-button')}
              </ButtonLink>
            </Actions>
            <p class="hint">{t(locale, 'paper.level')}</p>
          </Card>
        </Columns>
      </Section>
      <p class="hint">{t(locale, 'login.expired-notice')}</p>
    </Page>
  );
}
