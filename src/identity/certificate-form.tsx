import { Actions } from '../web/components/button.tsx';
import { FileField, TextField } from '../web/components/fields.tsx';
import { Icon } from '../web/components/icon.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';

const uses = {
  login: { purpose: 'login', answer: '/api/login/certificate', button: 'login.person-button' },
  bind: { purpose: 'bind-certificate', answer: '/api/certificates', button: 'renew.button' },
  stepUp: { purpose: 'step-up', answer: '/api/session/authentication', button: 'login.person-button' },
} as const;

interface CertificateFormProps {
  readonly locale: Locale;
  /** A path of ours to go to afterwards. */
  readonly next: string;
  /** To log in, to add a renewed certificate to whoever is logged in, or to confirm their session. */
  readonly use?: keyof typeof uses;
}

/**
 * Handled by certificate-login.ts alone. Without script the button stays disabled and `dialog` sends nothing anywhere:
 * a password must never end up in an address.
 */
export function CertificateForm({ locale, next, use = 'login' }: CertificateFormProps) {
  const { purpose, answer, button } = uses[use];
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
        data-purpose={purpose}
        data-answer={answer}
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
            <span>{t(locale, button)}</span>
          </button>
        </Actions>
        <p class="status-line" role="status" data-status />
      </form>
    </>
  );
}
