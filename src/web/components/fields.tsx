import { describedBy, Field, type FieldBase, fieldId } from './field.tsx';

type Width = 'short' | 'medium' | 'full';

interface TextFieldProps extends FieldBase {
  readonly value?: string | undefined;
  readonly type?: 'text' | 'search' | 'email' | 'password';
  readonly width?: Width;
  readonly autocomplete?: string;
  readonly inputmode?: 'text' | 'numeric' | 'email' | 'search';
  readonly maxlength?: number;
  readonly pattern?: string;
  /** Codes are read character by character: a font in which 0 and O differ. */
  readonly code?: true;
}

export function TextField(props: TextFieldProps) {
  const { name, value, type = 'text', width = 'full', autocomplete = 'off', inputmode, maxlength, pattern } = props;
  return (
    <Field {...props}>
      <input
        class={`input input-${width}${props.code ? ' code' : ''}`}
        id={fieldId(name)}
        name={name}
        type={type}
        value={value}
        autocomplete={autocomplete}
        inputmode={inputmode}
        maxlength={maxlength}
        pattern={pattern}
        required={props.required}
        spellcheck={props.code ? false : undefined}
        {...describedBy(props)}
      />
    </Field>
  );
}

export function TextArea(
  props: FieldBase & { readonly value?: string | undefined; readonly rows?: number; readonly maxlength?: number },
) {
  return (
    <Field {...props}>
      <textarea
        class="input input-full"
        id={fieldId(props.name)}
        name={props.name}
        rows={props.rows ?? 4}
        maxlength={props.maxlength}
        required={props.required}
        {...describedBy(props)}
      >
        {props.value}
      </textarea>
    </Field>
  );
}

/** A calendar day; the value is `2027-03-25`. */
export function DateField(
  props: FieldBase & { readonly value?: string | undefined; readonly min?: string; readonly max?: string },
) {
  return (
    <Field {...props}>
      <input
        class="input input-short"
        id={fieldId(props.name)}
        name={props.name}
        type="date"
        value={props.value}
        min={props.min}
        max={props.max}
        required={props.required}
        {...describedBy(props)}
      />
    </Field>
  );
}

/** A plain file choice; DropZone is the one with progress. `accept` is a comma list of types and endings. */
export function FileField(props: FieldBase & { readonly accept?: string; readonly multiple?: boolean }) {
  return (
    <Field {...props}>
      <input
        class="input input-full input-file"
        id={fieldId(props.name)}
        name={props.name}
        type="file"
        accept={props.accept}
        multiple={props.multiple}
        required={props.required}
        {...describedBy(props)}
      />
    </Field>
  );
}
