import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import type { FormValues } from '../../transfers/form-values.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { EntryView } from '../show-register.ts';
import type { Offer } from './follow-requests.ts';
import { WishFields } from './wish-fields.tsx';
import { officePath } from './words.tsx';

interface EnterPageProps {
  readonly frame: PageFrame;
  /** Whom it is about; null when no entry of the register was chosen. */
  readonly entry: EntryView | null;
  readonly kinds: Offer['kinds'];
  readonly values: FormValues;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
}

/** What came to the office with a power of attorney, about somebody of the register. */
export function EnterPage({ frame, entry, kinds, values, errors, reason }: EnterPageProps) {
  const { locale } = frame;
  const title = t(locale, 'request.enter');
  const crumbs = [{ label: t(locale, 'request.title'), href: officePath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} lead={t(locale, 'request.enter-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      {entry === null ? (
        <Banner locale={locale} tone="info" title={t(locale, 'request.entry-hint')} />
      ) : (
        <>
          <SummaryList
            rows={[
              { label: t(locale, 'register.name'), value: <span lang="ja">{entry.facts.officialName}</span> },
              { label: t(locale, 'register.number'), value: entry.facts.number },
            ]}
          />
          <Form locale={locale} action={officePath} hidden={{ entryId: entry.id }}>
            <WishFields locale={locale} kinds={kinds} values={values} errors={errors} />
            <TextField
              locale={locale}
              name="agentReference"
              label={t(locale, 'request.reference')}
              hint={t(locale, 'request.reference-hint')}
              value={values['agentReference']}
              error={errors['agentReference']}
              maxlength={40}
              width="medium"
              required
            />
            <Actions>
              <Button>{t(locale, 'request.enter-button')}</Button>
            </Actions>
          </Form>
        </>
      )}
    </Page>
  );
}
