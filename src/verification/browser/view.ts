import { outcomeOf, type Report, type ReportItem, type Verdict, type Word } from '../report.ts';
import { timeText } from '../time-text.ts';
import { itemText, reasonText, sentenceOf, stepOf, verificationText, verificationTextOr } from '../words.ts';
import type { Basis, Finding } from './findings.ts';
import { locale } from './language.ts';

/** One file and everything that was asked about it: the outcome first, then each verdict by itself. */
export function findingView(finding: Finding): HTMLElement {
  return 'report' in finding ? reportView(finding.report, finding.name) : problemView(finding);
}

/** When it was verified, and by which list: what a print has to say of itself. */
export function basisText(basis: Basis | null): string {
  if (basis === null) return '';
  if ('problem' in basis) {
    const reason = basis.reason === null ? '' : reasonText(basis.reason, locale());
    return `${verificationText(locale(), `problem.${basis.problem}`)} ${reason}`.trim();
  }
  const { at, list } = basis;
  return verificationText(locale(), 'page.checked', {
    at: timeText(at),
    serial: list.serial,
    listed: timeText(list.issuedAt),
  });
}

function reportView(report: Report, name: string): HTMLElement {
  const outcome = outcomeOf(report.verdicts);
  return box(outcome, [
    element('h3', 'card-title', `${verificationText(locale(), `file.${report.kind}`)}　${name}`),
    element('p', 'verdict-outcome', `${marks[outcome]} ${verificationText(locale(), `outcome.${outcome}`)}`),
    element('ul', 'verdicts', ...report.verdicts.map(verdictView)),
    ...itemsView(report.items ?? []),
    ...report.remarks.map((code) => element('p', 'hint', reasonText(code, locale()))),
    ...(outcome === 'valid' ? [element('p', '', verificationText(locale(), 'step.valid'))] : []),
    ...factsView(report),
  ]);
}

/** Act by act; what does not hold stands open. */
function itemsView(items: readonly ReportItem[]): readonly HTMLElement[] {
  if (items.length === 0) return [];
  const rows = items.map((item) => {
    const at = item.at === null ? '' : `${timeText(new Date(item.at))}　`;
    const summary = element(
      'summary',
      `verdict-${item.outcome}`,
      `${marks[item.outcome]} ${at}${itemText(item, locale())} `,
      element('strong', 'verdict-result', verificationText(locale(), `word.${item.outcome}`)),
    );
    const made = element('details', 'more', summary, element('ul', 'verdicts', ...item.verdicts.map(verdictView)));
    made.dataset['item'] = item.outcome;
    if (made instanceof HTMLDetailsElement) made.open = item.outcome !== 'valid';
    return element('li', '', made);
  });
  return [
    element('h4', 'card-title', verificationText(locale(), 'story.items')),
    element('ol', 'verify-items', ...rows),
  ];
}

/** A file that got no verdicts. */
function problemView({ name, problem, reason }: Extract<Finding, { problem: unknown }>): HTMLElement {
  const said = verificationText(locale(), `problem.${problem}`);
  return box('notChecked', [
    element('h3', 'card-title', name),
    element('p', 'verdict-outcome', `${marks.notChecked} ${verificationText(locale(), 'word.notChecked')}`),
    element('p', '', reason === null ? said : `${said} ${reasonText(reason, locale())}`),
    element('p', '', verificationText(locale(), `next.${problem}`)),
    element('p', 'verdict-code', [problem, reason].filter((code) => code !== null).join(' ')),
  ]);
}

function box(outcome: Word, children: readonly HTMLElement[]): HTMLElement {
  const made = element('section', `card verdict-${outcome}`, ...children);
  made.dataset['outcome'] = outcome;
  return made;
}

function verdictView(verdict: Verdict): HTMLElement {
  const { question, word, code, about, reasons } = verdict;
  const step = stepOf(verdict, locale());
  const subject = element('p', 'verdict-subject');
  subject.append(
    element('span', '', verificationText(locale(), `verdict.${question}`)),
    ' ',
    element('strong', 'verdict-result', verificationText(locale(), `word.${word}`)),
  );
  const shownReasons = word === 'valid' ? [] : reasons;
  const made = element(
    'li',
    `verdict verdict-${word}`,
    markView(word),
    element(
      'div',
      '',
      subject,
      element('p', '', sentenceOf(verdict, locale())),
      ...(about === null ? [] : [aboutView(about)]),
      ...shownReasons.map((reason) => element('p', 'verdict-detail', reasonText(reason, locale()))),
      ...(step === null ? [] : [element('p', '', step)]),
      element('p', 'verdict-code', [code, ...shownReasons].join(' ')),
    ),
  );
  made.dataset['code'] = code;
  return made;
}

/** Where a certificate's state can be looked up, as a link where there is a gateway. */
function aboutView(about: string): HTMLElement {
  const [address] = /\/c\/[A-Z2-7]{16}$/.exec(about) ?? [];
  if (address === undefined || !location.protocol.startsWith('http')) return element('p', 'verdict-detail', about);
  const link = document.createElement('a');
  link.href = address;
  link.textContent = verificationText(locale(), 'page.state-link');
  return element('p', 'verdict-detail', `${about.slice(0, -address.length)} `, link);
}

const marks: Readonly<Record<Word, string>> = { valid: '✓', invalid: '✕', notChecked: '?' };

function markView(word: Word): HTMLElement {
  const mark = element('span', 'verdict-sign', marks[word]);
  mark.setAttribute('aria-hidden', 'true');
  return mark;
}

/** What the file says of itself; as far as the verdicts go. */
function factsView({ kind, facts }: Report): readonly HTMLElement[] {
  const list = element('dl', 'facts');
  for (const [name, value] of Object.entries(facts)) {
    const label = verificationTextOr(locale(), `facts.${name}`, '');
    if (label !== '') list.append(element('dt', '', label), element('dd', '', factText(name, value)));
  }
  if (list.childElementCount === 0) return [];
  const made = element('details', 'more', element('summary', '', verificationText(locale(), 'facts.title')), list);
  // What is on a paper is there to be compared with it.
  if (made instanceof HTMLDetailsElement) made.open = kind === 'certificateProof';
  return [made];
}

function factText(name: string, value: unknown): string {
  if (name === 'claims') return claimsText(value);
  return name === 'certificateKind'
    ? verificationTextOr(locale(), `certificate-kind.${String(value)}`, String(value))
    : textOf(value);
}

/** What a credential says has names that its reader needs; the other facts are told by their place. */
function claimsText(claims: unknown): string {
  if (typeof claims !== 'object' || claims === null) return '';
  return Object.entries(claims)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => textOf(one)).join('\n');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value)
    .map((one) => textOf(one))
    .join('　');
}

/** Text is only ever text: what a file says of itself makes no element. */
function element(name: string, className: string, ...children: readonly (HTMLElement | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}
