import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseAt, type TestCase, take } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openBrowser } from '../support/browser.ts';
import { openWindow, type Window } from './support/window.ts';

const pupils = ['pupil-01', 'pupil-02', 'pupil-03', 'pupil-04'];

/** 一括取下げ on screen: a class is chosen by one link, looked at, and taken back; one was opened already, one is just being opened. */
describe('a class sent by mistake', () => {
  let world: HostileWorld;
  let chromium: Awaited<ReturnType<typeof openBrowser>>;
  const made: TestCase[] = [];

  beforeAll(async () => {
    [world, chromium] = await Promise.all([openHostileWorld(), openBrowser()]);
    for (const pupilId of pupils) made.push(await caseAt(world, { upTo: 'deposited', pupilId }));
    await open(0);
  }, 180_000);
  afterAll(async () => {
    await chromium?.close();
    await world?.close();
  });

  async function open(index: number): Promise<void> {
    const one = made[index];
    if (one === undefined) throw new Error('no such case');
    await take(world, one, 'opened');
  }

  async function openClerk(script: boolean): Promise<Window> {
    const window = await openWindow(chromium.browser, world.origin, { script });
    await window.logIn('juniorHigh-clerk');
    return window;
  }

  async function stateOf(index: number): Promise<string> {
    return (await (await world.as('juniorHigh-clerk')).json('GET', `/api/cases/${made[index]?.id}`)).body.state;
  }

  it('Z-12 is looked at, confirmed, and told item by item, without script and in both languages', async () => {
    const seen = await openClerk(true);
    await seen.go('/cases?side=sender&select=all');
    await seen.inspectBoth('recall-list');
    const plain = await openClerk(false);
    await plain.go('/cases?side=sender');
    expect(await plain.page.locator('input[name="case"]:checked').count()).toBe(0);
    await plain.page.getByLabel('状態').selectOption('deposited');
    await plain.press('絞り込む');
    expect(await plain.page.locator('input[name="case"]').count()).toBe(3);
    await plain.go('/cases?side=sender');
    await plain.page.getByRole('link', { name: /すべて選ぶ/ }).click();
    expect(await plain.page.locator('input[name="case"]:checked').count()).toBe(4);
    // One of them is kept back.
    await plain.page.locator(`input[name="case"][value="${made[3]?.id}"]`).uncheck();
    await plain.press('選んだ記録を取り下げる');
    expect(await plain.text()).toMatch(/未開封（取り下げます）\s*2 件[^]*開封済み（取り下げられません）\s*1 件/);
    await seen.page.goto(plain.page.url());
    await seen.inspectBoth('recall-confirmation');
    // The other school is quicker with one more.
    await open(1);
    await plain.page.getByLabel('取り下げる理由').fill('別の学級の宛先に送ったため');
    await plain.press('未開封の 2 件を取り下げる');
    const told = await plain.text();
    expect(told).toContain('3 件のうち 1 件を取り下げました');
    expect(told).toContain('開封された記録への対応');
    await plain.page.reload();
    expect(await plain.text()).toContain('3 件のうち 1 件を取り下げました');
    expect([await stateOf(0), await stateOf(1), await stateOf(2), await stateOf(3)]).toEqual([
      'opened',
      'opened',
      'withdrawn',
      'deposited',
    ]);
    // The page that was open beside it says what has become of each.
    await seen.page.getByLabel('取り下げる理由').fill('別の学級の宛先に送ったため');
    await seen.press('未開封の 2 件を取り下げる');
    expect(await seen.text()).toContain('開封された記録への対応');
    await seen.inspect('recall-result-ja');
    await plain.close();
    await seen.close();
  }, 180_000);

  it('says at once when nothing was chosen or nothing can be taken back, and shows the result in English', async () => {
    const window = await openClerk(true);
    await window.go('/cases/withdrawal');
    expect(await window.text()).toContain('取り下げる記録が選ばれていません');
    await window.inspectBoth('recall-nothing-chosen');
    await window.go(`/cases/withdrawal?case=${made[0]?.id}`);
    expect(await window.text()).toContain('取り下げられる記録がありません');
    await window.go(`/cases/withdrawal?case=${made[0]?.id}&case=${made[3]?.id}&lang=en`);
    await window.page.getByLabel('Why you withdraw it').fill('sent to the wrong class');
    await window.press('Withdraw the 1 unopened');
    expect(await window.text()).toContain('1 of 2 were withdrawn');
    await window.inspect('recall-result-en');
    expect(await stateOf(3)).toBe('withdrawn');
    await window.close();
  }, 180_000);
});
