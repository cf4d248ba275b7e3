import { type Fault, type FaultCode, publicFault } from '../faults.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { FileField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { type CsvCharset, csvCharsets } from './csv.ts';
import type { ImportPreview } from './import-members.ts';
import { changeText } from './member-words.ts';
import { peoplePath } from './people-page.tsx';
import { type LineFault, lineFaults, type PlannedLine } from './plan-import.ts';

/** Choose the file. */
export function ImportPage({ frame, reason }: { readonly frame: PageFrame; readonly reason: Fault | null }) {
  const { locale } = frame;
  const title = t(locale, 'import.title');
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs(frame, title)} width="narrow">
      <PageHead title={title} lead={t(locale, 'import.lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <Form locale={locale} action={`${peoplePath}/import`} multipart>
        <FileField
          locale={locale}
          name="file"
          label={t(locale, 'import.file')}
          hint={t(locale, 'import.file-hint')}
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
          <ButtonLink kind="secondary" href={`${peoplePath}/export`} download="members.csv">
            {t(locale, 'people.export')}
          </ButtonLink>
        </Actions>
      </Form>
    </Page>
  );
}

interface PreviewProps {
  readonly frame: PageFrame;
  readonly preview: ImportPreview;
  /** The file once more, base64: nothing of it is kept until it is proposed. */
  readonly csv: string;
  readonly charset: CsvCharset;
}

/** What it would do, line by line, before anything is done. */
export function PreviewPage({ frame, preview, csv, charset }: PreviewProps) {
  const { locale } = frame;
  const title = t(locale, 'import.preview');
  const { lines, changes, faults } = preview;
  const crumb = { label: t(locale, 'import.title'), href: `${peoplePath}/import` };
  return (
    <Page {...frame} title={title} breadcrumbs={[...crumbs(frame, title).slice(0, 1), crumb, { label: title }]}>
      <PageHead title={title} lead={t(locale, 'import.summary', { changes, faults })} />
      {faults > 0 && <Banner locale={locale} tone="danger" title={t(locale, 'import.fix')} />}
      {faults === 0 && changes === 0 && <Banner locale={locale} tone="info" title={t(locale, 'import.nothing')} />}
      <DataTable
        caption={title}
        rows={lines}
        columns={[
          { header: t(locale, 'import.line'), cell: ({ line }) => String(line), align: 'end' },
          { header: t(locale, 'people.account'), cell: ({ account }) => (account === '' ? '—' : account) },
          { header: t(locale, 'people.name'), cell: ({ name }) => <span lang="ja">{name}</span>, heading: true },
          { header: t(locale, 'import.result'), cell: (line) => <Verdict locale={locale} line={line} /> },
        ]}
      />
      <Actions>
        {faults === 0 && changes > 0 && (
          <Form locale={locale} action={`${peoplePath}/import/proposal`} multipart hidden={{ csv, charset }}>
            <Button>{t(locale, 'import.propose')}</Button>
          </Form>
        )}
        <ButtonLink kind="secondary" href={`${peoplePath}/import`}>
          {t(locale, 'people.import')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}

function Verdict({ locale, line }: { readonly locale: Locale; readonly line: PlannedLine }) {
  if (line.faults.length > 0) {
    return (
      <>
        {line.faults.map((code) => (
          <p class="error">{faultText(locale, code)}</p>
        ))}
      </>
    );
  }
  if (line.change === null) return <>{t(locale, 'import.unchanged')}</>;
  return (
    <>
      {t(locale, `proposal.act-${line.change.act}`)}: {changeText(locale, line.change)}
    </>
  );
}

function faultText(locale: Locale, code: LineFault): string {
  const own = lineFaults.find((known) => known === code);
  if (own !== undefined) return t(locale, `import.fault-${own}`);
  // Sound: what is not a line's own fault is the code of a refusal.
  return publicFault(code as FaultCode)[locale][0];
}

function crumbs({ locale }: PageFrame, title: string) {
  return [{ label: t(locale, 'people.title'), href: peoplePath }, { label: title }];
}
