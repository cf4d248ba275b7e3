import { outcomeOf, type Report, type ReportItem, type Verdict } from '../verification/report.ts';
import { timeText } from '../verification/time-text.ts';
import { itemText, reasonText } from '../verification/words.ts';
import { columns } from './format.ts';
import { type CliLocale, cliText, cliTextOr } from './text.ts';

const marks = { valid: '✓', invalid: '✗', notChecked: '?' } as const;

/** A report as a person reads it: one line per question, the reason below it, the outcome last. */
export function reportLines(report: Report, name: string, locale: CliLocale): readonly string[] {
  const rows = columns(
    report.verdicts.map(({ question, word, about }) => [
      `  ${marks[word]} ${cliText(locale, `verdict.${question}`)}`,
      cliText(locale, `word.${word}`),
      about ?? '',
    ]),
  );
  const lines = report.verdicts.flatMap((one, index) => [rows[index] ?? '', ...reasonLines(one, locale)]);
  const outcome = outcomeOf(report.verdicts);
  return [
    `${cliText(locale, `file.${report.kind}`)}　${name}`,
    ...lines,
    ...(report.items ?? []).flatMap((item) => itemLines(item, locale)),
    ...actorLines(report, locale),
    ...report.remarks.map((code) => `  ・ ${reasonText(code, locale)}`),
    `${marks[outcome]} ${cliText(locale, `outcome.${outcome}`)}`,
  ];
}

/** One act of an evidence bundle: all is well in one line, what is not is told by its question. */
function itemLines(item: ReportItem, locale: CliLocale): readonly string[] {
  const at = item.at === null ? '' : `${timeText(new Date(item.at))}  `;
  const bad = item.verdicts.filter(({ word }) => word !== 'valid');
  const told = bad.flatMap((one) => [
    `      ${marks[one.word]} ${cliText(locale, `verdict.${one.question}`)}  ${cliText(locale, `word.${one.word}`)}`,
    ...reasonLines(one, locale).map((line) => `  ${line}`),
  ]);
  return [`    ${marks[item.outcome]} ${at}${itemText(item, locale)}`, ...told];
}

/** Who acted, by role, and how strongly they had been authenticated: a receipt states both. */
function actorLines({ facts }: Report, locale: CliLocale): readonly string[] {
  const { actorRole, assurance } = facts;
  if (typeof actorRole !== 'string' || typeof assurance !== 'string') return [];
  const level = cliTextOr(locale, `level.${assurance}`, assurance);
  return [`  ・ ${cliText(locale, 'receipt.actor', { role: actorRole, level })}`];
}

function reasonLines({ word, reasons }: Verdict, locale: CliLocale): readonly string[] {
  return word === 'valid' ? [] : reasons.map((code) => `      ${reasonText(code, locale)}`);
}
