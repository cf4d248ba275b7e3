import { type FaultCode, faultCodes, publicFault } from '../faults.ts';
import { Actions, ButtonLink } from './components/button.tsx';
import { PageHead } from './components/section.tsx';
import { SummaryList } from './components/summary-list.tsx';
import { DataTable } from './components/table.tsx';
import { Page, type PageFrame } from './layout.tsx';
import { problemOf, problemPath } from './problem.ts';
import { t } from './text.ts';

/** Every code that the outside can meet: the targets of `type` in problem+json. */
export function publicCodes(): readonly FaultCode[] {
  return [...new Set(faultCodes.map((code) => publicFault(code).code))];
}

/** `/problems`: all codes with what to do. */
export function ProblemGuidePage(frame: PageFrame) {
  const { locale } = frame;
  const title = t(locale, 'problem.guide');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'problem.guide-lead')} />
      <DataTable
        caption={title}
        rows={publicCodes().map((code) => problemOf({ code }, locale, ''))}
        columns={[
          {
            header: t(locale, 'problem.code'),
            cell: ({ code, type }) => (
              <a href={type}>
                <code>{code}</code>
              </a>
            ),
          },
          { header: t(locale, 'problem.status'), cell: ({ status }) => status },
          { header: t(locale, 'problem.title'), cell: ({ title: text }) => text },
          { header: t(locale, 'problem.advice'), cell: ({ detail }) => detail },
        ]}
      />
    </Page>
  );
}

/** `/problems/:code`: one of them. */
export function ProblemCodePage({ code, ...frame }: PageFrame & { readonly code: FaultCode }) {
  const { locale } = frame;
  const problem = problemOf({ code }, locale, '');
  const guide = { label: t(locale, 'problem.guide'), href: '/problems' };
  return (
    <Page {...frame} title={problem.title} breadcrumbs={[guide, { label: problem.code }]} width="narrow">
      <PageHead title={problem.title} lead={problem.detail} />
      <SummaryList
        rows={[
          { label: t(locale, 'problem.code'), value: <code>{problem.code}</code> },
          { label: t(locale, 'problem.status'), value: problem.status },
          { label: 'type', value: <code>{problemPath(problem.code)}</code> },
        ]}
      />
      <Actions>
        <ButtonLink href={guide.href} kind="secondary">
          {guide.label}
        </ButtonLink>
      </Actions>
    </Page>
  );
}
