import { formatNumber } from '../format.ts';
import type { Locale } from '../locale.ts';
import { t } from '../text.ts';
import { Icon } from './icon.tsx';

interface PaginationProps {
  readonly locale: Locale;
  /** How many rows this page shows. */
  readonly shown: number;
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
}

/** Pages by cursor: backwards and forwards, nothing else, since nobody counts the rest. */
export function Pagination({ locale, shown, previous, next }: PaginationProps) {
  return (
    <nav class="pagination" aria-label={t(locale, 'component.pagination')}>
      <span class="pagination-count">{t(locale, 'component.shown', { count: formatNumber(locale, shown) })}</span>
      {previous && (
        <a class="button button-secondary" href={previous} rel="prev">
          <Icon name="previous" />
          <span>{t(locale, 'component.previous')}</span>
        </a>
      )}
      {next && (
        <a class="button button-secondary" href={next} rel="next">
          <span>{t(locale, 'component.next')}</span>
          <Icon name="next" />
        </a>
      )}
    </nav>
  );
}
