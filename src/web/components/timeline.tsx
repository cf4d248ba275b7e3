import type { Child } from 'hono/jsx';
import { formatDateTime } from '../format.ts';
import type { Locale } from '../locale.ts';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './tone.ts';

export interface TimelineEntry {
  readonly at: Date;
  /** What happened. */
  readonly title: Child;
  /** Who did it: school, role. */
  readonly who?: Child;
  readonly detail?: Child;
  readonly tone?: Tone;
  readonly icon?: IconName;
}

/** Who did what when; give the entries in the order in which they are to be read. */
export function Timeline({ locale, entries }: { readonly locale: Locale; readonly entries: readonly TimelineEntry[] }) {
  return (
    <ol class="timeline">
      {entries.map(({ at, title, who, detail, tone = 'neutral', icon = 'dot' }) => (
        <li class={`moment moment-${tone}`}>
          <span class="moment-mark">
            <Icon name={icon} />
          </span>
          <div class="moment-body">
            <p class="moment-title">{title}</p>
            {who && <p class="moment-who">{who}</p>}
            {detail && <div class="moment-detail">{detail}</div>}
          </div>
          <time class="moment-at" datetime={at.toISOString()}>
            {formatDateTime(locale, at)}
          </time>
        </li>
      ))}
    </ol>
  );
}

/** An instant inside a sentence or a cell. */
export function Time({ locale, at }: { readonly locale: Locale; readonly at: Date }) {
  return <time datetime={at.toISOString()}>{formatDateTime(locale, at)}</time>;
}
