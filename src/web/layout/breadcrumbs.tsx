import type { Locale } from '../locale.ts';
import { t } from '../text.ts';

export interface Crumb {
  readonly label: string;
  /** Absent for the page itself. */
  readonly href?: string;
}

export function Breadcrumbs({ locale, crumbs }: { readonly locale: Locale; readonly crumbs: readonly Crumb[] }) {
  return (
    <nav class="breadcrumbs" aria-label={t(locale, 'layout.breadcrumbs')}>
      <ol>
        <li>
          <a href="/">{t(locale, 'layout.top')}</a>
        </li>
        {crumbs.map(({ label, href }) => (
          <li>{href ? <a href={href}>{label}</a> : <span aria-current="page">{label}</span>}</li>
        ))}
      </ol>
    </nav>
  );
}
