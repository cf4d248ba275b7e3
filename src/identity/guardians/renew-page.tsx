import { PageHead } from '../../web/components/section.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { CertificateForm } from '../certificate-form.tsx';
import { linksPath } from './words.tsx';

/** While the old certificate opens the door, the new one can be tied to the same person without the school. */
export function RenewPage({ frame }: { readonly frame: PageFrame }) {
  const { locale } = frame;
  const title = t(locale, 'renew.title');
  const crumbs = [{ label: t(locale, 'link.title'), href: linksPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow" scripts={['certificate-login.js']}>
      <PageHead title={title} lead={t(locale, 'renew.lead')} />
      <CertificateForm locale={frame.locale} next={`${linksPath}?done=renewed`} use="bind" />
      <p class="hint">{t(locale, 'login.person-private')}</p>
    </Page>
  );
}
