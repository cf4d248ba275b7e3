import { formatDateTime } from '../format.ts';
import type { Locale } from '../locale.ts';
import { t } from '../text.ts';
import type { ActorSummary } from './header.tsx';

interface PrintHeadProps {
  readonly locale: Locale;
  readonly actor: ActorSummary | null;
  readonly printedAt: Date;
}

/** Stands on paper alone: whose print this is and when it was made, so that a lost sheet can be traced. */
export function PrintHead({ locale, actor, printedAt }: PrintHeadProps) {
  return (
    <div class="print-head" aria-hidden="true">
      <span>{t(locale, 'layout.service')}</span>
      {actor && (
        <span>
          {t(locale, 'layout.printed-by')}: {actor.kind === 'staff' && `${actor.school} ${actor.role} `}
          {actor.name}
        </span>
      )}
      <span>
        {t(locale, 'layout.printed-at')}: {formatDateTime(locale, printedAt)}
      </span>
    </div>
  );
}
