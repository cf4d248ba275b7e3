import { outcomeOf, type Report, type Verdict } from '../verification/report.ts';
import { reasonText } from '../verification/words.ts';
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
    ...actorLines(report, locale),
    ...report.remarks.map((code) => `  ・ ${reasonText(code, locale)}`),
    `${marks[outcome]} ${cliText(locale, `outcome.${outcome}`)}`,
  ];
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
