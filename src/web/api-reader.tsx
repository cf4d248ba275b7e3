import { PageHead, Section } from './components/section.tsx';
import { DataTable } from './components/table.tsx';
import { Page, type PageFrame } from './layout.tsx';
import { t } from './text.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly statuses: readonly string[];
}

interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, unknown>>;
}

/** The API to read: every operation by subject, from the same document that programs get. */
export function ApiReaderPage({ frame, document }: { readonly frame: PageFrame; readonly document: ApiDocument }) {
  const { locale } = frame;
  const groups = Map.groupBy(operationsOf(document), ({ tag }) => tag);
  const title = t(locale, 'api.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'api.lead')} kicker={`${document.info.title} ${document.info.version}`} />
      <p>
        <a href="/openapi.json">openapi.json</a> ・ <a href="/problems">{t(locale, 'problem.guide')}</a>
      </p>
      {[...groups].map(([tag, operations]) => (
        <Section title={tag}>
          <DataTable
            caption={tag}
            rows={operations}
            columns={[
              {
                header: t(locale, 'api.operation'),
                cell: ({ method, path }) => (
                  <code>
                    {method.toUpperCase()} {path}
                  </code>
                ),
              },
              { header: t(locale, 'api.summary'), cell: ({ summary }) => <span lang="en">{summary}</span> },
              { header: t(locale, 'api.success'), cell: ({ statuses }) => statuses.join(', ') },
            ]}
          />
        </Section>
      ))}
    </Page>
  );
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = memberOf(item, method);
      if (operation === undefined) return [];
      const tags = memberOf(operation, 'tags');
      const summary = memberOf(operation, 'summary');
      const responses = memberOf(operation, 'responses');
      return [
        {
          method,
          path,
          summary: typeof summary === 'string' ? summary : '',
          tag: Array.isArray(tags) && typeof tags[0] === 'string' ? tags[0] : '—',
          statuses: Object.keys(typeof responses === 'object' && responses !== null ? responses : {}).filter((status) =>
            status.startsWith('2'),
          ),
        },
      ];
    }),
  );
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
