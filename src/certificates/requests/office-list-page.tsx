import { Actions, ButtonLink } from '../../web/components/button.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { type ListedRequest, listedRequests } from './list-requests.ts';
import { type RequestState, requestStates } from './rules.ts';
import { officePath, StateChip } from './words.tsx';

export const officeNews = [
  'entered',
  'checked',
  'approved',
  'refused',
  'asked',
  'revoked',
  'kept',
  'replacing',
] as const;

const newsTexts = {
  entered: 'request.entered',
  checked: 'request.checked',
  approved: 'request.approved',
  refused: 'request.refused',
  asked: 'revoke.asked-news',
  revoked: 'revoke.confirmed',
  kept: 'revoke.kept',
  replacing: 'replace.asked',
} as const;

interface OfficeListProps {
  readonly frame: PageFrame;
  readonly requests: readonly ListedRequest[];
  /** Null: all that are under way. */
  readonly state: RequestState | null;
  readonly news: (typeof officeNews)[number] | null;
}

/** 証明書の請求 at the school: what is under way, or what has come to one end. */
export function OfficeListPage({ frame, requests, state, news }: OfficeListProps) {
  const { locale } = frame;
  const title = t(locale, 'request.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'request.lead', { count: listedRequests })} />
      {news !== null && <Banner locale={locale} tone="success" title={t(locale, newsTexts[news])} />}
      <Actions>
        <ButtonLink kind={state === null ? 'primary' : 'secondary'} href={officePath}>
          {t(locale, 'request.open')}
        </ButtonLink>
        {requestStates.map((one) => (
          <ButtonLink kind={state === one ? 'primary' : 'secondary'} href={`${officePath}?state=${one}`}>
            {t(locale, `request.state-${one}`)}
          </ButtonLink>
        ))}
      </Actions>
      <DataTable
        caption={title}
        rows={requests}
        empty={<EmptyState title={t(locale, 'request.none')} />}
        columns={[
          {
            header: t(locale, 'request.name'),
            heading: true,
            cell: ({ id, pupilName }) => (
              <a href={`${officePath}/${id}`}>
                {pupilName === null ? t(locale, 'request.not-on-roll') : <span lang="ja">{pupilName}</span>}
              </a>
            ),
          },
          { header: t(locale, 'own-certificate.kind'), cell: ({ kind }) => t(locale, `certificate.${kind}`) },
          { header: t(locale, 'request.who'), cell: ({ relation }) => t(locale, `request.relation-${relation}`) },
          { header: t(locale, 'request.at'), cell: (one) => formatDateTime(locale, new Date(one.requestedAt)) },
          { header: t(locale, 'request.state'), cell: (one) => <StateChip {...{ locale }} state={one.state} /> },
        ]}
      />
    </Page>
  );
}
