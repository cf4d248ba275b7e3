import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../../src/app-env.ts';
import { origin } from './world.ts';

/** A browser as far as this room sees one: it keeps cookies, and says where a request comes from. */
export class Browser {
  readonly #app: OpenAPIHono<AppEnv>;
  readonly #jar: Map<string, string>;

  constructor(app: OpenAPIHono<AppEnv>, cookies: Readonly<Record<string, string>> = {}) {
    this.#app = app;
    this.#jar = new Map(Object.entries(cookies));
  }

  cookie(name: string): string {
    return this.#jar.get(name) ?? '';
  }

  get(path: string): Promise<Response> {
    return this.request(path, { headers: { accept: 'text/html' } });
  }

  /** Submits a form of our own page. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return this.request(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' },
    });
  }

  /** Sends JSON as a script of our own page does. */
  send(method: string, path: string, body?: unknown): Promise<Response> {
    return this.request(path, {
      method,
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async identity(): Promise<unknown> {
    return (await this.request('/api/session', {})).json();
  }

  async request(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookies = [...this.#jar].filter(([, value]) => value !== '').map(([name, value]) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
    headers.set('user-agent', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0');
    const response = await this.#app.request(`${origin}${path}`, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    const equals = pair.indexOf('=');
    const expired = /max-age=0/i.test(cookie);
    this.#jar.set(pair.slice(0, equals), expired ? '' : pair.slice(equals + 1));
  }
}
