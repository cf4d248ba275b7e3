import { en } from './texts/en.ts';
import { type CliTextKey, ja } from './texts/ja.ts';

export type CliLocale = 'ja' | 'en';

/** The text of a key with its `{places}` filled. */
export function cliText(
  locale: CliLocale,
  key: CliTextKey,
  params: Readonly<Record<string, string | number>> = {},
): string {
  const text = locale === 'ja' ? ja[key] : en[key];
  return text.replaceAll(/\{([A-Za-z]+)\}/g, (_place, name: string) => String(params[name] ?? '…'));
}

/** The text of a code that has one; else the code itself, which the documentation lists. */
export function cliTextOr(locale: CliLocale, key: string, otherwise: string): string {
  return isCliTextKey(key) ? cliText(locale, key) : otherwise;
}

/** `--lang` before everything, then the environment; Japanese unless it says English. */
export function chooseCliLocale(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CliLocale {
  const at = args.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='));
  const asked = at < 0 ? undefined : args[at]?.slice('--lang='.length) || args[at + 1];
  const named = [asked, environment['HIKITSUGI_LANG'], environment['LC_ALL'], environment['LC_MESSAGES']];
  const first = [...named, environment['LANG']].find((name) => name !== undefined && name !== '');
  return first?.toLowerCase().startsWith('en') === true ? 'en' : 'ja';
}

function isCliTextKey(key: string): key is CliTextKey {
  return Object.hasOwn(ja, key);
}
