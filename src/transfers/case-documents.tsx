import { documentForms, documentKinds, visibilityOf } from '../records/kinds.ts';
import { Button } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { DropZone } from '../web/components/drop-zone.tsx';
import { TextField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatBytes, formatDateTime } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { missingText } from './case-acts.tsx';
import type { CasePageProps } from './case-page-props.ts';
import { innerSignatureOf } from './verdict.ts';
import type { CaseView, DocumentView } from './view.ts';
import { word } from './words.tsx';

/** The documents of a case, how far each has got, and the way to add more. */
export function CaseDocuments({ frame, view, maxBytes }: CasePageProps) {
  const { locale } = frame;
  return (
    <Section title={t(locale, 'case.documents')}>
      {view.side === 'sender' && view.state === 'draft' && view.missing.length > 0 && (
        <p class="hint">{t(locale, 'case.missing', { list: missingText(locale, view) })}</p>
      )}
      {view.side === 'recipient' && view.state === 'opened' && !view.documents.some(({ readable }) => readable) && (
        <p class="hint">{t(locale, 'case.not-readable')}</p>
      )}
      {view.documents.some(({ findings }) => isChanged(findings)) && (
        <Banner locale={locale} tone="danger" title={t(locale, 'case.signature-changed')}>
          <p>{t(locale, `case.signature-changed-${view.side === 'sender' ? 'sender' : 'recipient'}`)}</p>
        </Banner>
      )}
      <DataTable
        caption={t(locale, 'case.documents')}
        rows={view.documents}
        empty={<EmptyState title={t(locale, 'case.no-documents')} />}
        columns={[
          { header: t(locale, 'add.name'), cell: (document) => <Title locale={locale} document={document} /> },
          { header: t(locale, 'add.form'), cell: (document) => t(locale, `form.${document.form}`) },
          {
            header: t(locale, 'case.state'),
            cell: (document) => <Progress locale={locale} document={document} view={view} />,
          },
          ...(view.documents.some(({ readable, mayBreakGlass }) => readable || mayBreakGlass) || mayChange(view)
            ? [
                {
                  header: t(locale, 'component.actions'),
                  cell: (document: DocumentView) => <DocumentActs locale={locale} document={document} view={view} />,
                },
              ]
            : []),
        ]}
      />
      {mayChange(view) && <AddDocument frame={frame} view={view} maxBytes={maxBytes} />}
    </Section>
  );
}

/** What is seen is not what somebody signed: whoever sends it should know that first. */
function isChanged(findings: DocumentView['findings']): boolean {
  const inner = innerSignatureOf(findings);
  return inner === 'changed' || inner === 'broken';
}

/** Whoever asked for approval takes the draft back first, so that nobody voids an approval by a slip. */
function mayChange(view: CaseView): boolean {
  return view.state === 'draft' && view.may.includes('addDocument');
}

function Title({ locale, document }: { readonly locale: Locale; readonly document: DocumentView }) {
  return (
    <>
      <span lang="ja">{document.title}</span>
      <br />
      <span class="hint">
        {t(locale, `document.${document.kind}`)}
        {document.bytes !== null && ` ・ ${formatBytes(locale, document.bytes)}`}
      </span>
      <Findings locale={locale} document={document} />
    </>
  );
}

/** What the checks saw and let pass: the reader should know it. */
export function Findings({ locale, document }: { readonly locale: Locale; readonly document: DocumentView }) {
  return document.findings.map((finding) => (
    <span class="finding">※ {word(locale, `finding.${finding}`, 'finding.other')}</span>
  ));
}

interface DocumentProps {
  readonly locale: Locale;
  readonly document: DocumentView;
  readonly view: CaseView;
}

/** Stored, handed over, verified and taken in are four things; the last one reached is shown with its time. */
function Progress({ locale, document, view }: DocumentProps) {
  if (document.state === 'uploading') return <StatusChip tone="warning">{t(locale, 'add.waiting')}</StatusChip>;
  return (
    <>
      {document.grades.length === 0 && (
        <StatusChip tone="neutral" icon="check">
          {t(locale, 'document-state.ready')}
        </StatusChip>
      )}
      <ul class="grades">
        {document.grades.map(({ grade, reachedAt }) => (
          <li>
            {t(locale, `grade.${grade}`)} <span class="hint">{formatDateTime(locale, new Date(reachedAt))}</span>
          </li>
        ))}
      </ul>
      {document.custody !== null && <Custody locale={locale} custody={document.custody} view={view} />}
    </>
  );
}

interface CustodyProps {
  readonly locale: Locale;
  readonly custody: NonNullable<DocumentView['custody']>;
  readonly view: CaseView;
}

function Custody({ locale, custody, view }: CustodyProps) {
  const holder =
    [view.sender, view.recipient].find((school) => school?.code === custody.holder)?.name ?? custody.holder;
  const text =
    custody.movedAt === null || custody.receipt === null
      ? t(locale, 'custody.here', { holder })
      : t(locale, 'custody.moved', {
          at: formatDateTime(locale, new Date(custody.movedAt)),
          holder,
          receipt: custody.receipt.slice(0, 8),
        });
  return <p class="hint">{text}</p>;
}

function DocumentActs({ locale, document, view }: DocumentProps) {
  const about = <span class="visually-hidden"> ({document.title})</span>;
  return (
    <div class="row-actions">
      {document.readable && (
        <>
          <a class="button button-secondary button-small" href={`/cases/${view.id}/documents/${document.id}`}>
            {t(locale, 'add.preview')}
            {about}
          </a>
          <a
            class="button button-secondary button-small"
            href={`/api/cases/${view.id}/documents/${document.id}/content`}
            download
          >
            {t(locale, 'add.download')}
            {about}
          </a>
        </>
      )}
      {!document.readable && document.mayBreakGlass && (
        <a class="button button-text button-small" href={`/cases/${view.id}/documents/${document.id}`}>
          {t(locale, 'glass.offer')}
          {about}
        </a>
      )}
      {mayChange(view) && (
        <Form locale={locale} action={`/cases/${view.id}/documents/${document.id}/removal`}>
          <Button kind="text">
            {t(locale, 'add.remove')}
            {about}
          </Button>
        </Form>
      )}
    </div>
  );
}

interface AddProps {
  readonly frame: CasePageProps['frame'];
  readonly view: CaseView;
  readonly maxBytes: number;
}

function AddDocument({ frame: { locale }, view, maxBytes }: AddProps) {
  // A nurse adds health cards and nothing else: who may not ask for approval may not add the rest.
  const kinds = view.may.includes('edit')
    ? documentKinds
    : documentKinds.filter((kind) => visibilityOf(kind) === 'health');
  return (
    <div class="card" id="add">
      <h3 class="card-title">{t(locale, 'add.title')}</h3>
      <DropZone
        locale={locale}
        action={`/cases/${view.id}/documents`}
        createUrl={`/api/cases/${view.id}/documents`}
        doneUrl={`/cases/${view.id}`}
        maxBytes={maxBytes}
        accept=".pdf,.json,.jpg,.jpeg,.png,application/pdf,application/json,image/jpeg,image/png"
        types={t(locale, 'add.types')}
        label={t(locale, 'add.file')}
      >
        <SelectField
          locale={locale}
          name="kind"
          label={t(locale, 'add.kind')}
          required
          options={kinds.map((kind) => ({ value: kind, label: t(locale, `document.${kind}`) }))}
        />
        <SelectField
          locale={locale}
          name="form"
          label={t(locale, 'add.form')}
          hint={t(locale, `add.form-hint-${view.kind}`)}
          required
          options={documentForms.map((form) => ({ value: form, label: t(locale, `form.${form}`) }))}
        />
        <TextField
          locale={locale}
          name="title"
          label={t(locale, 'add.name')}
          hint={t(locale, 'add.name-hint')}
          maxlength={120}
        />
      </DropZone>
    </div>
  );
}
