import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { describedBy, Field, fieldId } from '../web/components/field.tsx';
import { DateField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { LinkView } from './links.ts';

export const linksPath = '/links';
export const newLinkPath = '/links/new';

interface LinksProps {
  readonly frame: PageFrame;
  readonly links: readonly LinkView[];
  readonly done: boolean;
}

/** A person's own links to pupils. */
export function LinksPage({ frame, links, done }: LinksProps) {
  const { locale } = frame;
  const title = t(locale, 'link.title');
  const enter = (
    <ButtonLink href={newLinkPath} kind={links.length === 0 ? 'primary' : 'secondary'}>
      {t(locale, 'link.new')}
    </ButtonLink>
  );
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'link.lead')} />
      {done && <Banner locale={locale} tone="success" title={t(locale, 'link.done')} />}
      <LinkTable
        frame={frame}
        links={links}
        action="/links/end"
        empty={
          <EmptyState title={t(locale, 'link.none')} action={enter}>
            {t(locale, 'link.none-text')}
          </EmptyState>
        }
      />
      {links.length > 0 && <Actions>{enter}</Actions>}
    </Page>
  );
}

/** Links as a table; who may end them has the form beside each. */
export function LinkTable(props: {
  readonly frame: PageFrame;
  readonly links: readonly LinkView[];
  readonly action: string;
  readonly empty: ReturnType<typeof EmptyState>;
}) {
  const { locale } = props.frame;
  return (
    <DataTable
      caption={t(locale, 'link.title')}
      rows={props.links}
      empty={props.empty}
      columns={[
        {
          header: t(locale, 'link.pupil'),
          cell: ({ pupilName }) => pupilName ?? t(locale, 'link.former-pupil'),
        },
        { header: t(locale, 'link.relation'), cell: ({ relation }) => t(locale, `link.relation-${relation}`) },
        { header: t(locale, 'link.since'), cell: ({ linkedAt }) => formatDateTime(locale, linkedAt) },
        {
          header: t(locale, 'link.action'),
          cell: ({ id }) => (
            <Form locale={locale} action={props.action} hidden={{ link: id }} inline>
              <Button kind="secondary">{t(locale, 'link.end')}</Button>
            </Form>
          ),
        },
      ]}
    />
  );
}

interface NewLinkProps {
  readonly frame: PageFrame;
  readonly values?: { readonly code: string; readonly birthDate: string };
  readonly errors?: Readonly<Record<string, string>>;
  /** The verb's refusal: one sentence for every reason. */
  readonly refusal?: { readonly title: string; readonly advice: string };
}

/** The code on the sheet, and the pupil's birth date. */
export function NewLinkPage({ frame, values, errors, refusal }: NewLinkProps) {
  const { locale } = frame;
  const title = t(locale, 'link.new');
  const code = { locale, name: 'code', label: t(locale, 'link.code'), hint: t(locale, 'link.code-hint') };
  const codeField = { ...code, required: true, error: errors?.['code'] };
  const crumbs = [{ label: t(locale, 'link.title'), href: linksPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow" scripts={['certificate-login.js']}>
      <PageHead title={title} />
      <ErrorSummary locale={locale} errors={errors} />
      {refusal && (
        <Banner locale={locale} tone="danger" title={refusal.title}>
          {refusal.advice}
        </Banner>
      )}
      <Form locale={locale} action={linksPath}>
        <Field {...codeField}>
          <input
            class="input input-full code"
            id={fieldId('code')}
            name="code"
            type="text"
            value={values?.code}
            autocomplete="off"
            maxlength={60}
            required
            spellcheck={false}
            data-code-from-address
            {...describedBy(codeField)}
          />
        </Field>
        <DateField
          locale={locale}
          name="birthDate"
          label={t(locale, 'link.birth-date')}
          value={values?.birthDate}
          required
          error={errors?.['birthDate']}
        />
        <Actions>
          <Button>{t(locale, 'link.button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
