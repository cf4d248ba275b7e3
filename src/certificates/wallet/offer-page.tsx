import { QrCode } from '../../identity/qr-code.tsx';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { CodeBox } from '../../web/components/code-box.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { CopyView } from '../requests/view.ts';
import { ownPath } from '../requests/words.tsx';
import type { MadeOffer } from './make-offer.ts';

/** The QR code and the number, shown once: this page answers the form and cannot be asked for again. */
export function OfferPage({ frame, offer }: { readonly frame: PageFrame; readonly offer: MadeOffer }) {
  const { locale } = frame;
  const { certificate, link, pin, expiresAt } = offer;
  const title = t(locale, 'wallet-offer.title');
  const crumbs = [
    { label: t(locale, 'own-certificate.title'), href: ownPath },
    { label: t(locale, `certificate.${certificate.kind}`), href: `${ownPath}/${certificate.requestId}` },
    { label: title },
  ];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} lead={t(locale, 'wallet-offer.scan')} />
      <QrCode text={link} label={t(locale, 'wallet-offer.code')} />
      <Actions>
        <ButtonLink href={link}>{t(locale, 'wallet-offer.open')}</ButtonLink>
      </Actions>
      <CodeBox locale={locale} id="wallet-pin" label={t(locale, 'wallet-offer.pin')} value={pin} />
      <p>{t(locale, 'wallet-offer.pin-text')}</p>
      <Banner locale={locale} tone="warning" title={t(locale, 'wallet-offer.warning')}>
        <p>{t(locale, 'wallet-offer.until', { at: formatDateTime(locale, expiresAt) })}</p>
      </Banner>
    </Page>
  );
}

/** On the own page of a certificate: the way into a wallet, for each copy that counts. */
export function WalletPart({
  locale,
  certificates,
}: {
  readonly locale: Locale;
  readonly certificates: readonly CopyView[];
}) {
  const counting = certificates.filter(({ state }) => state === 'valid');
  if (counting.length === 0) return null;
  return (
    <Section title={t(locale, 'wallet-offer.title')} lead={t(locale, 'wallet-offer.lead')}>
      {counting.map(({ id, number, copy }) => (
        <Form locale={locale} action={`/issued-certificates/${id}/wallet-offers`}>
          <Actions>
            <Button kind="secondary">
              {t(locale, 'wallet-offer.make')} {t(locale, 'own-certificate.download-copy', { number, copy })}
            </Button>
          </Actions>
        </Form>
      ))}
    </Section>
  );
}
