import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { pupils } from '../../src/directory/tables.ts';
import { dayInJapan } from '../../src/identity/rules.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('the consent of a pupil of age, on their own page', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  async function linkedPupil(): Promise<Window> {
    const pupil = await world.open();
    await pupil.go('/login?next=/links/new');
    await pupil.page.getByLabel('電子証明書のファイル').setInputFiles(join(world.p12Directory, 'sakura.p12'));
    await pupil.page.getByLabel('ファイルのパスワード').fill(demoPassword);
    await pupil.press('証明書でログイン');
    await pupil.page.waitForURL(`${world.origin}/links/new`);
    await pupil.page.getByLabel('連携番号').fill(world.linkingCode('sakura.p12'));
    await pupil.page.getByLabel('児童・生徒の生年月日').fill('2011-04-02');
    await pupil.press('連携する');
    await pupil.page.getByText('申し込みました').waitFor();
    const number = (await pupil.page.locator('.code-value').textContent())?.trim() ?? '';
    const teacher = await world.openAs('juniorHigh-homeroomTeacher', { script: false });
    await teacher.go('/linking/pending');
    await teacher.page.getByLabel('照合番号').fill(number);
    await teacher.press('確認して有効にする');
    await teacher.page.getByText('連携を確認しました').waitFor();
    await teacher.close();
    return pupil;
  }

  async function born(birthDate: string): Promise<void> {
    await world.database.transaction(systemScope('directory'), (tx) =>
      tx.update(pupils).set({ birthDate }).where(eq(pupils.id, 'pupil-01')),
    );
  }

  it('is given by keyboard alone, seen by the school, and taken back', async () => {
    const pupil = await linkedPupil();
    await pupil.go('/consents');
    expect(await pupil.text()).toContain('から承諾できます');
    await pupil.inspectBoth('consents-minor');
    await born('2007-01-01');
    await pupil.go('/links?lang=ja');
    await pupil.tabTo(/^保護者だった方への承諾$/);
    await pupil.page.keyboard.press('Enter');
    await pupil.page.getByRole('heading', { name: '新しく承諾する' }).waitFor();
    await pupil.inspectBoth('consents');
    // Sent empty past the browser's own check: each field says what it wants.
    await pupil.page.locator('form[action="/consents"]').evaluate((form) => form.setAttribute('novalidate', ''));
    await pupil.tabTo(/^承諾する$/);
    await pupil.page.keyboard.press('Enter');
    await pupil.page.getByText('見られるものを一つ以上').first().waitFor();
    await pupil.inspect('consents-refused');
    await pupil.page.locator('[name="guardianId"]').first().focus();
    await pupil.page.keyboard.press('Space');
    await pupil.page.keyboard.press('Tab');
    await pupil.page.keyboard.press('Space');
    const until = dayInJapan(new Date(Date.now() + 30 * 86_400_000));
    await pupil.page.locator('#field-until').fill(until);
    await pupil.tabTo(/^承諾する$/);
    await pupil.page.keyboard.press('Enter');
    await pupil.page.getByText('承諾しました').waitFor();
    expect(await pupil.page.getByRole('row', { name: /有効/ }).count()).toBe(1);
    await pupil.inspectBoth('consents-given');

    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.go('/linking/pupil-01');
    await clerk.page.getByText('本人の承諾').first().waitFor();
    await clerk.inspectBoth('guardians-consented');
    await clerk.page
      .getByRole('row', { name: /本人の承諾/ })
      .getByRole('link')
      .first()
      .click();
    await clerk.inspectBoth('guardian-consented');

    await pupil.tabTo(/^取り消す$/);
    await pupil.page.keyboard.press('Enter');
    await pupil.page.getByText('取り消しました').waitFor();
    await clerk.go('/linking/pupil-01');
    expect(await clerk.text()).not.toContain('本人の承諾');
    await Promise.all([pupil.close(), clerk.close()]);
  }, 300_000);
});
