import type { Child } from 'hono/jsx';
import type { Locale } from '../locale.ts';
import { t } from '../text.ts';
import { Icon } from './icon.tsx';

interface CodeBoxProps {
  readonly locale: Locale;
  readonly id: string;
  readonly label: Child;
  readonly value: string;
}

/** A code, a number or a digest, easy to read out and to copy. The copy button appears with the script. */
export function CodeBox({ locale, id, label, value }: CodeBoxProps) {
  return (
    <div class="code-box">
      <p class="code-label" id={`${id}-label`}>
        {label}
      </p>
      <div class="code-line">
        <code class="code-value" id={id}>
          {value}
        </code>
        <button
          type="button"
          class="button button-secondary button-small"
          hidden
          data-copy={id}
          data-copied={t(locale, 'component.copied')}
          aria-describedby={`${id}-label`}
        >
          <Icon name="copy" />
          <span>{t(locale, 'component.copy')}</span>
        </button>
      </div>
    </div>
  );
}

/** Prints the page; appears with the script. */
export function PrintButton({ locale }: { readonly locale: Locale }) {
  return (
    <button type="button" class="button button-secondary no-print" hidden data-print>
      <Icon name="print" />
      <span>{t(locale, 'component.print')}</span>
    </button>
  );
}
