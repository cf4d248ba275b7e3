import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { CredentialPart } from '../credentials/pages.tsx';
import { sharesPath } from '../shares/words.tsx';
import { WalletPart } from '../wallet/offer-page.tsx';
import { ConsentPart } from './consent-part.tsx';
import type { ShownText } from './consent-text.ts';
import { CopyNews } from './copy-news.tsx';
import { LossPart } from './replace-part.tsx';
import { isOwnWish, mayFollow } from './rules.ts';
import type { CopyView, RequestView } from './view.ts';
import { factsOf, ownPath, StateChip } from './words.tsx';

interface OwnRequestProps {
  readonly frame: PageFrame;
  readonly request: RequestView;
  readonly reason: Fault | null;
  readonly consent: ShownText;
}

/** How far one request has come; what was issued can be taken here. */
export function OwnRequestPage({ frame, request, reason, consent }: OwnRequestProps) {
  const { locale } = frame;
  const { id, kind, state, certificates } = request;
  const title = t(locale, `certificate.${kind}`);
  const crumbs = [{ label: t(locale, 'own-certificate.title'), href: ownPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} status={<StateChip {...{ locale, state }} />} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {state === 'approved' && <Banner locale={locale} tone="info" title={t(locale, 'own-certificate.issuing')} />}
      {state === 'checked' && <Banner locale={locale} tone="info" title={t(locale, 'request.waits-principal')} />}
      {state === 'requested' && <Banner locale={locale} tone="info" title={t(locale, 'request.waits-clerk')} />}
      {certificates.map((copy) => (
        <CopyNews {...{ locale, copy }} />
      ))}
      {certificates.length > 0 && <Files {...{ locale, certificates }} />}
      {certificates.length > 0 && <WalletPart {...{ locale, certificates }} />}
      {certificates.length > 0 && <CredentialPart {...{ locale, certificates }} />}
      {certificates.length > 0 && <Shares {...{ locale, certificates }} />}
      <SummaryList rows={factsOf(locale, request)} />
      {certificates.map((copy) => (
        <LossPart {...{ locale, copy, consent }} />
      ))}
      {request.hasConsent && <ConsentPart locale={locale} action={`/api${ownPath}/${id}/consent`} />}
      {mayFollow(state, 'withdrawn') && isOwnWish(request.replacement?.reason ?? null) && (
        <Section title={t(locale, 'own-certificate.withdraw')} lead={t(locale, 'own-certificate.withdraw-text')}>
          <Form locale={locale} action={`${ownPath}/${id}/withdrawal`}>
            <Actions>
              <Button kind="secondary">{t(locale, 'own-certificate.withdraw')}</Button>
            </Actions>
          </Form>
        </Section>
      )}
    </Page>
  );
}

function Shares({ locale, certificates }: { readonly locale: Locale; readonly certificates: readonly CopyView[] }) {
  return (
    <Section title={t(locale, 'share.of-copies')} lead={t(locale, 'share.of-copies-lead')}>
      <Actions>
        {certificates.map(({ id, number, state }) => (
          <ButtonLink kind="secondary" href={sharesPath(id)}>
            {t(locale, state === 'valid' ? 'share.of-copy' : 'share.of-past-copy', { number })}
          </ButtonLink>
        ))}
      </Actions>
    </Section>
  );
}

/** Each copy with its number. */
export function Files({
  locale,
  certificates,
}: {
  readonly locale: Locale;
  readonly certificates: readonly CopyView[];
}) {
  return (
    <Section title={t(locale, 'own-certificate.files')} lead={t(locale, 'own-certificate.files-lead')}>
      <Actions>
        {certificates.map(({ id, number, copy, state }) =>
          state !== 'valid' ? (
            <p>
              {t(locale, 'own-certificate.download-copy', { number, copy })}: {t(locale, `state.${state}`)}
            </p>
          ) : (
            <ButtonLink href={`/api/issued-certificates/${id}`} icon="download">
              {t(locale, 'own-certificate.download')} {t(locale, 'own-certificate.download-copy', { number, copy })}
            </ButtonLink>
          ),
        )}
      </Actions>
    </Section>
  );
}
