import type { Context, MiddlewareHandler } from 'hono';

export interface SecurityVariables {
  /** For the `nonce` attribute of the page's own script and style elements; new for every answer. */
  cspNonce: string;
}

export interface SecurityEnv {
  Variables: SecurityVariables;
}

/**
 * The security headers of every answer (ASVS 3.4.1–8). A route may set a header itself, and then keeps it: assets their
 * caching, downloads their sandbox.
 *
 * @param options.formTargets - origins, besides our own, that a form of ours ends at by redirect: the OpenID providers
 */
export function securityHeaders(options: { readonly formTargets: readonly string[] }): MiddlewareHandler<SecurityEnv> {
  return async (c, next) => {
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
    c.set('cspNonce', nonce);
    await next();
    for (const [name, value] of fixedHeaders) setDefault(c, name, value);
    setDefault(c, 'Content-Security-Policy', contentSecurityPolicy(nonce, options.formTargets));
  };
}

/**
 * Refuses a request that changes something unless this site's own page sent it (ASVS 3.5.1–3). Whatever the content
 * type: a form, JSON, bytes and DELETE are all the same to a forged request.
 *
 * @param options.isExempt - requests that authenticate without any cookie: bearer tokens and the token endpoint
 * @param options.refuse - makes the 403
 */
export function requireSameOrigin(options: {
  readonly publicOrigin: string;
  readonly isExempt: (c: Context) => boolean;
  readonly refuse: (c: Context) => Response | Promise<Response>;
}): MiddlewareHandler {
  return async (c, next) => {
    if (isSafe(c.req.method) || options.isExempt(c) || isSameOrigin(c, options.publicOrigin)) {
      return next();
    }
    return options.refuse(c);
  };
}

const fixedHeaders: readonly (readonly [name: string, value: string])[] = [
  ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  // `no-referrer` would turn the Origin of a form into `null`.
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()'],
  ['Cache-Control', 'no-store'],
];

function contentSecurityPolicy(nonce: string, formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    ["form-action 'self'", ...formTargets].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

function setDefault(c: Context, name: string, value: string): void {
  if (!c.res.headers.has(name)) c.res.headers.set(name, value);
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Fetch metadata where the browser sends it, else the Origin; a request with neither is refused. */
function isSameOrigin(c: Context, publicOrigin: string): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  return c.req.header('Origin') === publicOrigin;
}
