import { readFile } from 'node:fs/promises';
import { importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBoundClient } from '../support/dpop.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('a school-affairs system, registered in a browser', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  /** As the vendor does it, with the key file that the browser saved. */
  async function logInWith(jwk: JWK, clientId: string): Promise<number> {
    const { d: _, ...shown } = jwk;
    expect(shown.crv).toBe('P-256');
    const key = await importJWK(jwk, 'ES256');
    const bound = await openBoundClient(fetch);
    const answer = await bound.token(`${world.origin}/api/token`, async () => {
      const assertion = new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '' })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(world.origin)
        .setIssuedAt()
        .setExpirationTime('50s');
      return new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion.sign(key),
      });
    });
    return answer.status;
  }

  it('gets a key made in the browser, logs in with it, is blocked, let in again and deleted', async () => {
    const principal = await world.openAs('juniorHigh-principal');
    const { page } = principal;
    await page.getByRole('link', { name: '校務支援システム', exact: true }).click();
    await principal.inspectBoth('clients');
    await principal.go('/clients/new?lang=ja');
    await principal.inspectBoth('client-new');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    const waiting = page.waitForEvent('download');
    await principal.press('鍵の組をこのブラウザーで作る');
    const saved = await waiting;
    expect(saved.suggestedFilename()).toMatch(/^hikitsugi-[0-9a-f]{8}\.jwk\.json$/);
    // Sound: the page has just written it.
    const jwk = JSON.parse(await readFile(await saved.path(), 'utf8')) as JWK;
    await page.getByLabel('システムの名前').fill('保健システム');
    await page.getByLabel('健康診断票の中身を読む').check();
    await principal.press('登録する');
    expect(await page.getByRole('alert').textContent()).toContain('もう一度の確認が必要です');
    await principal.inspect('client-health');
    await page.getByLabel(/もう一度確かめました/).check();
    await principal.press('登録する');
    expect(await principal.title()).toBe('システムを登録しました');
    await principal.inspect('client-registered');
    expect(sent.join('')).toContain('publicKey');
    expect(sent.join('')).not.toContain(jwk.d);
    const id = (await page.locator('#client-id').textContent())?.trim() ?? '';
    expect(await logInWith(jwk, id)).toBe(200);
    await page.getByRole('link', { name: '登録の内容を見る' }).click();
    await principal.inspectBoth('client');
    await principal.go(`/clients/${id}?lang=ja`);
    expect(await principal.text()).not.toContain('まだ使われていません');
    await principal.press('すぐに止める');
    expect(await principal.text()).toContain('このシステムは止まっています');
    expect(await logInWith(jwk, id)).toBe(401);
    await principal.inspect('client-blocked');
    await principal.press('再開する');
    await page.getByRole('button', { name: 'すぐに止める' }).waitFor();
    expect(await logInWith(jwk, id)).toBe(200);
    await principal.press('削除する');
    await page.waitForURL(`${world.origin}/clients`);
    expect(await logInWith(jwk, id)).toBe(401);
    expect(await principal.text()).not.toContain('保健システム');
    await principal.close();
  }, 180_000);
});
