import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { clearSiteData } from '../web/security.ts';

// The prefix binds a cookie to this host, path `/` and TLS: a sibling domain cannot plant one (RFC 6265bis §4.1.3, A-06).
const sessionCookie = '__Host-sid';
const signInCookie = '__Host-signin';
const codeCookie = '__Host-code';
// Lax, since Strict would leave the return from the OpenID provider without its cookie.
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;

export function readSessionCookie(c: Context): string | null {
  return tokenOrNull(getCookie(c, sessionCookie));
}

/** Without an age: it ends with the browser at the latest; the limits are the server's. */
export function writeSessionCookie(c: Context, token: string): void {
  setCookie(c, sessionCookie, token, attributes);
}

/** The browser's part of a log-out: the cookie goes, and whatever it kept of our pages. */
export function endBrowserSession(c: Context): void {
  deleteCookie(c, sessionCookie, attributes);
  clearSiteData(c);
}

export function readSignInCookie(c: Context): string | null {
  return tokenOrNull(getCookie(c, signInCookie));
}

export function writeSignInCookie(c: Context, value: string, maxAgeSeconds: number): void {
  setCookie(c, signInCookie, value, { ...attributes, maxAge: maxAgeSeconds });
}

export function clearSignInCookie(c: Context): void {
  deleteCookie(c, signInCookie, attributes);
}

/** Between the two halves of a log-in by paper: which attempt the number belongs to. */
export function readCodeCookie(c: Context): string | null {
  return tokenOrNull(getCookie(c, codeCookie));
}

export function writeCodeCookie(c: Context, value: string, maxAgeSeconds: number): void {
  setCookie(c, codeCookie, value, { ...attributes, sameSite: 'Strict', maxAge: maxAgeSeconds });
}

export function clearCodeCookie(c: Context): void {
  deleteCookie(c, codeCookie, attributes);
}

function tokenOrNull(value: string | undefined): string | null {
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : null;
}
