import { CodeBox } from '../../web/components/code-box.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { Asked } from './tables.ts';

interface NumberPageProps {
  readonly frame: PageFrame;
  readonly number: string;
  readonly asked: Asked;
}

/**
 * On the phone of whoever has shown a certificate to another screen: until they tell the number, nobody sees anything. So a code that
 * somebody sent on to them from elsewhere gives nothing away.
 */
export function NumberPage({ frame, number, asked }: NumberPageProps) {
  const { locale } = frame;
  const title = t(locale, 'wallet-number.title');
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead
        title={title}
        lead={t(locale, 'wallet-number.lead', { kind: t(locale, `certificate.${asked.kind}`) })}
      />
      <CodeBox locale={locale} id="presentation-number" label={t(locale, 'wallet-number.number')} value={number} />
      <Banner locale={locale} tone="warning" title={t(locale, 'wallet-number.warning')}>
        <p>{t(locale, 'wallet-number.warning-text')}</p>
      </Banner>
    </Page>
  );
}
