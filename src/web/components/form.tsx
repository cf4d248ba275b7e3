import type { Child } from 'hono/jsx';
import type { Locale } from '../locale.ts';
import { t, textOrKey } from '../text.ts';
import { fieldId } from './field.tsx';
import { Icon } from './icon.tsx';

interface FormProps {
  readonly locale: Locale;
  readonly action: string;
  readonly method?: 'post' | 'get';
  /** `multipart/form-data` for a form with files. */
  readonly multipart?: true;
  /** Values that travel with the form unseen. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** Search and filter forms stand in one row. */
  readonly inline?: true;
  readonly children: Child;
}

/** A form; cross-site requests are refused by the server's same-origin rule, so no token is needed. */
export function Form({ locale, action, method = 'post', multipart, hidden, inline, children }: FormProps) {
  return (
    <form
      class={inline ? 'form form-inline' : 'form'}
      action={action}
      method={method}
      enctype={multipart ? 'multipart/form-data' : undefined}
      data-busy={t(locale, 'component.busy')}
    >
      {Object.entries(hidden ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

interface ErrorSummaryProps {
  readonly locale: Locale;
  /** By field name, each a locale key or plain text: `Fault.fields`. */
  readonly errors: Readonly<Record<string, string>> | undefined;
  readonly title?: string;
}

/** What is wrong, on top of the form, each line a link to its field. Nothing when nothing is wrong. */
export function ErrorSummary({ locale, errors, title }: ErrorSummaryProps) {
  const entries = Object.entries(errors ?? {});
  if (entries.length === 0) return null;
  return (
    <div class="banner banner-danger" role="alert" tabindex={-1} data-focus>
      <Icon name="exclamation" />
      <div>
        <h2 class="banner-title">{title ?? t(locale, 'component.error-summary')}</h2>
        <ul class="error-links">
          {entries.map(([name, text]) => (
            <li>
              <a href={`#${fieldId(name)}`}>{textOrKey(locale, text)}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
