import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { caseAt, healthCard, record, type TestCase } from '../hostile/support/procedure.ts';
import { openLinkedSession } from '../hostile/support/sessions.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openBrowser } from '../support/browser.ts';
import { openWindow, type Window } from './support/window.ts';

/** The story of a case and the ledger of a person on screen: by mouse, by keyboard, and without script. */
describe('what a case leaves behind, on its pages', () => {
  let world: HostileWorld;
  let chromium: Awaited<ReturnType<typeof openBrowser>>;
  let made: TestCase;

  beforeAll(async () => {
    [world, chromium] = await Promise.all([openHostileWorld({ LOG_INTERVAL_MS: '100' }), openBrowser()]);
    await openLinkedSession(world, 'sakura', 'juniorHigh');
    made = await caseAt(world, {
      upTo: 'acknowledged',
      pupilId: 'pupil-01',
      documents: [record(), healthCard()],
    });
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

  async function openPupil(next: string): Promise<Window> {
    const pupil = await openWindow(chromium.browser, world.origin, {});
    await pupil.go(`/login?next=${next}`);
    const file = join(world.demo.authorities.p12Directory, 'sakura.p12');
    await pupil.page.getByLabel('電子証明書のファイル').setInputFiles(file);
    await pupil.page.getByLabel('ファイルのパスワード').fill(demoPassword);
    await pupil.press('証明書でログイン');
    await pupil.page.waitForURL(`${world.origin}${next}`);
    return pupil;
  }

  it('is a story that the browser verifies act by act, reached from the case and driven by keyboard', async () => {
    const clerk = await openAs('juniorHigh-clerk');
    await clerk.go(`/cases/${made.id}`);
    await clerk.page.getByRole('link', { name: '証拠をまとめて見る' }).click();
    await clerk.page.waitForURL('**/story');
    await expect
      .poll(
        async () => {
          await clerk.page.reload();
          return (await clerk.text()).includes('まだ台帳に載っていません');
        },
        { timeout: 30_000 },
      )
      .toBe(false);
    expect(await clerk.text()).toContain('封緘した学校の電子証明書');
    await clerk.inspectBoth('story-sender');
    await clerk.go(`/cases/${made.id}/story?lang=ja`);
    await clerk.tabTo(/ここで確かめる/);
    await clerk.page.keyboard.press('Enter');
    await clerk.page.locator('[data-outcome="valid"]').waitFor();
    expect(await clerk.page.locator('[data-item="valid"]').count()).toBeGreaterThan(8);
    expect(await clerk.page.locator('[data-item]:not([data-item="valid"])').count()).toBe(0);
    await clerk.inspect('story-verified');
    await clerk.page.getByRole('button', { name: 'この証拠を確かめる' }).first().click();
    await clerk.page.locator('[data-code="inclusion.valid"]').first().waitFor();
    await clerk.page.emulateMedia({ media: 'print' });
    expect(await clerk.page.locator('.header').isVisible()).toBe(false);
    await clerk.close();
  }, 240_000);

  it('is saved without script, and told to the auditor without a name', async () => {
    const principal = await openAs('cityHigh-principal', false);
    await principal.go(`/cases/${made.id}/story`);
    expect(await principal.text()).toContain('hikitsugi verify');
    const saving = principal.page.waitForEvent('download');
    await principal.page.getByRole('link', { name: '証拠をまとめて保存' }).click();
    expect((await saving).suggestedFilename()).toMatch(/^hikitsugi-story-[0-9a-z-]{8}\.asice$/);
    await principal.close();
    const auditor = await openAs('hibarino-auditor');
    await auditor.go(`/board/cases/${made.id}`);
    await auditor.inspectBoth('story-board');
    await auditor.go('/board/reports');
    await auditor.inspectBoth('board-reports-none');
    await auditor.close();
  }, 240_000);

  it('is a ledger in which the pupil filters, verifies, and reports what they do not recognise', async () => {
    const pupil = await openPupil('/ledger');
    await pupil.inspectBoth('ledger');
    await pupil.go('/ledger?lang=ja');
    await pupil.tabTo(/ここで確かめる/);
    await pupil.page.keyboard.press('Enter');
    await pupil.page.locator('[data-code="items.valid"]').waitFor();
    await pupil.page.getByLabel('種類').selectOption({ label: '緊急閲覧' });
    await pupil.press('絞り込む');
    expect(await pupil.text()).toContain('ここに示す記録はありません');
    await pupil.inspectBoth('ledger-empty');
    await pupil.go('/ledger?lang=ja');
    const line = pupil.page.getByLabel('心当たりのない行');
    await line.selectOption({ index: 1 });
    await pupil.press('心当たりがないと知らせる');
    await pupil.page.getByText('知らせました。番号は').waitFor();
    await pupil.inspect('ledger-reported');

    const principal = await openAs('cityHigh-principal', false);
    await principal.go('/access-reports');
    if ((await principal.text()).includes('報告はありません')) {
      await principal.close();
      throw new Error('the school that acted was not asked');
    }
    await principal.page.getByLabel(/への答え/).fill('受け入れの準備のために、事務が開封しました。');
    await principal.page.getByRole('button', { name: /に答える/ }).click();
    await principal.close();
    const watching = await openAs('cityHigh-principal');
    await watching.go('/access-reports');
    await watching.inspectBoth('access-reports');
    await watching.go('/ledger-holds');
    await watching.inspectBoth('ledger-holds');
    await watching.close();

    await pupil.go('/ledger?lang=ja');
    expect(await pupil.text()).toContain('事務が開封しました');
    await pupil.inspect('ledger-answered');
    await pupil.press('分かりました（終わりにする）');
    expect(await pupil.text()).toContain('終わりました');
    await pupil.close();
  }, 300_000);
});
