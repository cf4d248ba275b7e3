import type { Child } from 'hono/jsx';
import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import { Actions, Button } from '../../web/components/button.tsx';
import { RadioField } from '../../web/components/choices.tsx';
import { ConfirmBox } from '../../web/components/confirm-box.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner, StatusChip } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { problemOf } from '../../web/problem.ts';
import { t } from '../../web/text.ts';
import { composeCertificate } from '../drawing/compose.ts';
import { registerPath } from '../register-page.tsx';
import { ConsentPart } from './consent-part.tsx';
import type { ListedRequest, Outlook } from './list-requests.ts';
import { Files } from './own-request-page.tsx';
import { ReplacePart } from './replace-part.tsx';
import { RevokePart } from './revoke-part.tsx';
import { mayFollow, refusals } from './rules.ts';
import { factsOf, faultOf, officePath, StateChip } from './words.tsx';

interface OfficeRequestProps {
  readonly frame: PageFrame;
  readonly request: ListedRequest;
  readonly outlook: Outlook;
  /** What this member of staff may do at all. */
  readonly may: { readonly check: boolean; readonly approve: boolean };
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
  /** Whoever approves proves once more who they are. */
  readonly notice: Child;
}

/** One request for the office and the principal: who asks, what would be certified, and the next step. */
export function OfficeRequestPage(props: OfficeRequestProps) {
  const { frame, request, reason, errors, may, notice } = props;
  const { locale } = frame;
  const { kind, state, pupilName, problem, certificates } = request;
  const title = `${t(locale, `certificate.${kind}`)}: ${pupilName ?? t(locale, 'request.not-on-roll')}`;
  const crumbs = [{ label: t(locale, 'request.title'), href: officePath }, { label: title }];
  const { code = '', ...params } = problem ?? {};
  return (
    <Page {...frame} title={t(locale, `certificate.${kind}`)} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} status={<StateChip {...{ locale, state }} />} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      {problem !== null && (
        <Banner locale={locale} tone="warning" title={t(locale, 'request.problem')}>
          <p>{problemOf(faultOf(code, params), locale, '').title}</p>
        </Banner>
      )}
      <SummaryList rows={factsOf(locale, request)} />
      {request.relation === 'agent' && <p class="hint">{t(locale, 'request.tell-agent')}</p>}
      {certificates.length > 0 && <Files {...{ locale, certificates }} />}
      {request.hasConsent && <ConsentPart locale={locale} action={`/api${officePath}/${request.id}/consent`} />}
      {certificates.map((copy) => (
        <ReplacePart {...{ locale, copy }} />
      ))}
      {certificates.map((copy) => (
        <RevokePart {...{ frame, copy, may, notice }} />
      ))}
      {state !== 'issued' && <OutlookPart {...props} />}
      <Steps {...props} />
    </Page>
  );
}

function OutlookPart({ frame: { locale }, request: { entryId }, outlook }: OfficeRequestProps) {
  const entry = entryId !== null && (
    <p>
      <a href={`${registerPath}/${entryId}`}>{t(locale, 'request.open-entry')}</a>
    </p>
  );
  if (!outlook.can) {
    const { title, detail } = problemOf(faultOf(outlook.code, outlook.params), locale, '');
    return (
      <Section title={t(locale, 'request.outlook')}>
        <p>
          <StatusChip tone="danger">{t(locale, 'request.outlook-cannot')}</StatusChip>
        </p>
        <p>{title}</p>
        <p>{detail}</p>
        {entry}
      </Section>
    );
  }
  const { title, rows, subjects, body } = composeCertificate(outlook.statement);
  return (
    <Section title={t(locale, 'request.outlook')} lead={t(locale, 'request.outlook-lead')}>
      <div lang={outlook.statement.language}>
        <p>
          <strong>{title}</strong>
        </p>
        <SummaryList rows={rows.map(([label, value]) => ({ label, value }))} />
        {subjects.length > 1 && (
          <ul>
            {subjects.slice(1).map((row) => (
              <li>{row.join('　')}</li>
            ))}
          </ul>
        )}
        <p>{body}</p>
      </div>
      {entry}
    </Section>
  );
}

function Steps({ frame: { locale }, request, outlook, may, errors, notice }: OfficeRequestProps) {
  const { id, state, version } = request;
  const hidden = { version: String(version) };
  return (
    <>
      {state === 'checked' && !may.approve && (
        <Banner locale={locale} tone="info" title={t(locale, 'request.waits-principal')} />
      )}
      {state === 'requested' && !may.check && (
        <Banner locale={locale} tone="info" title={t(locale, 'request.waits-clerk')} />
      )}
      {mayFollow(state, 'checked') && may.check && outlook.can && (
        <ConfirmBox title={t(locale, 'request.check-title')} tone="info">
          <p>{t(locale, 'request.check-text')}</p>
          <Form locale={locale} action={`${officePath}/${id}/check`} hidden={hidden}>
            <Actions>
              <Button>{t(locale, 'request.check')}</Button>
            </Actions>
          </Form>
        </ConfirmBox>
      )}
      {state === 'checked' && may.approve && (
        <ConfirmBox title={t(locale, 'request.approve-title')}>
          <p>{t(locale, 'request.approve-text')}</p>
          {notice}
          <Form locale={locale} action={`${officePath}/${id}/approval`} hidden={hidden}>
            <Actions>
              <Button>{t(locale, 'request.approve')}</Button>
            </Actions>
          </Form>
        </ConfirmBox>
      )}
      {mayFollow(state, 'refused') && (
        <Section title={t(locale, 'request.refuse-title')}>
          <Form locale={locale} action={`${officePath}/${id}/refusal`} hidden={hidden}>
            <RadioField
              locale={locale}
              name="reason"
              label={t(locale, 'request.reason')}
              required
              error={errors['reason']}
              options={refusals.map((value) => ({ value, label: t(locale, `request.refusal-${value}`) }))}
            />
            <Actions>
              <Button kind="secondary">{t(locale, 'request.refuse')}</Button>
            </Actions>
          </Form>
        </Section>
      )}
    </>
  );
}
