import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import type { OwnSlice } from '../audit/export-slice.ts';
import { maxExportedEntries } from '../audit/slice-file.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { verbContext } from '../transfers/context.ts';
import { PageHead, Section } from '../web/components/section.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatNumber } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { listSlices } from './export-entries.ts';

/** Own log entries to take away and verify elsewhere: nothing that this gateway says of its own log counts. */
export function boardLogPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/board/log', async (c) => {
    const slices = await listSlices(await verbContext(c));
    if (!slices.ok) return sendProblemPage(c, slices.fault);
    return c.html(<LogPage frame={pageFrame(c)} slices={slices.value} />);
  });
}

function LogPage({ frame, slices }: { readonly frame: PageFrame; readonly slices: readonly OwnSlice[] }) {
  const { locale } = frame;
  const title = t(locale, 'board.log.title');
  const [newest] = slices;
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'board.title'), href: '/board' }, { label: title }]}
    >
      <PageHead title={title} lead={t(locale, 'board.log.lead')} />
      <DataTable
        caption={t(locale, 'board.log.slices')}
        rows={slices}
        empty={<EmptyState title={t(locale, 'board.log.empty')} />}
        columns={[
          { header: t(locale, 'board.log.whose'), cell: (slice) => whose(slice, locale) },
          { header: t(locale, 'board.log.year'), cell: ({ origin }) => yearOf(origin) },
          { header: t(locale, 'board.log.entries'), align: 'end', cell: ({ entries }) => number(locale, entries) },
          { header: t(locale, 'board.log.files'), cell: (slice) => <Files slice={slice} locale={locale} /> },
        ]}
      />
      {newest && (
        <Section title={t(locale, 'board.log.how')} lead={t(locale, 'board.log.how-lead')}>
          <ol class="numbered">
            <li>{t(locale, 'board.log.step-entries')}</li>
            <li>{t(locale, 'board.log.step-policy')}</li>
            <li>
              {t(locale, 'board.log.step-verify')}
              <pre class="command" tabindex={0} aria-label={t(locale, 'board.log.command')}>
                <code>{commandFor(newest)}</code>
              </pre>
            </li>
            <li>{t(locale, 'board.log.step-keep')}</li>
          </ol>
        </Section>
      )}
    </Page>
  );
}

function whose({ kind }: OwnSlice, locale: Locale): string {
  return t(locale, kind === 'board' ? 'board.log.of-board' : 'board.log.of-school');
}

const maxFiles = 20;

/** The newest parts first where there are many: what came before has been verified before. */
function Files({ slice, locale }: { readonly slice: OwnSlice; readonly locale: Locale }) {
  const parts = Math.max(1, Math.ceil(Number(slice.entries) / maxExportedEntries));
  const firsts = Array.from({ length: parts }, (_, at) => at * maxExportedEntries + 1).slice(-maxFiles);
  return (
    <>
      {firsts.map((from) => {
        const to = Math.min(from + maxExportedEntries - 1, Number(slice.entries));
        const range = { from: formatNumber(locale, Math.min(from, to)), to: formatNumber(locale, to) };
        return (
          <div>
            <a href={`/api/board/slices/${slice.slice}/entries?from=${from}`} download>
              {t(locale, 'board.log.download', range)}
            </a>
          </div>
        );
      })}
    </>
  );
}

function commandFor({ kind, owner, origin }: OwnSlice): string {
  return `hikitsugi verify-log log --${kind} ${owner} --entries log-entries-….jsonl \\\n  --policy policy.txt --state hikitsugi-${yearOf(origin)}.json`;
}

function yearOf(origin: string): string {
  return origin.slice(origin.lastIndexOf('/') + 1);
}

function number(locale: Locale, value: bigint): string {
  return formatNumber(locale, Number(value));
}
