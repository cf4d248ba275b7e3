import type { Child } from 'hono/jsx';
import type { Locale } from '../locale.ts';
import { t } from '../text.ts';
import { Icon, type IconName } from './icon.tsx';

/** `notChecked` is neither good nor bad: the check could not be made, and says why. */
type VerdictResult = 'valid' | 'invalid' | 'notChecked';

export interface Verdict {
  readonly result: VerdictResult;
  /** What was checked: 学校印の署名. */
  readonly subject: Child;
  /** What came out, in a sentence. */
  readonly text: Child;
  /** For the expert: names, times, digests. */
  readonly detail?: Child;
}

/** Results of a verification, each on its own, so that a doubt about one never hides another. */
export function VerdictList({ locale, verdicts }: { readonly locale: Locale; readonly verdicts: readonly Verdict[] }) {
  return (
    <ul class="verdicts">
      {verdicts.map(({ result, subject, text, detail }) => (
        <li class={`verdict verdict-${result}`}>
          <span class="verdict-mark">
            <Icon name={icons[result]} />
          </span>
          <div>
            <p class="verdict-subject">
              <span>{subject}</span> <strong class="verdict-result">{t(locale, `component.${result}`)}</strong>
            </p>
            <p class="verdict-text">{text}</p>
            {detail && <div class="verdict-detail">{detail}</div>}
          </div>
        </li>
      ))}
    </ul>
  );
}

const icons: Readonly<Record<VerdictResult, IconName>> = { valid: 'check', invalid: 'cross', notChecked: 'question' };
