import type { Child } from 'hono/jsx';
import { Icon } from './icon.tsx';

interface ConfirmBoxProps {
  readonly title: Child;
  /** What exactly will happen; a SummaryList repeats what it happens to. */
  readonly children: Child;
  /** A consequence that cannot be undone is `danger`. */
  readonly tone?: 'info' | 'warning' | 'danger';
  /** For links to it. */
  readonly id?: string;
}

/** The last look before something final: what, to whom, and whether it can be taken back. The form stands inside. */
export function ConfirmBox({ title, children, tone = 'warning', id }: ConfirmBoxProps) {
  return (
    <section class={`confirm confirm-${tone}`} id={id}>
      <h2 class="confirm-title">
        <Icon name={tone === 'info' ? 'info' : 'exclamation'} />
        <span>{title}</span>
      </h2>
      {children}
    </section>
  );
}
