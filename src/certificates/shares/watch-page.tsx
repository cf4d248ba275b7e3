import { Actions, Button } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { Verdict } from './shared-page.tsx';
import type { Watching } from './watch.ts';

interface WatchProps {
  readonly frame: PageFrame;
  readonly watching: Watching;
}

/** Where the mails to a viewer lead: which certificate it is about, and two buttons. */
export function WatchPage({ frame, watching: { certificate, isConfirmed } }: WatchProps) {
  const { locale, path } = frame;
  const title = t(locale, 'watch.title');
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead title={title} lead={t(locale, isConfirmed ? 'watch.confirmed' : 'watch.ask')} />
      {!isConfirmed && (
        <Form locale={locale} action={path}>
          <Actions>
            <Button>{t(locale, 'watch.confirm')}</Button>
          </Actions>
        </Form>
      )}
      <Verdict locale={locale} certificate={certificate} />
      <Form locale={locale} action={`${path}/removal`}>
        <Actions>
          <Button kind="secondary">{t(locale, 'watch.stop')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

export function WatchStoppedPage({ frame }: { readonly frame: PageFrame }) {
  const title = t(frame.locale, 'watch.title');
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead title={title} />
      <Banner locale={frame.locale} tone="success" title={t(frame.locale, 'watch.stopped')} />
    </Page>
  );
}
