import { Actions, ButtonLink } from '../../web/components/button.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { CopiesChip } from './copy-news.tsx';
import type { OwnRequests } from './follow-requests.ts';
import { ownPath, StateChip } from './words.tsx';

interface OwnListProps {
  readonly frame: PageFrame;
  readonly own: OwnRequests;
  readonly news: 'asked' | 'withdrawn' | null;
}

/** A person's own page: what they have asked for, and the way to ask. */
export function OwnListPage({ frame, own, news }: OwnListProps) {
  const { locale } = frame;
  const title = t(locale, 'own-certificate.title');
  const mayAsk = own.offers.some(({ kinds }) => kinds.length > 0);
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'own-certificate.lead')} />
      {news !== null && <Banner locale={locale} tone="success" title={t(locale, `own-certificate.${news}`)} />}
      {mayAsk ? (
        <Actions>
          <ButtonLink href={`${ownPath}/new`} icon="plus">
            {t(locale, 'own-certificate.new')}
          </ButtonLink>
        </Actions>
      ) : (
        <EmptyState title={t(locale, 'own-certificate.no-offer')}>
          {t(locale, 'own-certificate.no-offer-text')}
        </EmptyState>
      )}
      <Section title={t(locale, 'own-certificate.requests')}>
        <DataTable
          caption={t(locale, 'own-certificate.requests')}
          rows={own.requests}
          empty={<p>{t(locale, 'own-certificate.none')}</p>}
          columns={[
            {
              header: t(locale, 'own-certificate.kind'),
              heading: true,
              cell: ({ id, kind }) => <a href={`${ownPath}/${id}`}>{t(locale, `certificate.${kind}`)}</a>,
            },
            { header: t(locale, 'request.at'), cell: (one) => formatDateTime(locale, new Date(one.requestedAt)) },
            { header: t(locale, 'own-certificate.copies'), cell: ({ copies }) => String(copies) },
            {
              header: t(locale, 'request.state'),
              cell: (request) => (
                <>
                  <StateChip locale={locale} state={request.state} /> <CopiesChip {...{ locale, request }} />
                </>
              ),
            },
          ]}
        />
      </Section>
    </Page>
  );
}
