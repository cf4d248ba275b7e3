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
function verificationLines(one: Case, locale: CliLocale): readonly string[] {
  const { verification } = one;
  if (verification === null) return [];
  const rows = (['seal', 'issuer', 'time', 'digests'] as const).map((name) => [
    `  ${marks[verification[name]]} ${cliText(locale, `verdict.${name}`)}`,
    cliText(locale, `word.${verification[name]}`),
  ]);
  const signer = verification.signer === null ? [] : [`    ${verification.signer}`];
  return [...columns(rows), ...signer, ...senderKeyLines(one, locale)];
}

/** For the receiver: what a certificate does not say of the key. What is new or unknown is asked for by telephone. */
function senderKeyLines({ verification, side }: Case, locale: CliLocale): readonly string[] {
  const key = verification?.senderKey ?? null;
  if (key === null || side !== 'recipient') return [];
  const { fingerprint, registeredAt, standing, isNew } = key;
  const since = registeredAt ?? cliText(locale, 'sender-key.never');
  const warning = registeredAt === null ? 'unknown' : standing === 'doubted' ? 'doubted' : isNew ? 'new' : null;
  return [
    ...columns([
      [`  ${cliText(locale, 'sender-key.fingerprint')}`, fingerprint],
      [`  ${cliText(locale, 'sender-key.since')}`, since],
    ]),
    ...(warning === null ? [] : [`  ! ${cliText(locale, `sender-key.${warning}`)}`]),
  ];
}

const marks = { valid: '✓', invalid: '✗', notChecked: '?' } as const;
