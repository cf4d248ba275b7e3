import type { Locale } from '../locale.ts';
import { t } from '../text.ts';
import { Icon } from './icon.tsx';

interface StepsProps {
  readonly locale: Locale;
  readonly steps: readonly string[];
  /** Index of the step being done; `steps.length` when all are done. */
  readonly current: number;
}

/** Where in a procedure one is. */
export function Steps({ locale, steps, current }: StepsProps) {
  return (
    <ol class="steps" aria-label={t(locale, 'component.steps')}>
      {steps.map((step, index) => (
        <Step locale={locale} name={step} number={index + 1} state={stateOf(index, current)} />
      ))}
    </ol>
  );
}

type StepState = 'done' | 'current' | 'open';

interface StepProps {
  readonly locale: Locale;
  readonly name: string;
  readonly number: number;
  readonly state: StepState;
}

function Step({ locale, name, number, state }: StepProps) {
  return (
    <li class={`step step-${state}`} aria-current={state === 'current' ? 'step' : undefined}>
      <span class="step-mark">{state === 'done' ? <Icon name="check" /> : number}</span>
      <span class="step-name">{name}</span>
      <span class="visually-hidden"> ({t(locale, `component.step-${state}`)})</span>
    </li>
  );
}

function stateOf(index: number, current: number): StepState {
  if (index < current) return 'done';
  return index === current ? 'current' : 'open';
}
