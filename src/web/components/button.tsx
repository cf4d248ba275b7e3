import type { Child } from 'hono/jsx';
import { Icon, type IconName } from './icon.tsx';

/** One `primary` per page; `danger` for what cannot be undone. */
type ButtonKind = 'primary' | 'secondary' | 'danger' | 'text';

interface ButtonProps {
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  /** `name` and `value` tell a form with two buttons which one was pressed. */
  readonly name?: string;
  readonly value?: string;
  readonly formaction?: string;
  /** Leaves the form's fields unchecked, e.g. for "save and go on later". */
  readonly novalidate?: true;
  readonly children: Child;
}

/** The button that sends a form. */
export function Button({ kind = 'primary', icon, novalidate, children, ...rest }: ButtonProps) {
  return (
    <button type="submit" class={`button button-${kind}`} formnovalidate={novalidate} {...rest}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

interface ButtonLinkProps {
  readonly href: string;
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  /** Names the file for a link that saves one. */
  readonly download?: string | true;
  readonly children: Child;
}

/** A link that leads to the next step; for acts use a form with a Button. */
export function ButtonLink({ href, kind = 'primary', icon, download, children }: ButtonLinkProps) {
  return (
    <a class={`button button-${kind}`} href={href} download={download}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

/** A row of buttons, the main one first; on a phone they stand below each other. */
export function Actions({ children }: { readonly children: Child }) {
  return <div class="actions">{children}</div>;
}
