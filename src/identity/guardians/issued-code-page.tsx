import { Actions, ButtonLink } from '../../web/components/button.tsx';
import { CodeBox, PrintButton } from '../../web/components/code-box.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { IssuedLinkingCode } from '../links/issue-linking-code.ts';
import type { PupilView } from '../links/links.ts';
import { QrCode } from '../qr-code.tsx';
import { guardiansPath, linkingPath } from './words.tsx';

interface IssuedProps {
  readonly frame: PageFrame;
  readonly pupil: PupilView;
  /** The guardian's name; null for the pupil. */
  readonly guardian: string | null;
  readonly issued: IssuedLinkingCode;
}

/** The sheet to print: the only time the code is seen. */
export function IssuedCodePage({ frame, pupil, guardian, issued }: IssuedProps) {
  const { locale } = frame;
  const title = t(locale, 'linking.issued');
  const back = guardiansPath(pupil.id);
  const crumbs = [
    { label: t(locale, 'linking.title'), href: linkingPath },
    { label: t(locale, 'guardian.title', { name: pupil.name }), href: back },
    { label: title },
  ];
  const who = guardian ?? t(locale, 'link.relation-self');
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} actions={<PrintButton locale={locale} />} />
      <div class="no-print">
        <Banner locale={locale} tone="warning" title={t(locale, 'linking.issued-lead')} />
      </div>
      <SummaryList
        rows={[
          { label: t(locale, 'linking.pupil'), value: pupil.name },
          { label: t(locale, 'linking.who'), value: who },
          { label: t(locale, 'linking.expires'), value: formatDateTime(locale, issued.expiresAt) },
        ]}
      />
      <CodeBox locale={locale} id="linking-code" label={t(locale, 'link.code')} value={issued.code} />
      <QrCode text={issued.address} label={t(locale, 'linking.qr')} />
      <p>{t(locale, 'linking.how')}</p>
      <p>{t(locale, 'linking.then')}</p>
      <p class="hint">{t(locale, 'linking.tries')}</p>
      <div class="no-print">
        <Actions>
          <ButtonLink href={back} kind="secondary">
            {t(locale, 'component.back')}
          </ButtonLink>
        </Actions>
      </div>
    </Page>
  );
}
