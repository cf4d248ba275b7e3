import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { type AssetName, assetPath } from './assets.ts';
import { Breadcrumbs, type Crumb } from './layout/breadcrumbs.tsx';
import { PageFooter } from './layout/footer.tsx';
import { type ActorSummary, type NavigationItem, PageHeader } from './layout/header.tsx';
import { PrintHead } from './layout/print-head.tsx';
import type { Locale } from './locale.ts';
import { t } from './text.ts';

/** What every page of one request shares; a room makes it once and spreads it: `<Page {...frame} title="…">`. */
export interface PageFrame {
  readonly locale: Locale;
  /** Path and query of this page, for the language links. */
  readonly path: string;
  /** Of the Content-Security-Policy; style sheet and scripts carry it. */
  readonly nonce?: string | undefined;
  /** Who acts; null before log-in. */
  readonly actor: ActorSummary | null;
  readonly navigation?: readonly NavigationItem[];
  /** When the page was made, for its print. */
  readonly now: Date;
  /** The demonstration world says so on every page. */
  readonly demonstration?: boolean;
}

export interface PageProps extends PageFrame {
  /** Stands in the tab, the browser's history and on a shared screen: a person's name is for the heading, never for here. */
  readonly title: string;
  /** Without the top page, which is added; the last one is this page. */
  readonly breadcrumbs?: readonly Crumb[];
  /** Scripts beyond `app.js`. */
  readonly scripts?: readonly AssetName[];
  /** Pages with forms and text are narrow enough to read; tables may use the whole width. */
  readonly width?: 'narrow' | 'wide';
  readonly children: Child;
}

/** A whole HTML document: `return c.html(<Page …>…</Page>)`. */
export function Page(props: PageProps) {
  const { locale, title, nonce, scripts = [], breadcrumbs, width = 'wide', children } = props;
  const service = t(locale, 'layout.service');
  return (
    <>
      {raw('<!DOCTYPE html>')}
      <html lang={locale}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="format-detection" content="telephone=no" />
          <meta name="robots" content="noindex" />
          <title>{title === service ? service : `${title} | ${service}`}</title>
          <link rel="stylesheet" href={assetPath('app.css')} nonce={nonce} />
          {(['app.js', ...scripts] as const).map((name) => (
            <script type="module" src={assetPath(name)} nonce={nonce} />
          ))}
        </head>
        <body>
          <a class="skip" href="#main">
            {t(locale, 'layout.skip')}
          </a>
          <PrintHead locale={locale} actor={props.actor} printedAt={props.now} />
          <PageHeader {...props} />
          {breadcrumbs && <Breadcrumbs locale={locale} crumbs={breadcrumbs} />}
          <main id="main" class={`main main-${width}`} tabindex={-1}>
            {children}
          </main>
          <PageFooter locale={locale} />
        </body>
      </html>
    </>
  );
}
