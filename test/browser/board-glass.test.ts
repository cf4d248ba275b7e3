import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memberships } from '../../src/directory/tables.ts';
import { caseAt, type TestCase } from '../hostile/support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openBrowser } from '../support/browser.ts';
import { openWindow, type Window } from './support/window.ts';

/** 氏名の開示 on screen: one auditor by keyboard and without script, another reviews it. */
describe('the name of a case, opened to a board', () => {
  let world: HostileWorld;
  let chromium: Awaited<ReturnType<typeof openBrowser>>;
  let made: TestCase;

  beforeAll(async () => {
    [world, chromium] = await Promise.all([openHostileWorld(), openBrowser()]);
    made = await caseAt(world, { upTo: 'opened', pupilId: 'pupil-04', to: 'prefecturalHigh' });
    // Its one role becomes that of an auditor, so that it need not choose.
    await world.job('directory', async (tx) => {
      await tx
        .update(memberships)
        .set({ schoolCode: codeOf('cityBoard'), role: 'auditor' })
        .where(eq(memberships.staffId, 'elementary-clerk'));
    });
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

  it('is offered on the page of the case, says what follows, and wants a reason', async () => {
    const auditor = await openAs('hibarino-auditor');
    await auditor.go(`/board/cases/${made.id}`);
    await auditor.inspectBoth('board-glass-case');
    await auditor.go(`/board/cases/${made.id}?lang=ja`);
    await auditor.tabTo(/氏名を見る必要がある場合/);
    await auditor.page.keyboard.press('Enter');
    await auditor.page.waitForURL('**/break-glass');
    expect(await auditor.text()).toContain('書類も記録の内容も開きません');
    await auditor.inspectBoth('board-glass-form');
    await auditor.page.getByLabel('監査・調査').check();
    await auditor.page.getByLabel('理由', { exact: false }).last().fill('急ぐから');
    await auditor.press('理由を記録して氏名を見る');
    await auditor.page.getByRole('alert').first().waitFor();
    expect(await auditor.text()).toContain('理由を15字以上で書いてください');
    await auditor.inspect('board-glass-refused');
    await auditor.close();
  }, 180_000);

  it('is opened without script and by keyboard, closed early, and reviewed by another auditor', async () => {
    const auditor = await openAs('hibarino-auditor', false);
    await auditor.go(`/board/cases/${made.id}/break-glass?lang=ja`);
    await auditor.page.getByLabel('問合せへの対応', { exact: false }).focus();
    await auditor.page.keyboard.press('Space');
    await auditor.page.keyboard.press('Tab');
    await auditor.page.keyboard.type('保護者から、書類が届いていないという問合せがあったため');
    await auditor.page.keyboard.press('Tab');
    await auditor.page.keyboard.press('Enter');
    await auditor.page.getByText('氏名を開いています', { exact: false }).waitFor();
    expect(await auditor.text()).toContain('斎藤　結衣');
    const scripted = await openAs('hibarino-auditor');
    await scripted.go(`/board/cases/${made.id}/break-glass`);
    await scripted.inspectBoth('board-glass-open');
    await scripted.close();

    await auditor.press('氏名の表示を終える');
    await auditor.page.waitForURL('**/board/break-glass');
    expect(await auditor.text()).not.toContain('斎藤');
    expect(await auditor.page.getByRole('button', { name: /妥当/ }).count()).toBe(0);
    await auditor.go(`/board/cases/${made.id}/break-glass`);
    expect(await auditor.text()).not.toContain('斎藤');
    await auditor.close();

    const other = await openAs('elementary-clerk');
    await other.go('/board?lang=ja');
    await other.page.getByRole('link', { name: '氏名の開示の記録' }).click();
    await other.inspectBoth('board-glass-list');
    await other.go('/board/break-glass?lang=ja');
    await other.page.getByLabel('確認の理由').fill('短い');
    await other.page.getByRole('button', { name: /妥当だった/ }).click();
    await other.page.getByText('理由を15字以上で書いてください。', { exact: true }).waitFor();
    await other.inspect('board-glass-review-refused');
    await other.page.getByLabel('確認の理由').fill('問合せの記録と突き合わせ、必要だったと認める');
    await other.page.getByRole('button', { name: /妥当だった/ }).click();
    await other.page.getByText('確認済み（妥当）').waitFor();
    await other.inspectBoth('board-glass-reviewed');
    await other.close();
  }, 240_000);
});
