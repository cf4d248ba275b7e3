import type { Child } from 'hono/jsx';
import type { Locale } from '../locale.ts';
import { t, textOrKey } from '../text.ts';
import { Icon } from './icon.tsx';

/** What every field of a form has. */
export interface FieldBase {
  readonly locale: Locale;
  readonly name: string;
  readonly label: Child;
  readonly hint?: Child;
  /** A locale key or plain text (`Fault.fields[name]`). */
  readonly error?: string | undefined;
  readonly required?: boolean;
}

/** `id` of a field, for the error summary's links. */
export function fieldId(name: string): string {
  return `field-${name.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;
}

/** Attributes that tie a control to its hint and error. */
export function describedBy({ name, hint, error }: FieldBase): {
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
} {
  const id = fieldId(name);
  const ids = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter((part) => part !== '');
  return {
    'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined,
    'aria-invalid': error ? 'true' : undefined,
  };
}

/** The word after a label: required fields say so, optional ones too, so that nobody has to guess. */
export function FieldMark({ locale, required }: Pick<FieldBase, 'locale' | 'required'>) {
  return required ? (
    <span class="mark mark-required">{t(locale, 'component.required')}</span>
  ) : (
    <span class="mark">{t(locale, 'component.optional')}</span>
  );
}

/** Hint and error of a field, in the order in which they are read: label, hint, error, control. */
export function FieldNotes({ locale, name, hint, error }: FieldBase) {
  const id = fieldId(name);
  return (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          <Icon name="exclamation" />
          <span class="visually-hidden">{t(locale, 'component.error')}: </span>
          <span>{textOrKey(locale, error)}</span>
        </p>
      )}
    </>
  );
}

/** Label, notes and one control. */
export function Field(props: FieldBase & { readonly children: Child }) {
  return (
    <div class={props.error ? 'field field-invalid' : 'field'}>
      <label class="label" for={fieldId(props.name)}>
        <span>{props.label}</span> <FieldMark locale={props.locale} required={props.required === true} />
      </label>
      <FieldNotes {...props} />
      {props.children}
    </div>
  );
}
