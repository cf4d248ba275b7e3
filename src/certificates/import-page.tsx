import { type CsvCharset, csvCharsets } from '../administration/csv.ts';
import type { Fault } from '../faults.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { FileField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { RegisterPreview } from './import-register.ts';
import { registerPath } from './register-page.tsx';

/** Choose the file. */
export function RegisterImportPage({ frame, reason }: { readonly frame: PageFrame; readonly reason: Fault | null }) {
  const { locale } = frame;
  const title = t(locale, 'register.import');
  return (
    <Page {...frame} title={title} breadcrumbs={[crumb(frame), { label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'register.import-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <Form locale={locale} action={`${registerPath}/import`} multipart>
        <FileField
          locale={locale}
          name="file"
          label={t(locale, 'import.file')}
          hint={t(locale, 'register.import-hint')}
          accept=".csv,text/csv"
          required
        />
        <SelectField
          locale={locale}
          name="charset"
          label={t(locale, 'import.charset')}
          value="auto"
          options={csvCharsets.map((value) => ({ value, label: t(locale, `import.charset-${value}`) }))}
        />
        <Actions>
          <Button>{t(locale, 'import.show')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

interface PreviewProps {
  readonly frame: PageFrame;
  readonly preview: RegisterPreview;
  /** The file once more, base64: nothing of it is kept until it is entered. */
  readonly csv: string;
  readonly charset: CsvCharset;
}

/** What it would enter, line by line, before anything is done. */
export function RegisterPreviewPage({ frame, preview, csv, charset }: PreviewProps) {
  const { locale } = frame;
  const title = t(locale, 'import.preview');
  const { lines, changes, faults } = preview;
  const back = { label: t(locale, 'register.import'), href: `${registerPath}/import` };
  return (
    <Page {...frame} title={title} breadcrumbs={[crumb(frame), back, { label: title }]}>
      <PageHead title={title} lead={t(locale, 'import.summary', { changes, faults })} />
      {faults > 0 && <Banner locale={locale} tone="danger" title={t(locale, 'import.fix')} />}
      {faults === 0 && changes === 0 && <Banner locale={locale} tone="info" title={t(locale, 'import.nothing')} />}
      <DataTable
        caption={title}
        rows={lines}
        columns={[
          { header: t(locale, 'import.line'), cell: ({ line }) => String(line), align: 'end' },
          { header: t(locale, 'register.number'), cell: ({ number }) => (number === '' ? '—' : number) },
          { header: t(locale, 'register.name'), cell: ({ name }) => <span lang="ja">{name}</span>, heading: true },
          {
            header: t(locale, 'import.result'),
            cell: ({ outcome, faults: wrong }) =>
              outcome === 'wrong' ? (
                <>
                  {wrong.map((code) => (
                    <p class="error">{t(locale, `register.line-${code}`)}</p>
                  ))}
                </>
              ) : (
                t(locale, `register.outcome-${outcome}`)
              ),
          },
        ]}
      />
      <Actions>
        {faults === 0 && changes > 0 && (
          <Form locale={locale} action={`${registerPath}/import/entries`} multipart hidden={{ csv, charset }}>
            <Button>{t(locale, 'register.import-do')}</Button>
          </Form>
        )}
        <ButtonLink kind="secondary" href={`${registerPath}/import`}>
          {t(locale, 'register.import')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}

function crumb({ locale }: PageFrame) {
  return { label: t(locale, 'register.title'), href: registerPath };
}
