import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export const locales = ['ja', 'en'] as const;
export type Locale = (typeof locales)[number];

/** What a request says about the language its reader wants. */
export interface LocaleHints {
  readonly query: string | undefined;
  readonly cookie: string | undefined;
  readonly acceptLanguage: string | undefined;
}

export interface LocaleVariables {
  locale: Locale;
}

const cookieName = '__Host-lang';
const oneYearSeconds = 31_536_000;

/** `?lang=` wins over the cookie, the cookie over Accept-Language, and Japanese over silence. */
export function chooseLocale(hints: LocaleHints): Locale {
  return toLocale(hints.query) ?? toLocale(hints.cookie) ?? preferredLocale(hints.acceptLanguage) ?? 'ja';
}

/** Sets `c.var.locale`, and remembers a language that was asked for by `?lang=`. */
export function localeMiddleware(): MiddlewareHandler<{ Variables: LocaleVariables }> {
  return async (c, next) => {
    const query = c.req.query('lang');
    const locale = chooseLocale({
      query,
      cookie: getCookie(c, cookieName),
      acceptLanguage: c.req.header('accept-language'),
    });
    c.set('locale', locale);
    await next();
    if (toLocale(query) === undefined) return;
    setCookie(c, cookieName, locale, {
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      maxAge: oneYearSeconds,
    });
  };
}

/** The same address in another language; `path` is path and query of the page being shown. */
export function inLocale(path: string, locale: Locale): string {
  const url = new URL(path, 'http://page.invalid');
  url.searchParams.set('lang', locale);
  return `${url.pathname}${url.search}`;
}

function toLocale(text: string | undefined): Locale | undefined {
  return locales.find((locale) => locale === text);
}

// RFC 9110 §12.5.4; a q of 0 means "not acceptable".
function preferredLocale(header: string | undefined): Locale | undefined {
  if (header === undefined || header.length > 500) return undefined;
  const wishes = header
    .split(',')
    .map(parseWish)
    .filter((wish) => wish.quality > 0);
  wishes.sort((a, b) => b.quality - a.quality);
  for (const wish of wishes) {
    const locale = toLocale(wish.language);
    if (locale !== undefined) return locale;
  }
  return undefined;
}

function parseWish(part: string): { language: string; quality: number } {
  const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
  const q = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='));
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { language: tag.split('-')[0] ?? '', quality: Number.isFinite(quality) ? quality : 0 };
}
