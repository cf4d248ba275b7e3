import type { Fault } from '../../faults.ts';
import { QrCode } from '../../identity/qr-code.tsx';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { problemOf } from '../../web/problem.ts';
import { t } from '../../web/text.ts';
import type { RequestView } from './follow-request.ts';
import { ReportView } from './report-view.tsx';
import { numberDigits } from './rules.ts';
import { walletVerifierPath } from './verifier-name.ts';

interface RequestPageProps {
  readonly frame: PageFrame;
  readonly request: RequestView;
  /** What the QR code says. */
  readonly link: string;
  readonly reason: Fault | null;
}

/** One request, in the browser that asked: the code, then the number, then what was found. */
export function RequestPage({ frame, request, link, reason }: RequestPageProps) {
  const { locale } = frame;
  const title = t(locale, `wallet-verifier.${request.state}`);
  const crumbs = [{ label: t(locale, 'wallet-verifier.title'), href: walletVerifierPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} />
      {reason !== null && <Refused locale={locale} reason={reason} />}
      {request.state === 'waiting' && <Waiting {...{ locale, request, link }} />}
      {request.state === 'answered' && <AskNumber {...{ locale, id: request.id, triesLeft: request.triesLeft }} />}
      {request.state === 'released' && <ReportView locale={locale} report={request.report} checkedAt={frame.now} />}
      {request.state === 'closed' && (
        <Banner
          locale={locale}
          tone="warning"
          title={t(locale, `wallet-verifier.ended-${request.ending ?? 'number'}`)}
        />
      )}
      {(request.state === 'released' || request.state === 'closed') && (
        <Actions>
          <ButtonLink kind="secondary" href={walletVerifierPath}>
            {t(locale, 'wallet-verifier.again')}
          </ButtonLink>
        </Actions>
      )}
    </Page>
  );
}

function Waiting({
  locale,
  request,
  link,
}: {
  readonly locale: Locale;
  readonly request: RequestView;
  readonly link: string;
}) {
  const { id, asked } = request;
  const groups = asked.groups.map((group) => t(locale, `wallet-verifier.group-${group}`));
  return (
    <div data-watch={`${walletVerifierPath}/${id}/state`} data-watched="waiting">
      <p>{t(locale, 'wallet-verifier.scan')}</p>
      <QrCode text={link} label={t(locale, 'wallet-verifier.code')} />
      <Actions>
        <ButtonLink href={link}>{t(locale, 'wallet-verifier.open')}</ButtonLink>
        <ButtonLink kind="secondary" href={`${walletVerifierPath}/${id}`}>
          {t(locale, 'wallet-verifier.look')}
        </ButtonLink>
      </Actions>
      <SummaryList
        rows={[
          { label: t(locale, 'certificate.kind'), value: t(locale, `certificate.${asked.kind}`) },
          {
            label: t(locale, 'wallet-verifier.groups'),
            value:
              groups.length === 0 ? t(locale, 'wallet-verifier.nothing') : groups.join(locale === 'ja' ? '・' : ', '),
          },
        ]}
      />
      <p class="hint">{t(locale, 'wallet-verifier.lasts')}</p>
    </div>
  );
}

function AskNumber({
  locale,
  id,
  triesLeft,
}: {
  readonly locale: Locale;
  readonly id: string;
  readonly triesLeft: number;
}) {
  return (
    <Section title={t(locale, 'wallet-verifier.number')} lead={t(locale, 'wallet-verifier.number-lead')}>
      <Form locale={locale} action={`${walletVerifierPath}/${id}/number`}>
        <TextField
          locale={locale}
          name="number"
          label={t(locale, 'wallet-number.number')}
          hint={t(locale, 'wallet-verifier.tries', { count: triesLeft })}
          inputmode="numeric"
          width="short"
          maxlength={numberDigits * 2}
          required
          code
        />
        <Actions>
          <Button>{t(locale, 'wallet-verifier.show')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

function Refused({ locale, reason }: { readonly locale: Locale; readonly reason: Fault }) {
  const { title, detail } = problemOf(reason, locale, '');
  return (
    <Banner locale={locale} tone="danger" title={title}>
      <p>{detail}</p>
    </Banner>
  );
}
