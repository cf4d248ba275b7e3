import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { watchAlerts } from '../../src/board/alerts/watch-alerts.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openBrowser } from '../support/browser.ts';
import { openSessionOf } from '../support/session.ts';
import { openWindow, type Window } from './support/window.ts';

/** 知らせ on screen: the principal by keyboard and without script, the board's auditor by mouse. */
describe('alerts', () => {
  let world: HostileWorld;
  let chromium: Awaited<ReturnType<typeof openBrowser>>;
  let id = '';

  beforeAll(async () => {
    [world, chromium] = await Promise.all([openHostileWorld(), openBrowser()]);
    const clerk = await world.as('juniorHigh-clerk');
    for (let count = 0; count < 5; count += 1) await clerk.json('GET', `/api/cases/aaaaaaaaaaaaaaaaaaaaaaaaa${count}`);
    const head = await world.as('juniorHigh-principal');
    await vi.waitFor(
      async () => {
        await watchAlerts(world.running.gateway);
        const { body } = await head.json('GET', '/api/alerts?rule=foreign-case');
        id = body.items[0]?.id ?? '';
        expect(id).not.toBe('');
      },
      { timeout: 60_000, interval: 300 },
    );
  }, 240_000);
  afterAll(async () => {
    await chromium?.close();
    await world?.close();
  });

  async function openAs(subject: string, script = true): Promise<Window> {
    const window = await openWindow(chromium.browser, world.origin, { script });
    await window.logIn(subject);
    return window;
  }

  it('say that there is nothing, where there is nothing', async () => {
    // The keys of the demonstration's schools are news of their own.
    const watcher = await openSessionOf(world.origin, 'nagano-auditor');
    for (const { id: other } of (await watcher.json('GET', '/api/alerts')).body.items) {
      expect((await watcher.json('POST', `/api/alerts/${other}/closure`, { reason: 'expected' })).status).toBe(200);
    }
    const auditor = await openAs('nagano-auditor');
    await auditor.go('/alerts');
    expect(await auditor.text()).toContain('確かめる知らせはありません');
    await auditor.inspectBoth('alerts-none');
    await auditor.close();
  }, 180_000);

  it('are found by keyboard and without script, looked at, and closed with a reason', async () => {
    const head = await openAs('juniorHigh-principal', false);
    await head.go('/');
    expect(await head.page.locator('nav a[href="/alerts"]').first().textContent()).toMatch(/知らせ\s*2/);
    await head.enter(/^知らせ/);
    await head.enter(/^関わりのない案件に、くり返しアクセスしようとしました$/);
    expect(await head.text()).toContain('断られた操作');
    // The answer to the form is the page of the alert again, at the address it was sent from.
    await head.enter(/確認を始める/);
    expect(await head.text()).toContain('確認中');
    await head.page.getByLabel('対応しました').check();
    await head.press('理由を付けて終える');
    expect(await head.text()).toContain('終了');
    expect(await head.text()).toContain('対応しました');
    await head.press('もう一度開く');
    expect(await head.text()).toContain('未確認');
    await head.close();
  }, 180_000);

  it('look right in both languages, on a wide screen and on a telephone', async () => {
    const head = await openAs('juniorHigh-principal');
    await head.go('/alerts');
    await head.inspectBoth('alerts-list');
    await head.go(`/alerts/${id}`);
    await head.inspectBoth('alert');
    await head.go('/alerts?state=closed&severity=severe');
    await head.inspect('alerts-no-match');
    await head.close();
  }, 240_000);

  it('begin where the board says', async () => {
    const auditor = await openAs('hibarino-auditor');
    await auditor.go('/alerts');
    await auditor.page.getByRole('link', { name: '知らせの目安' }).click();
    await auditor.inspectBoth('alert-rules');
    await auditor.go('/alert-rules');
    await auditor.page.locator('#field-threshold-foreign-case').fill('７０');
    await auditor.press('変える (関わりのない案件に、くり返しアクセスしようとしました)');
    expect(await auditor.text()).toContain('その目安にはできません');
    await auditor.inspect('alert-rules-refused');
    await auditor.page.locator('#field-threshold-foreign-case').fill('７');
    await auditor.press('変える (関わりのない案件に、くり返しアクセスしようとしました)');
    expect(await auditor.text()).toContain('の目安を変えました');
    expect(await auditor.page.locator('#field-threshold-foreign-case').inputValue()).toBe('7');
    await auditor.close();
  }, 240_000);
});
