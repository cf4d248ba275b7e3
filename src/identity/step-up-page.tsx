import type { Actor } from '../policy/actor.ts';
import { isFresh } from '../policy/fresh.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { accountPaths } from '../web/layout/header.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { CertificateForm } from './certificate-form.tsx';

/** How somebody can show again who they are: as they did before. */
type StepUpWay = 'provider' | 'certificate' | 'none';

interface StepUpPageProps {
  readonly frame: PageFrame;
  /** The page of the act. */
  readonly next: string;
  readonly way: StepUpWay | null;
}

/** Null for those who have not logged in, or not by a browser. */
export function stepUpWay(actor: Actor): StepUpWay | null {
  if (actor.kind === 'staff' || actor.kind === 'unboundStaff') return 'provider';
  if (actor.kind !== 'person') return null;
  switch (actor.assurance) {
    case 'certificate':
      return 'certificate';
    case 'digitalAuthenticationApp':
      return 'provider';
    case 'organisationPrime':
    case 'organisationMember':
    case 'schoolCode':
    case 'machine':
      return 'none';
  }
}

/** Before a weighty act: log in once more, as the same person, and come back. */
export function StepUpPage({ frame, next, way }: StepUpPageProps) {
  const { locale } = frame;
  const title = t(locale, 'again.title');
  const scripts = way === 'certificate' ? (['certificate-login.js'] as const) : [];
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow" scripts={scripts}>
      <PageHead title={title} lead={t(locale, 'again.lead')} />
      {way === 'provider' && (
        <Form locale={locale} action={accountPaths.again} hidden={{ next }}>
          <p>{t(locale, 'again.provider-steps')}</p>
          <Actions>
            <Button icon="lock">{t(locale, 'again.provider')}</Button>
          </Actions>
        </Form>
      )}
      {way === 'certificate' && (
        <>
          <p>{t(locale, 'again.certificate')}</p>
          <CertificateForm locale={locale} next={next} use="stepUp" />
        </>
      )}
      {(way === 'none' || way === null) && <p>{t(locale, 'again.none')}</p>}
      <p class="hint">{t(locale, 'again.kept')}</p>
      <Actions>
        <ButtonLink href={next} kind="text">
          {t(locale, 'again.back')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}

/** After it, or for whoever needs none: on to the act, in this tab or in the one that waits with what was typed. */
export function StepUpDonePage({ frame, next }: { readonly frame: PageFrame; readonly next: string }) {
  const { locale } = frame;
  const title = t(locale, 'again.done');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'again.done-text')} />
      <Actions>
        <ButtonLink href={next}>{t(locale, 'again.go-on')}</ButtonLink>
      </Actions>
    </Page>
  );
}

/** Stands above the form of a weighty act whose reader would be sent away to log in: before anything is typed. */
export function StepUpNotice({ frame, actor }: { readonly frame: PageFrame; readonly actor: Actor }) {
  const { locale, now, path } = frame;
  if (isFresh(actor, now)) return null;
  const again = `${accountPaths.again}?next=${encodeURIComponent(path)}`;
  const action = (
    <ButtonLink href={again} kind="secondary" icon="lock">
      {t(locale, 'again.first')}
    </ButtonLink>
  );
  return (
    <Banner locale={locale} tone="info" title={t(locale, 'again.soon')} action={action}>
      <p>{t(locale, 'again.soon-text')}</p>
    </Banner>
  );
}
