import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { accountPaths } from '../../web/layout/header.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';

/** After "that was not me": what has been done, and what only the owner can do. */
export function NotMePage({ frame, of }: { readonly frame: PageFrame; readonly of: 'person' | 'staff' }) {
  const { locale } = frame;
  const title = t(locale, 'not-me.title');
  const crumbs = [{ label: t(locale, 'session.title'), href: accountPaths.sessions }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} />
      <Banner locale={locale} tone="success" title={t(locale, 'not-me.ended')}>
        <p>{t(locale, 'not-me.ended-text')}</p>
      </Banner>
      {of === 'person' && (
        <Section title={t(locale, 'not-me.ways')}>
          <p>{t(locale, 'not-me.ways-text')}</p>
          <Actions>
            <ButtonLink href={`${accountPaths.sessions}#ways`} kind="secondary">
              {t(locale, 'way.title')}
            </ButtonLink>
          </Actions>
        </Section>
      )}
      {of === 'staff' && (
        <Section title={t(locale, 'not-me.account')}>
          <p>{t(locale, 'not-me.account-text')}</p>
        </Section>
      )}
      <Section title={t(locale, 'not-me.report')}>
        <p>{t(locale, of === 'person' ? 'not-me.report-text' : 'not-me.told-text')}</p>
        <Actions>
          <ButtonLink href="/cases" kind="secondary">
            {t(locale, 'not-me.report-link')}
          </ButtonLink>
        </Actions>
      </Section>
      <Section title={t(locale, 'not-me.here')}>
        <p>{t(locale, 'not-me.here-text')}</p>
        <Form locale={locale} action={`${accountPaths.sessions}/end-all`}>
          <Actions>
            <Button kind="danger" name="which" value="all">
              {t(locale, 'session.end-all')}
            </Button>
          </Actions>
        </Form>
      </Section>
    </Page>
  );
}
