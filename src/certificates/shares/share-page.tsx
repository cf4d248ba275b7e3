import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { CodeBox } from '../../web/components/code-box.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { DataTable } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { SharesOf } from './list-shares.ts';
import type { MadeShare } from './make-share.ts';
import { shareCrumbs } from './shares-page.tsx';
import type { ShareView } from './view.ts';
import { rowsOf, ShareChip, sharePath, sharesPath } from './words.tsx';

interface ShareProps {
  readonly frame: PageFrame;
  readonly certificate: SharesOf['certificate'];
  readonly share: ShareView;
}

/** One share: what it shows, when it was looked at, and its end. */
export function SharePage({ frame, certificate, share }: ShareProps) {
  const { locale } = frame;
  const { id, state } = share;
  const title = t(locale, 'share.one');
  const canEnd = state === 'open' || state === 'locked';
  return (
    <Page {...frame} title={title} breadcrumbs={shareCrumbs(frame, certificate, title)} width="narrow">
      <PageHead title={title} status={<ShareChip {...{ locale, state }} />} />
      {state === 'locked' && (
        <Banner locale={locale} tone="warning" title={t(locale, 'share.locked')}>
          <p>{t(locale, 'share.locked-text')}</p>
        </Banner>
      )}
      <SummaryList rows={rowsOf(locale, share, certificate.kind)} />
      <Section title={t(locale, 'share.history')} lead={t(locale, 'share.history-lead')}>
        <History {...{ frame, share }} />
      </Section>
      {canEnd && (
        <Section title={t(locale, 'share.withdraw')} lead={t(locale, 'share.withdraw-lead')}>
          <Form locale={locale} action={`${sharePath}/${id}/withdrawal`}>
            <Actions>
              <Button kind="danger">{t(locale, 'share.withdraw')}</Button>
            </Actions>
          </Form>
        </Section>
      )}
    </Page>
  );
}

function History({ frame: { locale }, share: { views, madeAt, withdrawnAt } }: Pick<ShareProps, 'frame' | 'share'>) {
  const at = (time: string) => formatDateTime(locale, new Date(time));
  const events = [
    { when: at(madeAt), what: t(locale, 'share.happened-made') },
    ...views.map(({ hour, times }) => ({
      when: t(locale, 'share.within-hour', { hour: at(hour) }),
      what: t(locale, 'share.happened-opened', { times }),
    })),
    ...(withdrawnAt === null ? [] : [{ when: at(withdrawnAt), what: t(locale, 'share.happened-withdrawn') }]),
  ];
  return (
    <DataTable
      caption={t(locale, 'share.history')}
      rows={events}
      columns={[
        { header: t(locale, 'share.when'), heading: true, cell: ({ when }) => when },
        { header: t(locale, 'share.what'), cell: ({ what }) => what },
      ]}
    />
  );
}

/** The only page that shows the link. */
export function MadeSharePage({ frame, certificate, made }: Omit<ShareProps, 'share'> & { readonly made: MadeShare }) {
  const { locale } = frame;
  const { share, url } = made;
  const title = t(locale, 'share.made');
  return (
    <Page {...frame} title={title} breadcrumbs={shareCrumbs(frame, certificate, title)} width="narrow">
      <PageHead title={title} lead={t(locale, 'share.made-lead')} />
      {url !== null && <CodeBox locale={locale} id="share-link" label={t(locale, 'share.link')} value={url} />}
      <Banner locale={locale} tone="warning" title={t(locale, 'share.shown-once')}>
        <p>{t(locale, share.hasPin ? 'share.tell-pin' : 'share.without-pin')}</p>
      </Banner>
      <SummaryList rows={rowsOf(locale, share, certificate.kind)} />
      <Actions>
        <ButtonLink kind="secondary" href={sharesPath(certificate.id)}>
          {t(locale, 'share.to-list')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}
