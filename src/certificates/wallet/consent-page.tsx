import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { AskedAuthorization, AuthorizationRequest } from './authorise-wallet.ts';
import { walletPath } from './issuer.ts';

interface ConsentPageProps {
  readonly frame: PageFrame;
  readonly asked: AskedAuthorization;
  readonly request: AuthorizationRequest;
}

/** The wallet has sent its owner here: may it have the certificate? */
export function ConsentPage({ frame, asked, request }: ConsentPageProps) {
  const { locale } = frame;
  const title = t(locale, 'wallet-consent.title');
  const hidden = { client_id: request.clientId, request_uri: request.requestUri };
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead title={title} lead={t(locale, 'wallet-consent.lead')} />
      <SummaryList
        rows={[
          { label: t(locale, 'certificate.kind'), value: t(locale, `certificate.${asked.kind}`) },
          { label: t(locale, 'wallet-consent.wallet'), value: asked.wallet },
        ]}
      />
      <Form locale={locale} action={`${walletPath}/authorize`} hidden={hidden}>
        <Actions>
          <Button name="answer" value="yes">
            {t(locale, 'wallet-consent.agree')}
          </Button>
          <Button kind="secondary" name="answer" value="no">
            {t(locale, 'wallet-consent.decline')}
          </Button>
        </Actions>
      </Form>
    </Page>
  );
}

/** A link and no redirect: the page's own policy lets no form of ours lead to another site or app. */
export function BackPage({ frame, address }: { readonly frame: PageFrame; readonly address: string }) {
  const { locale } = frame;
  const title = t(locale, 'wallet-consent.back');
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead title={title} lead={t(locale, 'wallet-consent.back-lead')} />
      <Actions>
        <ButtonLink href={address}>{t(locale, 'wallet-consent.return')}</ButtonLink>
      </Actions>
    </Page>
  );
}
