import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { Actions, ButtonLink } from '../../web/components/button.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { ownPath } from '../requests/words.tsx';
import type { SharesOf } from './list-shares.ts';
import { audienceOf, ShareChip, sharePath, sharesPath } from './words.tsx';

interface SharesProps {
  readonly frame: PageFrame;
  readonly of: SharesOf;
  readonly news: 'withdrawn' | null;
}

/** What a person lets others see of one certificate. */
export function SharesPage({ frame, of: { certificate, shares }, news }: SharesProps) {
  const { locale } = frame;
  const title = t(locale, 'share.title');
  const isValid = certificate.state === 'valid';
  const lead = t(locale, 'share.lead', {
    kind: t(locale, `certificate.${certificate.kind}`),
    number: certificate.number,
  });
  return (
    <Page {...frame} title={title} breadcrumbs={shareCrumbs(frame, certificate, title)}>
      <PageHead title={title} lead={lead} />
      {news !== null && <Banner locale={locale} tone="success" title={t(locale, 'share.news-withdrawn')} />}
      {isValid ? (
        <Actions>
          <ButtonLink href={`${sharesPath(certificate.id)}/new`} icon="plus">
            {t(locale, 'share.new')}
          </ButtonLink>
        </Actions>
      ) : (
        <Banner locale={locale} tone="warning" title={t(locale, 'share.not-valid')} />
      )}
      <DataTable
        caption={title}
        rows={shares}
        empty={<EmptyState title={t(locale, 'share.none')}>{t(locale, 'share.none-text')}</EmptyState>}
        columns={[
          {
            header: t(locale, 'share.audience'),
            heading: true,
            cell: (share) => <a href={`${sharePath}/${share.id}`}>{audienceOf(locale, share)}</a>,
          },
          { header: t(locale, 'share.state'), cell: ({ state }) => <ShareChip {...{ locale, state }} /> },
          { header: t(locale, 'share.expires'), cell: (one) => formatDateTime(locale, new Date(one.expiresAt)) },
          {
            header: t(locale, 'share.opened'),
            align: 'end',
            cell: ({ views }) => String(views.reduce((sum, { times }) => sum + times, 0)),
          },
        ]}
      />
    </Page>
  );
}

/** From the person's certificates down to here. */
export function shareCrumbs(
  { locale }: PageFrame,
  { id, requestId, kind }: { readonly id: string; readonly requestId: string; readonly kind: IssuedKind },
  last: string,
) {
  const list = t(locale, 'share.title');
  const crumbs = [
    { label: t(locale, 'own-certificate.title'), href: ownPath },
    { label: t(locale, `certificate.${kind}`), href: `${ownPath}/${requestId}` },
  ];
  return last === list
    ? [...crumbs, { label: list }]
    : [...crumbs, { label: list, href: sharesPath(id) }, { label: last }];
}
