import type { Locale } from './locale.ts';
import { en } from './locales/en.ts';
import { ja, type MessageKey } from './locales/ja.ts';

/** The names between braces of a text: `'{count} 件'` → `'count'`. */
type PlaceholderOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

type ParamsOf<Key extends MessageKey> = PlaceholderOf<(typeof ja)[Key]>;

type ParamsArgument<Key extends MessageKey> = [ParamsOf<Key>] extends [never]
  ? []
  : [params: Readonly<Record<ParamsOf<Key>, string | number>>];

/** The text of a key in a language: `t(locale, 'component.shown', { count: 3 })`. A missing placeholder does not compile. */
export function t<Key extends MessageKey>(locale: Locale, key: Key, ...[params]: ParamsArgument<Key>): string {
  const text: string = locale === 'ja' ? ja[key] : en[key];
  return params === undefined ? text : fill(text, params);
}

/** Puts values into `{name}` places; a place without a value becomes an ellipsis: people never see braces. */
export function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{([A-Za-z]+)\}/g, (_place, name: string) => String(params[name] ?? '…'));
}

export function isMessageKey(text: string): text is MessageKey {
  return Object.hasOwn(ja, text);
}

/** Texts for field errors come as a key or as plain text (see `Fault.fields`). */
export function textOrKey(locale: Locale, text: string): string {
  if (!isMessageKey(text)) return text;
  return fill(locale === 'ja' ? ja[text] : en[text], {});
}
