import type { Case } from './api-shapes.ts';
import { bytesText, columns } from './format.ts';
import { type CliLocale, cliText, cliTextOr } from './text.ts';

/** A case as a person reads it: state, parties, documents, verdicts. */
export function caseLines(one: Case, locale: CliLocale): readonly string[] {
  const head = [
    [cliText(locale, 'case.id'), one.id],
    [cliText(locale, 'case.state'), cliTextOr(locale, `state.${one.state}`, one.state)],
    [cliText(locale, 'case.pupil'), one.pupil.officialName],
    [cliText(locale, 'case.sender'), `${one.sender.name} (${one.sender.code})`],
    [cliText(locale, 'case.recipient'), one.recipient === null ? '—' : `${one.recipient.name} (${one.recipient.code})`],
  ];
  const documents = one.documents.map((document) => [
    `  ${document.state === 'ready' ? '●' : '○'} ${document.title}`,
    cliTextOr(locale, `kind.${document.kind}`, document.kind),
    cliTextOr(locale, `form.${document.form}`, document.form),
    document.bytes === null ? '' : bytesText(document.bytes),
  ]);
  return [...columns(head), ...columns(documents), ...verificationLines(one, locale)];
}

/** The gateway's own verdicts, one by one. */
function verificationLines({ verification }: Case, locale: CliLocale): readonly string[] {
  if (verification === null) return [];
  const { seal, issuer, time, digests } = verification;
  const rows = Object.entries({ seal, issuer, time, digests }).map(([name, word]) => [
    `  ${marks[word]} ${cliTextOr(locale, `verdict.${name}`, name)}`,
    cliText(locale, `word.${word}`),
  ]);
  return [...columns(rows), ...(verification.signer === null ? [] : [`    ${verification.signer}`])];
}

const marks = { valid: '✓', invalid: '✗', notChecked: '?' } as const;
