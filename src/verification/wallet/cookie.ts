import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { randomToken } from '../../identity/secrets.ts';

const name = '__Host-presentation';

/** The browser that asks wallets: by this alone it finds its requests again. Null when it has not asked yet. */
export function readBrowser(c: Context): string | null {
  const value = getCookie(c, name);
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : null;
}

/** Lax, since Strict would leave whoever comes back from a wallet on the same phone without it. Ends with the browser. */
export function keepBrowser(c: Context): string {
  const known = readBrowser(c);
  if (known !== null) return known;
  const made = randomToken();
  setCookie(c, name, made, { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' });
  return made;
}
