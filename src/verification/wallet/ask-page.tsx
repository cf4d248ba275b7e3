import { type IssuedKind, templateKinds } from '../../records/certificate-kinds.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { CheckField, SelectField } from '../../web/components/choices.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { claimGroups } from './rules.ts';
import type { Asked } from './tables.ts';
import { walletVerifierPath } from './verifier-name.ts';

/** What was chosen on the page; a kind that is none is asked for again. */
export interface Wanted {
  readonly kind: IssuedKind | null;
  readonly groups: Asked['groups'];
}

interface AskPageProps {
  readonly frame: PageFrame;
  /** What was chosen before, when something is missing; null at first. */
  readonly asked: Wanted | null;
}

/** What to ask a wallet for: no more than is needed. */
export function AskPage({ frame, asked }: AskPageProps) {
  const { locale } = frame;
  const title = t(locale, 'wallet-verifier.title');
  const errors = asked === null ? {} : { kind: t(locale, 'wallet-verifier.kind-missing') };
  const crumbs = [{ label: t(locale, 'verifier.title'), href: '/verify' }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} lead={t(locale, 'wallet-verifier.lead')} />
      <ErrorSummary locale={locale} errors={errors} />
      <Form locale={locale} action={walletVerifierPath}>
        <SelectField
          locale={locale}
          name="kind"
          label={t(locale, 'certificate.kind')}
          required
          error={errors.kind}
          options={templateKinds.map((kind) => ({ value: kind, label: t(locale, `certificate.${kind}`) }))}
        />
        <CheckField
          locale={locale}
          name="groups"
          label={t(locale, 'wallet-verifier.groups')}
          hint={t(locale, 'wallet-verifier.groups-hint')}
          values={asked?.groups ?? ['name']}
          options={claimGroups.map((group) => ({ value: group, label: t(locale, `wallet-verifier.group-${group}`) }))}
        />
        <Actions>
          <Button>{t(locale, 'wallet-verifier.ask')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
