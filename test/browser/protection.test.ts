import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

const newOrder = '/protections/new?kind=pupil&id=pupil-01';

describe('protection orders and one’s own log-ins, on their pages', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  it('protect a pupil without script, say what is missing, and end only by a second person', async () => {
    const seen = await world.openAs('juniorHigh-principal');
    await seen.go('/protections');
    await seen.inspectBoth('protections-none');
    await seen.go(newOrder);
    await seen.inspectBoth('protection-new');

    const principal = await world.open({ script: false });
    await principal.logIn('juniorHigh-principal', newOrder);
    await principal.page.getByLabel('措置の開始日').fill('2026-04-01');
    await principal.page.getByLabel('次に確かめる日').fill('2026-04-01');
    await principal.page.getByLabel('裁判所').check();
    await principal.page.getByLabel(/教頭/).check();
    await principal.press('登録して、すぐに保護する');
    expect(await principal.text()).toContain('明日以降の日を選んでください。');
    expect(await principal.page.getByLabel('裁判所').isChecked()).toBe(true);
    await principal.page.getByLabel('次に確かめる日').fill('2099-01-01');
    await principal.press('登録して、すぐに保護する');
    const order = new URL(principal.page.url()).pathname;
    expect(order).toMatch(/^\/protections\/[^/]+$/);
    await seen.go(order);
    await seen.inspectBoth('protection');
    await seen.page.emulateMedia({ media: 'print' });
    expect(await seen.page.getByText('裁判所').first().isVisible()).toBe(false);
    expect(await seen.page.getByRole('heading', { level: 1 }).count()).toBe(0);

    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.go(order);
    expect(await clerk.title()).toBe('見つかりません');
    await clerk.go('/linking');
    expect(await clerk.text()).not.toMatch(/葛/);

    await principal.go(order);
    await principal.press('解除を求める');
    const vice = await world.openAs('juniorHigh-vicePrincipal');
    await vice.go(order);
    await vice.inspectBoth('protection-lift-waits');
    await vice.go(`${order}?lang=ja`);
    await vice.tabTo(/^解除を確認する$/);
    await vice.page.keyboard.press('Enter');
    await vice.page.getByText('解除済み').first().waitFor();
    await clerk.go('/linking');
    expect(await clerk.text()).toMatch(/葛/);
    await Promise.all([seen.close(), principal.close(), clerk.close(), vice.close()]);
  }, 300_000);

  it('show a person their ways and history, and end the other sessions on "that was not me"', async () => {
    const open = async () => {
      const person = await world.open();
      await person.go('/login?next=/sessions');
      await person.page.getByLabel('電子証明書のファイル').setInputFiles(join(world.p12Directory, 'fumi.p12'));
      await person.page.getByLabel('ファイルのパスワード').fill(demoPassword);
      await person.press('証明書でログイン');
      await person.page.waitForURL(`${world.origin}/sessions`);
      return person;
    };
    const [one, two] = [await open(), await open()];
    await one.go('/sessions');
    await one.inspectBoth('own-log-ins');
    await one.go('/sessions?lang=ja');
    await one.page.locator('form[action="/log-ins/disowning"] button').first().click();
    await one.page.getByRole('heading', { level: 1 }).waitFor();
    await one.inspect('not-me');
    await two.go('/sessions');
    expect(await two.title()).toBe('ログインが必要です');
    await Promise.all([one.close(), two.close()]);
  }, 300_000);
});
