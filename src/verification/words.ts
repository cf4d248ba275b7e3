import type { Verdict } from './report.ts';
import { verificationEn } from './texts/en.ts';
import { type VerificationTextKey, verificationJa } from './texts/ja.ts';

export type ReaderLocale = 'ja' | 'en';

/** The text of a key with its `{places}` filled. */
export function verificationText(
  locale: ReaderLocale,
  key: VerificationTextKey,
  params: Readonly<Record<string, string | number>> = {},
): string {
  const text: string = locale === 'ja' ? verificationJa[key] : verificationEn[key];
  return text.replaceAll(/\{([A-Za-z]+)\}/g, (_place, name: string) => String(params[name] ?? '…'));
}

/** The text of a code that has one; else the code itself, which the documentation lists. */
export function verificationTextOr(locale: ReaderLocale, key: string, otherwise: string): string {
  return isTextKey(key) ? verificationText(locale, key) : otherwise;
}

/** One plain sentence for one verdict. */
export function sentenceOf({ code }: Verdict, locale: ReaderLocale): string {
  return verificationText(locale, `says.${code}`);
}

/** What whoever reads it should do next; null where all is well. */
export function stepOf({ question, word }: Verdict, locale: ReaderLocale): string | null {
  return word === 'valid' ? null : verificationText(locale, `next.${question}.${word}`);
}

/** `code:subject`, such as `file-mismatch:records/01.pdf`. */
export function reasonText(code: string, locale: ReaderLocale): string {
  const [name = '', ...subject] = code.split(':');
  const text = verificationTextOr(locale, `reason.${name}`, withoutWords(name, locale));
  return subject.length === 0 ? text : `${text}: ${subject.join(':')}`;
}

/** `list-signature-invalid`: what is said of a signature, of the list; else the code itself. */
function withoutWords(name: string, locale: ReaderLocale): string {
  const [, of = '', reason = ''] = /^(list|holder)-(.+)$/.exec(name) ?? [];
  const text = verificationTextOr(locale, `reason.${reason}`, '');
  return text === '' ? name : `${verificationTextOr(locale, `reason.of-${of}`, of)}: ${text}`;
}

function isTextKey(key: string): key is VerificationTextKey {
  return Object.hasOwn(verificationJa, key);
}
