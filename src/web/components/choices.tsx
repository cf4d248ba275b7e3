import type { Child } from 'hono/jsx';
import { t } from '../text.ts';
import { describedBy, Field, type FieldBase, FieldMark, FieldNotes, fieldId } from './field.tsx';

export interface Option {
  readonly value: string;
  readonly label: Child;
  readonly hint?: Child;
}

interface SelectFieldProps extends FieldBase {
  readonly options: readonly Option[];
  readonly value?: string | undefined;
  readonly width?: 'short' | 'medium' | 'full';
}

/** A choice of many; without a value it begins with "please choose". */
export function SelectField(props: SelectFieldProps) {
  return (
    <Field {...props}>
      <div class={`select input-${props.width ?? 'medium'}`}>
        <select id={fieldId(props.name)} name={props.name} required={props.required} {...describedBy(props)}>
          {props.value === undefined && <option value="">{t(props.locale, 'component.choose')}</option>}
          {props.options.map((option) => (
            <option value={option.value} selected={option.value === props.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </Field>
  );
}

/** A choice of few, each with room for a hint. The first radio carries the field's id for the error summary. */
export function RadioField(
  props: FieldBase & { readonly options: readonly Option[]; readonly value?: string | undefined },
) {
  return (
    <ChoiceGroup {...props}>
      {props.options.map((option, index) => (
        <Choice
          {...option}
          type="radio"
          name={props.name}
          id={index === 0 ? fieldId(props.name) : `${fieldId(props.name)}-${index}`}
          checked={option.value === props.value}
          required={props.required === true}
        />
      ))}
    </ChoiceGroup>
  );
}

/** Several of a few. */
export function CheckField(
  props: FieldBase & { readonly options: readonly Option[]; readonly values?: readonly string[] },
) {
  return (
    <ChoiceGroup {...props}>
      {props.options.map((option, index) => (
        <Choice
          {...option}
          type="checkbox"
          name={props.name}
          id={index === 0 ? fieldId(props.name) : `${fieldId(props.name)}-${index}`}
          checked={props.values?.includes(option.value) === true}
          required={false}
        />
      ))}
    </ChoiceGroup>
  );
}

function ChoiceGroup(props: FieldBase & { readonly children: Child }) {
  const { 'aria-describedby': describedby } = describedBy(props);
  return (
    <fieldset class={props.error ? 'field field-invalid' : 'field'} aria-describedby={describedby}>
      <legend class="label">
        <span>{props.label}</span> <FieldMark locale={props.locale} required={props.required === true} />
      </legend>
      <FieldNotes {...props} />
      <div class="choices">{props.children}</div>
    </fieldset>
  );
}

interface ChoiceProps extends Option {
  readonly type: 'radio' | 'checkbox';
  readonly name: string;
  readonly id: string;
  readonly checked: boolean;
  readonly required: boolean;
}

function Choice({ type, name, id, value, label, hint, checked, required }: ChoiceProps) {
  return (
    <div class="choice">
      <input
        type={type}
        id={id}
        name={name}
        value={value}
        checked={checked}
        required={required}
        aria-describedby={hint ? `${id}-about` : undefined}
      />
      <div>
        <label for={id}>{label}</label>
        {hint && (
          <p class="hint" id={`${id}-about`}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
