import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import { openIdentityProvider as openDemoProvider } from '../../src/demo/identity-provider.node.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { demoAccounts } from '../../src/demo/staff.ts';
import { openIdentityProvider, organisationScope } from '../../src/identity/identity-provider.ts';
import type { IdentityServices } from '../../src/identity/services.ts';
import { readAssets } from '../../src/web/assets.node.ts';
import { describeViolations, openBrowser, overflowPixels, type TestBrowser } from '../support/browser.ts';
import { openPersons, type Persons } from './support/persons.ts';
import { aPupil, openWorld, testApp, type World } from './support/world.ts';

describe('the log-in in a real browser', () => {
  let persons: Persons;
  let world: World;
  let server: ServerType;
  let provider: Awaited<ReturnType<typeof openDemoProvider>>;
  let chromium: TestBrowser;
  let origin: string;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complained about, the content security policy above all. */
  let complaints: string[];
  let sent: string[];
  /** Nobody can say anything about revocation. */
  let isBlind = false;

  beforeAll(async () => {
    persons = await openPersons();
    let app: ReturnType<typeof testApp> | null = null;
    server = serve({ fetch: (request) => app?.fetch(request) ?? new Response(), port: 0, hostname: 'localhost' });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    origin = `http://localhost:${address.port}`;
    const client = { id: 'hikitsugi', secret: 'a-secret', redirectUris: [`${origin}/login/callback/gbizid`] };
    provider = await openDemoProvider({ port: 0, accounts: demoAccounts, client });
    world = await openWorld({ personTrust: switchable(persons.trust), issuer: provider.issuer });
    const gbizid = openIdentityProvider({
      id: 'gbizid',
      issuer: provider.issuer,
      clientId: client.id,
      clientSecret: client.secret,
      publicOrigin: origin,
      scope: organisationScope,
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
    });
    const services: IdentityServices = { ...world.services, publicOrigin: origin, identityProviders: [gbizid] };
    app = testApp(services, await readAssets());
    chromium = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await chromium.close();
    await new Promise((resolve) => server.close(resolve));
    await provider.close();
    await persons.close();
    await world.drop();
  });

  beforeEach(async () => {
    context = await chromium.browser.newContext({ locale: 'ja-JP', viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    complaints = [];
    sent = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  });
  afterEach(() => context.close());

  /** The trust of the demonstration, under authorities that let the unchecked look. */
  function switchable({ revocation, ...trust }: Persons['trust']): Persons['trust'] {
    const anchors = trust.anchors.map((anchor) => ({ ...anchor, whenNotChecked: 'limit' as const }));
    const check: typeof revocation.check = (question) => (isBlind ? noRevocationSource : revocation).check(question);
    return { ...trust, anchors, revocation: { check } };
  }

  async function logInByFile(id: string, password: string): Promise<void> {
    await page.getByLabel('電子証明書のファイル').setInputFiles(join(persons.authorities.p12Directory, `${id}.p12`));
    await page.getByLabel('ファイルのパスワード').fill(password);
    await page.getByRole('button', { name: '証明書でログイン' }).click();
  }

  async function logInByOrganisation(account: string): Promise<void> {
    await page.goto(`${origin}/login?next=/sessions&lang=ja`);
    await page.getByRole('button', { name: 'gBizID でログイン' }).click();
    await page.locator(`button[name="account"][value="${account}"]`).click();
    await page.waitForURL(`${origin}/**`);
  }

  it.each(['sakura', 'fumi', 'ren'])(
    'opens the .p12 of %s, RSA, P-256 or P-384, signs here and logs in',
    async (id) => {
      await page.goto(`${origin}/login?next=/links`);
      await logInByFile(id, demoPassword);
      await page.waitForURL(`${origin}/links`);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('児童・生徒との連携');
      expect(complaints).toEqual([]);
      const everything = sent.join('\n');
      expect(everything).not.toContain(demoPassword);
      expect(everything).not.toContain('PRIVATE');
      // A few kilobytes of certificates and one signature; the file is larger than that with its key.
      expect(sent.filter((request) => request.includes('/api/login/certificate'))).toHaveLength(1);
    },
  );

  it('says what is wrong with a password, a file or a certificate, and lets one try again', async () => {
    await page.goto(`${origin}/login?next=/links`);
    const status = page.locator('[data-status]');
    await logInByFile('sakura', 'wrong');
    await status.getByText('パスワードが違います').waitFor();
    await logInByFile('revoked', demoPassword);
    await status.getByText('ログインできませんでした').waitFor();
    await page.getByLabel('電子証明書のファイル').setInputFiles(join(import.meta.dirname, 'browser-login.test.ts'));
    await page.getByRole('button', { name: '証明書でログイン' }).click();
    await status.getByText('証明書のファイルを読み取れません').waitFor();
    await logInByFile('sakura', demoPassword);
    await page.waitForURL(`${origin}/links`);
    expect(complaints.filter((text) => /security policy/i.test(text))).toEqual([]);
  });

  it('tells somebody whose certificate nobody could check, on every page', async () => {
    isBlind = true;
    await page.goto(`${origin}/login?next=/sessions&lang=ja`);
    await logInByFile('kamome', demoPassword);
    await page.waitForURL(`${origin}/sessions`);
    isBlind = false;
    const note = page.locator('.account-note');
    expect(await note.textContent()).toContain('書類は開けません');
    const shots = process.env['SCREENSHOTS'] ?? (await mkdtemp(join(tmpdir(), 'hikitsugi-shots-')));
    await visit(['/sessions'], shots);
    expect(await note.textContent()).toContain('no document opens');
  });

  it('does nothing without script, and never puts the password into an address', async () => {
    const plain = await chromium.browser.newContext({ javaScriptEnabled: false, locale: 'ja-JP' });
    const without = await plain.newPage();
    await without.goto(`${origin}/login`);
    expect(await without.locator('noscript').isVisible()).toBe(true);
    expect(await without.locator('noscript').textContent()).toContain('JavaScript が必要です');
    const field = without.getByLabel('ファイルのパスワード');
    await field.fill('a-secret-word');
    await field.press('Enter');
    expect(without.url()).toBe(`${origin}/login`);
    await plain.close();
  });

  it('goes to the organisation’s provider and back, without script too', async () => {
    await logInByOrganisation('elementary-clerk');
    expect(page.url()).toBe(`${origin}/sessions`);
    expect(await page.locator('.account').textContent()).toContain('見本東小学校');
    expect(complaints).toEqual([]);
  });

  it('carries the code of a scanned QR through the log-in into the form', async () => {
    const code = 'ABCDE-FGHJK-MNPQR-STVWX-YZ012-3';
    await page.goto(`${origin}/links/new#code=${code}`);
    await logInByFile('kenichi', demoPassword);
    await page.waitForURL(`${origin}/links/new#code=${code}`);
    expect(await page.getByLabel('連携番号').inputValue()).toBe(code);
    expect(sent.some((request) => request.includes(code.slice(0, 11)) && !request.includes('#code='))).toBe(false);
  });

  it('has pages that axe finds nothing wrong with, in both languages and widths', async () => {
    const shots = process.env['SCREENSHOTS'] ?? (await mkdtemp(join(tmpdir(), 'hikitsugi-shots-')));
    await visit(['/login', '/links/new'], shots);
    await page.goto(`${origin}/login?next=/links&lang=ja`);
    await logInByFile('yoko', demoPassword);
    await page.waitForURL(`${origin}/links`);
    await visit(['/links', '/links/new', '/sessions'], shots);
    await context.clearCookies();
    await logInByOrganisation('hibarino-clerk-two-schools');
    await visit(['/choose-school'], shots);
    await page.goto(`${origin}/choose-school?next=/linking`);
    await page.getByRole('radio').first().check();
    await page.getByRole('button').last().click();
    await visit(['/linking', `/linking/${aPupil.id}`], shots);
    await page.goto(`${origin}/linking/${aPupil.id}?lang=ja`);
    await page.getByRole('button', { name: '本人の連携番号を発行する' }).click();
    await page.getByRole('heading', { name: '連携番号を発行しました' }).waitFor();
    await inspect('issued', shots);
    expect(complaints).toEqual([]);
  }, 120_000);

  async function visit(paths: readonly string[], shots: string): Promise<void> {
    for (const path of paths) {
      for (const lang of ['ja', 'en']) {
        await page.goto(`${origin}${path}?lang=${lang}`);
        await inspect(`${path.replaceAll('/', '_')}-${lang}`, shots);
      }
    }
  }

  async function inspect(name: string, shots: string): Promise<void> {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await describeViolations(page), `${name} ${width}`).toBe('');
      expect(await overflowPixels(page), `${name} ${width}`).toBe(0);
      await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }
});
