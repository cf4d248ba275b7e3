import type { Context, MiddlewareHandler } from 'hono';
import { cspReportPath } from './csp-reports.ts';

export interface SecurityVariables {
  /** For the `nonce` attribute of the page's own script and style elements; new for every answer. */
  cspNonce: string;
  /** Set by a page that holds a frame of ours; on every other page a frame is refused. */
  holdsFrame?: true;
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
    // What is saved as a file is never a page of ours, whatever a browser makes of it (U-07, ASVS 3.2.1).
    const isFile = c.res.headers.get('Content-Disposition')?.startsWith('attachment') === true;
    const holdsFrame = c.get('holdsFrame') === true;
    const policy = isFile
      ? "sandbox; default-src 'none'"
      : contentSecurityPolicy(nonce, holdsFrame, options.formTargets);
    setDefault(c, 'Content-Security-Policy', policy);
  };
}

/**
 * Refuses a request that changes something unless this site's own page sent it (ASVS 3.5.1–3). Whatever the content
 * type: a form, JSON, bytes and DELETE are all the same to a forged request. What only reads is refused when another site
 * takes it into its own page; a link from there is a navigation, and is fine (ASVS 3.5.8).
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
    if (options.isExempt(c)) return next();
    const isOurs = isSafe(c.req.method) ? !isEmbedded(c) : isSameOrigin(c, options.publicOrigin);
    return isOurs ? next() : options.refuse(c);
  };
}

// What no page of ours uses, and so no script that got into one may.
const forbiddenFeatures = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** @param allowed - what this one page of ours uses */
export function permissionsPolicy(allowed: readonly string[]): string {
  return forbiddenFeatures.map((feature) => `${feature}=(${allowed.includes(feature) ? 'self' : ''})`).join(', ');
}

const fixedHeaders: readonly (readonly [name: string, value: string])[] = [
  ['Strict-Transport-Security', 'max-age=63072000; includeSubDomains'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  // `no-referrer` would turn the Origin of a form into `null`.
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', permissionsPolicy([])],
  ['Reporting-Endpoints', `csp="${cspReportPath}"`],
  ['Cache-Control', 'no-store'],
];

function contentSecurityPolicy(nonce: string, holdsFrame: boolean, formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    // Holds for where the frame goes by itself, too: nothing in it can leave for another site.
    ...(holdsFrame ? ["frame-src 'self'"] : []),
    "manifest-src 'self'",
    ["form-action 'self'", ...formTargets].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `report-uri ${cspReportPath}`,
    'report-to csp',
  ].join('; ');
}

/** Tells the browser to forget what it kept of whoever was logged in (ASVS 14.3.1); the language they chose may stay. */
export function clearSiteData(c: Context): void {
  c.header('Clear-Site-Data', '"cache", "storage"');
}

function setDefault(c: Context, name: string, value: string): void {
  if (!c.res.headers.has(name)) c.res.headers.set(name, value);
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** An image, script, frame or fetch of another site's page; also of a sibling domain, whose requests carry our cookies. */
function isEmbedded(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  const isForeign = site === 'cross-site' || site === 'same-site';
  return isForeign && (c.req.header('Sec-Fetch-Mode') !== 'navigate' || c.req.header('Sec-Fetch-Dest') !== 'document');
}

/** Fetch metadata where the browser sends it, else the Origin; a request with neither is refused. */
function isSameOrigin(c: Context, publicOrigin: string): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  return c.req.header('Origin') === publicOrigin;
}
