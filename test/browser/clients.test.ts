import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { openBoundClient } from '../support/dpop.ts';
import type { Window, WindowOptions } from './support/window.ts';
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

  /** The second person: the city's administrator at the junior high school. */
  async function administrator(options: WindowOptions = {}): Promise<Window> {
    const window = await world.openAs('hibarino-administrator', options);
    await window.page.getByLabel(/見本中学校/).check();
    await window.press('この学校と役割で始める');
    await window.page.waitForURL('**/people');
    return window;
  }

  async function tabToField(window: Window, id: string): Promise<void> {
    for (let step = 0; step < 80; step++) {
      await window.page.keyboard.press('Tab');
      if ((await window.focused()) === id) return;
    }
    throw new Error(`no field ${id} is reached by Tab`);
  }

  /** The key file that the browser saves when its button is pressed from the keyboard. */
  async function makeKey(window: Window): Promise<JWK> {
    await window.tabTo(/^鍵の組をこのブラウザーで作る/);
    const [saved] = await Promise.all([window.page.waitForEvent('download'), window.page.keyboard.press('Enter')]);
    expect(saved.suggestedFilename()).toMatch(/^hikitsugi-[0-9a-f]{8}\.jwk\.json$/);
    // Sound: the page has just written it.
    return JSON.parse(await readFile(await saved.path(), 'utf8')) as JWK;
  }

  it('is registered by two persons, gets another key by two, and is blocked by one, by keyboard alone', async () => {
    const [principal, second] = [await world.openAs('juniorHigh-principal'), await administrator()];
    await principal.enter(/^校務支援システム$/);
    await principal.inspectBoth('clients');
    await principal.go('/clients?lang=ja');
    await principal.enter(/^システムを登録する$/);
    await principal.inspectBoth('client-new');
    await principal.go('/clients/new?lang=ja');
    const sent: string[] = [];
    principal.page.on('request', (request) => sent.push(request.postData() ?? ''));
    await tabToField(principal, 'field-name');
    await principal.page.keyboard.type('保健システム');
    const first = await makeKey(principal);
    await principal.enter(/^この内容を提案する/);
    expect(await principal.title()).toBe('登録を提案しました');
    expect(await principal.text()).toContain('見守　翔子');
    await principal.inspect('client-proposed');
    const id = (await principal.page.locator('#client-id').textContent())?.trim() ?? '';
    expect(sent.join('')).toContain('publicKey');
    expect(sent.join('')).not.toContain(first.d);
    expect(await logInWith(first, id)).toBe(401);
    await principal.enter(/^一覧に戻る/);
    await principal.inspectBoth('clients-waiting');

    await second.enter(/^提案の確認/);
    expect(await second.text()).toContain('保健システム');
    await second.inspectBoth('proposals-client');
    await second.go('/proposals?lang=ja');
    await second.enter(/^確認して有効にする/);
    expect(await logInWith(first, id)).toBe(200);

    await principal.go('/clients?lang=ja');
    await principal.enter(/^保健システム$/);
    await principal.inspectBoth('client');
    await principal.go(`/clients/${id}?lang=ja`);
    const next = await makeKey(principal);
    await principal.enter(/^新しい鍵を提案する/);
    expect(await principal.text()).toContain('校務支援システムの鍵の追加');
    await principal.inspectBoth('client-waiting');
    expect(await logInWith(next, id)).toBe(401);
    await second.go('/proposals?lang=ja');
    expect(await second.text()).toContain('いまの鍵を使える日数');
    await second.enter(/^確認して有効にする/);
    expect([await logInWith(first, id), await logInWith(next, id)]).toEqual([200, 200]);

    await principal.go(`/clients/${id}?lang=ja`);
    await principal.enter(/^すぐに止める/);
    expect(await principal.text()).toContain('このシステムは止まっています');
    await principal.inspectBoth('client-blocked');
    expect([await logInWith(first, id), await logInWith(next, id)]).toEqual([401, 401]);
    await principal.go(`/clients/${id}?lang=ja`);
    await principal.enter(/^再開する/);
    expect(await logInWith(next, id)).toBe(200);
    await principal.enter(/^削除する/);
    expect(new URL(principal.page.url()).pathname).toBe('/clients');
    expect(await logInWith(next, id)).toBe(401);
    expect(await principal.text()).not.toContain('保健システム');
    await Promise.all([principal.close(), second.close()]);
  }, 300_000);

  it('is registered, widened and blocked without script', async () => {
    const script = { script: false };
    const [principal, second] = [await world.openAs('juniorHigh-principal', script), await administrator(script)];
    const { page } = principal;
    // As a vendor sends it: the other half stays with the vendor.
    const pair = await generateKeyPair('ES256', { extractable: true });
    const [shown, kept] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)]);
    await principal.go('/clients/new?lang=ja');
    expect(await page.getByRole('button', { name: '鍵の組をこのブラウザーで作る' }).count()).toBe(0);
    await page.getByLabel('システムの名前').fill('教務システム');
    await page.getByLabel('健康診断票の中身を読む').check();
    await page.getByLabel('公開鍵').fill(JSON.stringify({ ...shown, kid: 'vendor' }));
    await principal.press('この内容を提案する');
    expect(await page.getByRole('alert').textContent()).toContain('もう一度の確認が必要です');
    await page.getByLabel(/もう一度確かめました/).check();
    await principal.press('この内容を提案する');
    const id = (await page.locator('#client-id').textContent())?.trim() ?? '';
    await second.go('/proposals?lang=ja');
    expect(await second.text()).toContain('健康診断票の中身を読む');
    await second.press('確認して有効にする');
    expect(await logInWith({ ...kept, kid: 'vendor' }, id)).toBe(200);

    await principal.go(`/clients/${id}?lang=ja`);
    await page.getByLabel('1日に送れる書類の数').fill('2001');
    await principal.press('変更する');
    await page.getByText('校務支援システムの権限・上限の変更').waitFor();
    await second.go('/proposals?lang=ja');
    expect(await second.text()).toContain('2000 から 2001 へ');
    await second.press('認めない');
    await principal.go(`/clients/${id}?lang=ja`);
    expect(await page.getByLabel('1日に送れる書類の数').inputValue()).toBe('2000');
    await page.getByLabel('1日に送れる書類の数').fill('5');
    await principal.press('変更する');
    expect(await principal.text()).toContain('上限 5 件');
    await principal.press('すぐに止める');
    expect(await principal.text()).toContain('このシステムは止まっています');
    expect(await logInWith({ ...kept, kid: 'vendor' }, id)).toBe(401);
    await Promise.all([principal.close(), second.close()]);
  }, 300_000);

  it('is told what is wrong, and what a change would come to, in pages that axe finds nothing wrong with', async () => {
    const [principal, second] = [await world.openAs('juniorHigh-principal'), await administrator()];
    const { page } = principal;
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    await principal.go('/clients/new?lang=ja');
    await page.getByLabel('システムの名前').fill('保健システム');
    await page.getByLabel('健康診断票の中身を読む').check();
    await page.getByLabel('公開鍵').fill(JSON.stringify(await exportJWK(publicKey)));
    await principal.press('この内容を提案する');
    expect(await page.getByRole('alert').textContent()).toContain('もう一度の確認が必要です');
    await principal.inspect('client-health');
    await principal.go('/clients?lang=ja');
    await page.locator('main table a').first().click();
    await page.getByLabel('1日に送れる書類の数').fill('2001');
    await principal.press('変更する');
    await page.getByText('校務支援システムの権限・上限の変更').waitFor();
    await second.go('/proposals?lang=ja');
    expect(await second.text()).toContain('2000 から 2001 へ');
    await second.inspectBoth('proposals-client-change');
    await second.go('/proposals?lang=ja');
    await second.press('認めない');
    await Promise.all([principal.close(), second.close()]);
  }, 300_000);

  it('keeps its seal key, and the certificate alone is registered on a page', async () => {
    const seal = world.seals.get(demoOrganisations.juniorHigh.code);
    const [principal, second] = [await world.openAs('juniorHigh-principal'), await administrator()];
    const files = (seal?.chain ?? []).map((der, index) => ({
      name: `${index}.pem`,
      mimeType: 'application/x-pem-file',
      buffer: Buffer.from(derToPem(der, 'CERTIFICATE')),
    }));
    const secret = derToPem(seal?.pkcs8 ?? new Uint8Array(), 'PRIVATE KEY');
    const leaked = { name: 'seal.pem', mimeType: 'text/plain', buffer: Buffer.from(secret) };
    await principal.go('/seal-key?lang=ja');
    await principal.page.getByLabel('証明書のファイル').setInputFiles([...files, leaked]);
    await principal.press('証明書の登録を提案する');
    expect(await principal.page.getByRole('alert').textContent()).toContain('秘密鍵の入ったファイルが送られました');
    await principal.page
      .getByLabel('証明書のファイル')
      .setInputFiles([leaked].map((one) => ({ ...one, buffer: Buffer.from('x') })));
    await principal.press('証明書の登録を提案する');
    expect(await principal.page.getByRole('alert').textContent()).toContain('この鍵は登録できません');
    await principal.page.getByLabel('証明書のファイル').setInputFiles(files);
    await principal.press('証明書の登録を提案する');
    await principal.page.getByText('もう一人の確認を待っています').waitFor();
    await principal.inspectBoth('seal-key-waiting');
    await second.go('/proposals?lang=ja');
    await second.press('確認して有効にする');
    await second.page.getByText('確認しました').waitFor();
    await principal.go('/seal-key?lang=ja');
    expect(await principal.text()).toContain('学校のシステム');
    expect(await principal.text()).not.toContain('もう一人の確認を待っています');
    await principal.inspectBoth('seal-key-own');
    await Promise.all([principal.close(), second.close()]);
  }, 300_000);
});
