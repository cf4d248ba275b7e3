import type { Child } from 'hono/jsx';
import type { Locale } from '../locale.ts';
import { t } from '../text.ts';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './tone.ts';

/** The state of a thing in one word, e.g. 送付済み. Icon and word carry it; colour only helps. */
export function StatusChip({
  tone,
  icon,
  children,
}: {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly children: Child;
}) {
  return (
    <span class={`chip chip-${tone}`}>
      <Icon name={icon ?? toneIcon[tone]} />
      <span>{children}</span>
    </span>
  );
}

interface BannerProps {
  readonly locale: Locale;
  readonly tone: Exclude<Tone, 'neutral'>;
  readonly title: Child;
  readonly children?: Child;
  /** What to do about it: a Button or ButtonLink. */
  readonly action?: Child;
}

/** News for the reader. `danger` is announced at once, the others politely. */
export function Banner({ locale, tone, title, children, action }: BannerProps) {
  return (
    <div class={`banner banner-${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon name={toneIcon[tone]} />
      <div>
        <p class="banner-title">
          <span class="visually-hidden">{t(locale, `component.banner-${tone}`)}: </span>
          {title}
        </p>
        {children && <div class="banner-text">{children}</div>}
        {action && <div class="banner-action">{action}</div>}
      </div>
    </div>
  );
}

const toneIcon: Readonly<Record<Tone, IconName>> = {
  neutral: 'dot',
  info: 'info',
  success: 'check',
  warning: 'exclamation',
  danger: 'cross',
};
