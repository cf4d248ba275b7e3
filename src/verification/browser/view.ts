import { outcomeOf, type Report, type Verdict, type Word } from '../report.ts';
import type { VerificationTextKey } from '../texts/ja.ts';
import { type ReaderLocale, reasonText, verificationText, verificationTextOr } from '../words.ts';

export function locale(): ReaderLocale {
  return document.documentElement.lang === 'en' ? 'en' : 'ja';
}

/** One file and everything that was asked about it: each verdict by itself, the outcome first. */
export function reportView(report: Report, name: string): HTMLElement {
  const outcome = outcomeOf(report.verdicts);
  return box(outcome, [
    element('h3', 'card-title', `${verificationText(locale(), `file.${report.kind}`)}　${name}`),
    element('p', 'verdict-text', verificationText(locale(), `outcome.${outcome}`)),
    element('ul', 'verdicts', ...report.verdicts.map(verdictView)),
    ...report.remarks.map((code) => element('p', 'hint', reasonText(code, locale()))),
    factsView(report.facts),
    element('p', '', verificationText(locale(), `step.${outcome}`)),
  ]);
}

/** A file that could not be verified at all. */
export function problemView(
  key: VerificationTextKey,
  params: Readonly<Record<string, string | number>>,
  name?: string,
): HTMLElement {
  const step = key === 'page.unknown' ? 'page.unknown-step' : 'step.notChecked';
  return box('notChecked', [
    element('h3', 'card-title', name ?? verificationText(locale(), 'word.notChecked')),
    element('p', 'verdict-text', verificationText(locale(), key, params)),
    element('p', '', verificationText(locale(), step)),
  ]);
}

function box(outcome: Word, children: readonly HTMLElement[]): HTMLElement {
  const made = element('section', 'card', ...children);
  made.dataset['outcome'] = outcome;
  return made;
}

function verdictView({ question, word, about, reasons }: Verdict): HTMLElement {
  const subject = element('p', 'verdict-subject');
  subject.append(
    element('span', '', verificationText(locale(), `verdict.${question}`)),
    ' ',
    element('strong', 'verdict-result', verificationText(locale(), `word.${word}`)),
  );
  const made = element('li', `verdict verdict-${word}`, markView(word), element('div', '', subject));
  made.lastElementChild?.append(
    element('p', 'verdict-text', verificationText(locale(), `says.${question}.${word}`)),
    ...(about === null ? [] : [element('p', 'verdict-detail', about)]),
    ...(word === 'valid' ? [] : reasons.map((code) => element('p', 'verdict-detail', reasonText(code, locale())))),
  );
  made.dataset['question'] = question;
  made.dataset['word'] = word;
  return made;
}

const marks: Readonly<Record<Word, string>> = { valid: '✓', invalid: '✕', notChecked: '?' };

function markView(word: Word): HTMLElement {
  const mark = element('span', 'verdict-sign', marks[word]);
  mark.setAttribute('aria-hidden', 'true');
  return mark;
}

/** What the file says of itself; as far as the verdicts go. */
function factsView(facts: Report['facts']): HTMLElement {
  const list = element('dl', 'facts');
  for (const [name, value] of Object.entries(facts)) {
    const label = verificationTextOr(locale(), `facts.${name}`, '');
    if (label !== '') list.append(element('dt', '', label), element('dd', '', textOf(value)));
  }
  const made = element('details', '', element('summary', '', verificationText(locale(), 'facts.title')), list);
  made.hidden = list.childElementCount === 0;
  return made;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => textOf(one)).join('\n');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(String).join('　');
}

function element(name: string, className: string, ...children: readonly (HTMLElement | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}
