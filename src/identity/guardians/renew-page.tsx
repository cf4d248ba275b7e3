import type { Actor } from '../../policy/actor.ts';
import { PageHead } from '../../web/components/section.tsx';
import { accountPaths } from '../../web/layout/header.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { CertificateForm } from '../certificate-form.tsx';
import { StepUpNotice } from '../step-up-page.tsx';

/** While another way opens the door, a certificate can be tied to the same person without the school. */
export function RenewPage({ frame, actor }: { readonly frame: PageFrame; readonly actor: Actor }) {
  const { locale } = frame;
  const title = t(locale, 'renew.title');
  const crumbs = [{ label: t(locale, 'session.title'), href: accountPaths.sessions }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow" scripts={['certificate-login.js']}>
      <PageHead title={title} lead={t(locale, 'renew.lead')} />
      <StepUpNotice frame={frame} actor={actor} />
      <CertificateForm locale={frame.locale} next={`${accountPaths.sessions}?done=added`} use="bind" />
      <p class="hint">{t(locale, 'login.person-private')}</p>
    </Page>
  );
}
