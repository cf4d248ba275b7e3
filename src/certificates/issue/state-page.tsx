import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { CodeForm, codePath } from '../../verification/code-form.tsx';
import { ErrorSummary } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { formatDateTime, formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { type CodeProblem, parseCertificateCode } from './code.ts';
import { type CertificateState, showState } from './show-state.ts';

/** What the first QR code of a certificate leads to; for anybody, without a log-in. */
export function statePages(app: OpenAPIHono<AppEnv>): void {
  app.get(codePath, (c) => {
    c.header('X-Robots-Tag', 'noindex');
    c.header('Cache-Control', 'no-store');
    const typed = c.req.query('code') ?? '';
    const code = parseCertificateCode(typed.slice(0, 300));
    if (code.ok) return c.redirect(`${codePath}/${code.value}`, 303);
    // Whoever opens the page by itself has typed nothing wrong yet.
    const problem = c.req.query('code') === undefined ? null : code.fault;
    return c.html(<CodePage frame={pageFrame(c)} typed={typed} problem={problem} />, problem === null ? 200 : 422);
  });
  app.get('/c/:certificateCode', async (c) => {
    const found = await showState(c.get('gateway'), c.req.param('certificateCode'));
    // Whoever has the address has the paper; search engines have neither.
    c.header('X-Robots-Tag', 'noindex');
    c.header('Cache-Control', 'no-store');
    if (!found.ok) return sendProblemPage(c, found.fault);
    return c.html(<StatePage frame={pageFrame(c)} of={found.value} />);
  });
}

interface CodePageProps {
  readonly frame: PageFrame;
  readonly typed: string;
  readonly problem: CodeProblem | null;
}

/** The field for the code, with what is wrong about what was typed. */
function CodePage({ frame, typed, problem }: CodePageProps) {
  const { locale } = frame;
  const title = t(locale, 'code.title');
  const error = problem === null ? undefined : t(locale, `code.wrong-${problem}`);
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'code.lead')} />
      <ErrorSummary locale={locale} errors={error === undefined ? {} : { code: error }} />
      <CodeForm locale={locale} value={typed.slice(0, 200)} error={error} />
    </Page>
  );
}

function StatePage({ frame, of }: { readonly frame: PageFrame; readonly of: CertificateState }) {
  const { locale } = frame;
  const title = t(locale, 'state.title');
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead title={title} lead={t(locale, 'state.privacy')} />
      <Banner locale={locale} tone={tones[of.state]} title={t(locale, `state.${of.state}`)}>
        <p>{t(locale, `state.${of.state}-text`)}</p>
        {of.supersededBy !== null && (
          <p>
            <a href={`/c/${of.supersededBy.code}`}>
              {t(locale, 'state.successor', {
                number: of.supersededBy.number,
                day: formatDay(locale, of.supersededBy.issuedOn),
              })}
            </a>
          </p>
        )}
      </Banner>
      {of.school.state === 'closed' && (
        <Banner locale={locale} tone="info" title={t(locale, 'state.school-closed')}>
          <p>
            {of.school.successor === null
              ? t(locale, 'state.no-heir')
              : t(locale, 'state.heir', { name: of.school.successor.name })}
          </p>
        </Banner>
      )}
      <SummaryList
        rows={[
          { label: t(locale, 'state.number'), value: of.number },
          { label: t(locale, 'certificate.kind'), value: t(locale, `certificate.${of.kind}`) },
          { label: t(locale, 'state.school'), value: locale === 'ja' ? of.school.name : of.school.nameEnglish },
          { label: t(locale, 'state.issued'), value: formatDay(locale, of.issuedOn) },
          ...(of.reason === null
            ? []
            : [{ label: t(locale, 'state.reason'), value: t(locale, `state.reason-${of.reason}`) }]),
          {
            label: t(locale, 'state.files'),
            value: <Digests of={of.files} explained={t(locale, 'state.files-text')} />,
          },
          { label: t(locale, 'state.checked'), value: formatDateTime(locale, new Date(of.checkedAt)) },
        ]}
      />
    </Page>
  );
}

function Digests({ of, explained }: { readonly of: readonly string[]; readonly explained: string }) {
  return (
    <>
      {of.map((sha256) => (
        <p>
          <code class="digest">{sha256}</code>
        </p>
      ))}
      <p>{explained}</p>
    </>
  );
}
const tones: Readonly<Record<CertificateState['state'], 'success' | 'warning' | 'danger'>> = {
  valid: 'success',
  superseded: 'warning',
  revoked: 'danger',
};
