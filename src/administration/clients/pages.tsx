import type { Fault } from '../../faults.ts';
import type { ClientView } from '../../identity/clients/list-clients.ts';
import { type MachineScope, machineScopes } from '../../policy/actor.ts';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { CheckField } from '../../web/components/choices.tsx';
import { CodeBox } from '../../web/components/code-box.tsx';
import { TextArea, TextField } from '../../web/components/fields.tsx';
import { Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner, StatusChip } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { problemOf } from '../../web/problem.ts';
import { t } from '../../web/text.ts';
import type { ProposalView } from '../proposals.ts';
import { Confirmers, WaitingBanner } from '../waiting-banner.tsx';
import type { ProposedRegistration } from './propose-client.ts';

export const clientsPath = '/clients';

/** What stands in the form: what was typed before it was refused, or what is registered. */
export interface ClientForm {
  readonly name: string;
  readonly vendor: string;
  readonly scopes: readonly string[];
  readonly requestsPerMinute: string;
  readonly uploadsPerDay: string;
  readonly publicKey: string;
}

interface ClientsProps {
  readonly frame: PageFrame;
  readonly clients: readonly ClientView[];
  /** What waits for a second person and concerns these systems. */
  readonly proposals: readonly ProposalView[];
}

/** The school-affairs systems of a school. */
export function ClientsPage({ frame, clients, proposals }: ClientsProps) {
  const { locale } = frame;
  const title = t(locale, 'client.title');
  const register = <ButtonLink href={`${clientsPath}/new`}>{t(locale, 'client.register')}</ButtonLink>;
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'client.lead')} actions={register} />
      <WaitingBanner locale={locale} proposals={proposals} />
      <DataTable
        caption={title}
        rows={clients}
        empty={<EmptyState title={t(locale, 'client.none')} />}
        columns={[
          {
            header: t(locale, 'client.name'),
            heading: true,
            cell: ({ id, name, vendor }) => (
              <>
                <a href={`${clientsPath}/${encodeURIComponent(id)}`}>{name}</a>
                {vendor !== '' && <p class="hint">{vendor}</p>}
              </>
            ),
          },
          { header: t(locale, 'client.state'), cell: (client) => <ClientState locale={locale} client={client} /> },
          {
            header: t(locale, 'client.scopes'),
            cell: ({ scopes }) => scopesText(locale, scopes),
          },
          { header: t(locale, 'client.used'), cell: ({ lastUsedAt }) => usedText(locale, lastUsedAt) },
          { header: t(locale, 'client.created'), cell: ({ createdAt }) => formatDateTime(locale, createdAt) },
        ]}
      />
    </Page>
  );
}

interface NewClientProps {
  readonly frame: PageFrame;
  readonly form: ClientForm;
  readonly reason: Fault | null;
}

export function NewClientPage({ frame, form, reason }: NewClientProps) {
  const { locale } = frame;
  const title = t(locale, 'client.register');
  return (
    <Page {...frame} title={title} breadcrumbs={clientCrumbs(frame, title)} width="narrow">
      <PageHead title={title} lead={t(locale, 'client.register-lead')} />
      <RefusedBanner locale={locale} reason={reason} />
      <Form locale={locale} action={`${clientsPath}/new`}>
        <ClientFields locale={locale} form={form} reason={reason} />
        <KeyField locale={locale} value={form.publicKey} reason={reason} />
        <Actions>
          <Button>{t(locale, 'client.register-button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

interface RegisteredProps {
  readonly frame: PageFrame;
  readonly registration: ProposedRegistration;
  readonly proposal: ProposalView | null;
  readonly origin: string;
}

/** After a registration was proposed: for whom it waits, and what the vendor has to be told. */
export function RegisteredPage({ frame, registration, proposal, origin }: RegisteredProps) {
  const { locale } = frame;
  const title = t(locale, 'client.proposed');
  return (
    <Page {...frame} title={title} breadcrumbs={clientCrumbs(frame, title)} width="narrow">
      <PageHead title={title} lead={t(locale, 'client.proposed-lead')} />
      {proposal !== null && (
        <p>
          <Confirmers {...{ locale, proposal }} />
        </p>
      )}
      <p>{t(locale, 'client.vendor-lead')}</p>
      <CodeBox locale={locale} id="client-id" label={t(locale, 'client.id')} value={registration.clientId} />
      <CodeBox locale={locale} id="client-origin" label={t(locale, 'client.origin')} value={origin} />
      <CodeBox
        locale={locale}
        id="client-thumbprint"
        label={t(locale, 'client.thumbprint')}
        value={registration.thumbprint}
      />
      <Actions>
        <ButtonLink href="/proposals">{t(locale, 'proposal.title')}</ButtonLink>
        <ButtonLink kind="secondary" href={clientsPath}>
          {t(locale, 'client.back')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}

/** Name, vendor, scopes with what they let, limits. */
export function ClientFields({ locale, form, reason }: { locale: Locale; form: ClientForm; reason: Fault | null }) {
  const wrong = (field: string) => (reason?.fields?.[`/${field}`] === undefined ? undefined : 'problem.field');
  return (
    <>
      <TextField
        locale={locale}
        name="name"
        label={t(locale, 'client.name')}
        hint={t(locale, 'client.name-hint')}
        value={form.name}
        maxlength={100}
        error={wrong('name')}
        required
      />
      <TextField locale={locale} name="vendor" label={t(locale, 'client.vendor')} value={form.vendor} maxlength={100} />
      <CheckField
        locale={locale}
        name="scopes"
        label={t(locale, 'client.scopes')}
        hint={t(locale, 'client.scopes-hint')}
        values={form.scopes}
        error={wrong('scopes')}
        required
        options={machineScopes.map((value) => ({
          value,
          label: t(locale, `client.scope-${value}`),
          hint: t(locale, `client.scope-${value}-hint`),
        }))}
      />
      <CheckField
        locale={locale}
        name="confirmHealth"
        label={t(locale, 'client.health')}
        hint={t(locale, 'client.health-hint')}
        error={reason?.code === 'client.health-unconfirmed' ? 'client.health-missing' : undefined}
        options={[{ value: 'yes', label: t(locale, 'client.health-yes') }]}
      />
      <TextField
        locale={locale}
        name="requestsPerMinute"
        label={t(locale, 'client.per-minute')}
        hint={t(locale, 'client.per-minute-hint')}
        value={form.requestsPerMinute}
        inputmode="numeric"
        width="short"
        error={wrong('requestsPerMinute')}
      />
      <TextField
        locale={locale}
        name="uploadsPerDay"
        label={t(locale, 'client.per-day')}
        hint={t(locale, 'client.per-day-hint')}
        value={form.uploadsPerDay}
        inputmode="numeric"
        width="short"
        error={wrong('uploadsPerDay')}
        required
      />
    </>
  );
}

/** A public key, pasted; with the script it can be made here, and its private half is saved and never sent. */
export function KeyField({ locale, value, reason }: { locale: Locale; value: string; reason: Fault | null }) {
  const isWrong = reason !== null && /^client\.(key|private)/.test(reason.code);
  return (
    <>
      <TextArea
        locale={locale}
        name="publicKey"
        label={t(locale, 'client.public-key')}
        hint={t(locale, 'client.public-key-hint')}
        value={value}
        rows={6}
        maxlength={10_000}
        error={isWrong ? problemOf(reason, locale, '').title : undefined}
        required
      />
      <div class="field" hidden data-make-key="publicKey" data-made={t(locale, 'client.made')}>
        <button type="button" class="button button-secondary">
          <span>{t(locale, 'client.make')}</span>
        </button>
        <p class="hint">{t(locale, 'client.make-hint')}</p>
        <p role="status" class="hint" />
      </div>
    </>
  );
}

export function RefusedBanner({ locale, reason }: { locale: Locale; reason: Fault | null }) {
  if (reason === null) return null;
  const { title, detail } = problemOf(reason, locale, '');
  return (
    <Banner locale={locale} tone="danger" title={title}>
      <p>{detail}</p>
    </Banner>
  );
}

export function ClientState({ locale, client }: { locale: Locale; client: ClientView }) {
  if (client.blockedAt !== null) return <StatusChip tone="danger">{t(locale, 'client.blocked')}</StatusChip>;
  const hasKey = client.keys.some(({ state }) => state !== 'retired');
  return hasKey ? (
    <StatusChip tone="success">{t(locale, 'client.active')}</StatusChip>
  ) : (
    <StatusChip tone="warning">{t(locale, 'client.no-key')}</StatusChip>
  );
}

export function scopesText(locale: Locale, scopes: readonly MachineScope[]): string {
  return scopes.map((scope) => t(locale, `client.scope-${scope}`)).join(t(locale, 'client.and'));
}

export function usedText(locale: Locale, at: Date | null): string {
  return at === null ? t(locale, 'client.never') : formatDateTime(locale, at);
}

export function clientCrumbs({ locale }: PageFrame, title: string) {
  return [{ label: t(locale, 'client.title'), href: clientsPath }, { label: title }];
}
