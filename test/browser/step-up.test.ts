import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('a fresh log-in for a weighty act', () => {
  let world: BrowserWorld;
  let ahead = 0;

  beforeAll(async () => {
    world = await openBrowserWorld({ now: () => new Date(Date.now() + ahead) });
  }, 180_000);
  afterAll(() => world?.close());

  it('is told before anything is typed, asked for by keyboard, and leads back to the act', async () => {
    const principal = await world.openAs('juniorHigh-principal');
    await principal.go('/seal-key');
    expect(await principal.text()).not.toContain('先にもう一度ログインする');
    ahead += 11 * 60_000;
    await principal.go('/seal-key');
    await principal.inspectBoth('seal-key-stale');
    await principal.go('/seal-key?lang=ja');
    await principal.tabTo(/先にもう一度ログインする/);
    await principal.page.keyboard.press('Enter');
    await principal.page.waitForURL('**/login/again**');
    expect(await principal.title()).toBe('もう一度ログインしてください');
    await principal.inspectBoth('log-in-again');
    await principal.go('/login/again?next=%2Fseal-key&lang=ja');
    await principal.tabTo(/もう一度ログインして続ける/);
    await principal.page.keyboard.press('Enter');
    await principal.page.locator('button[name="account"][value="juniorHigh-principal"]').click();
    await principal.page.waitForURL(`${world.origin}/seal-key`);
    expect(await principal.text()).not.toContain('先にもう一度ログインする');
    await principal.go('/login/again?next=%2Fseal-key');
    expect(await principal.title()).toBe('ログインを確認しました');
    await principal.inspectBoth('logged-in-again');
    await principal.close();
  }, 180_000);

  it('stands on the page of one’s sessions, where all others can be ended', async () => {
    const [one, two] = [await world.openAs('juniorHigh-clerk'), await world.openAs('juniorHigh-clerk')];
    await one.go('/sessions');
    await one.inspectBoth('sessions');
    await one.go('/sessions?lang=ja');
    await one.press('この画面以外をすべて終了する');
    await one.page.waitForURL(`${world.origin}/sessions`);
    await two.go('/sessions');
    expect(await two.title()).toBe('ログインが必要です');
    await one.close();
    await two.close();
  }, 180_000);
});
