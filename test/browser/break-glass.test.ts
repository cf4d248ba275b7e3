import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseAt, healthCard, record, type TestCase } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openBrowser } from '../support/browser.ts';
import { openWindow, type Window } from './support/window.ts';

/** 緊急閲覧 on screen: the vice-principal by keyboard and without script, the principal by mouse. */
describe('a health card in an emergency', () => {
  let world: HostileWorld;
  let chromium: Awaited<ReturnType<typeof openBrowser>>;
  let made: TestCase;

  beforeAll(async () => {
    [world, chromium] = await Promise.all([openHostileWorld(), openBrowser()]);
    made = await caseAt(world, { upTo: 'opened', pupilId: 'pupil-01', documents: [record(), healthCard()] });
  }, 180_000);
  afterAll(async () => {
    await chromium?.close();
    await world?.close();
  });

  async function openAs(subject: string, script = true): Promise<Window> {
    const window = await openWindow(chromium.browser, world.origin, { script });
    await window.logIn(subject);
    return window;
  }

  it('is offered to the vice-principal, says what follows, and wants a reason', async () => {
    const vice = await openAs('cityHigh-vicePrincipal');
    await vice.go(`/cases/${made.id}`);
    await vice.inspectBoth('glass-case');
    await vice.page.getByRole('link', { name: /緊急に読む必要がある場合/ }).click();
    expect(await vice.text()).toContain('あなたの役割では、この書類を読みません');
    await vice.inspectBoth('glass-unreadable');
    await vice.tabTo(/緊急に読む必要がある場合/);
    await vice.page.keyboard.press('Enter');
    await vice.page.waitForURL('**/break-glass');
    await vice.inspectBoth('glass-form');
    await vice.page.getByLabel('急病・事故').check();
    await vice.page.getByLabel('理由', { exact: false }).last().fill('急ぐから');
    await vice.press('理由を記録して開く');
    expect(await vice.text()).toContain('何が起きているかを15字以上で書いてください');
    await vice.inspect('glass-form-refused');
    await vice.close();
  }, 180_000);

  it('is opened without script and by keyboard, reviewed by the principal, and closed', async () => {
    const vice = await openAs('cityHigh-vicePrincipal', false);
    await vice.go(`/cases/${made.id}/documents/${made.documents[1]?.id}/break-glass`);
    await vice.page.getByLabel('急病・事故').focus();
    await vice.page.keyboard.press('Space');
    await vice.page.keyboard.press('Tab');
    await vice.page.keyboard.type('給食の後に呼吸が苦しくなり、救急隊に既往症を伝えるため');
    await vice.page.keyboard.press('Tab');
    await vice.page.keyboard.press('Enter');
    await vice.page.waitForURL(`**/documents/${made.documents[1]?.id}`);
    expect(await vice.text()).toContain('緊急閲覧中です');
    const scripted = await openAs('cityHigh-vicePrincipal');
    await scripted.go(`/cases/${made.id}/documents/${made.documents[1]?.id}`);
    await scripted.inspectBoth('glass-open');
    await scripted.close();

    const principal = await openAs('cityHigh-principal');
    await principal.inspectBoth('glass-home');
    await principal.go('/');
    await principal.page.getByRole('link', { name: '確かめる' }).click();
    await principal.inspectBoth('glass-list');
    await principal.go('/break-glass');
    await principal.page.getByRole('button', { name: /妥当でなかった/ }).click();
    expect(await principal.text()).toContain('確認済み（妥当でない）');
    await principal.close();

    await vice.go(`/cases/${made.id}/documents/${made.documents[1]?.id}`);
    expect(await vice.text()).toContain('あなたの役割では、この書類を読みません');
    await vice.close();
  }, 180_000);
});
