import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('the guardians of a pupil, on their pages', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  it('are entered by the clerk, confirmed by the homeroom teacher by keyboard alone, and linked by a code on paper', async () => {
    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.go('/linking');
    await clerk.inspectBoth('linking-roll');
    await clerk.page.getByRole('row', { name: /葛/ }).getByRole('link').click();
    await clerk.inspectBoth('guardians');
    await clerk.page.getByRole('link', { name: '保護者を登録する' }).click();
    await clerk.inspectBoth('guardian-new');
    await clerk.page.getByLabel('氏名').fill('葛城　祖母');
    await clerk.page.getByLabel('ふりがな').fill('カツラギ　ソボ');
    await clerk.page.getByLabel('その他').check();
    await clerk.page.getByLabel('なし（監護のみ）').check();
    await clerk.page.getByLabel('連絡先のメールアドレス').fill('sobo@example.jp');
    await clerk.press('登録する（別の教職員が確認します）');
    await clerk.page.getByText('登録しました。').waitFor();
    await clerk.page.getByRole('link', { name: /開く.*祖母/ }).click();
    expect(await clerk.text()).toContain('登録した人は確認できません');
    await clerk.page.getByRole('link', { name: '登録を訂正する' }).click();
    await clerk.inspectBoth('guardian-correction');
    await clerk.press('訂正する（別の教職員が確認します）');
    await clerk.page.getByText('変わったところがありません。').first().waitFor();
    await clerk.inspect('guardian-correction-refused');
    await clerk.page.getByLabel('ふりがな').fill('カツラギ　トミ');
    await clerk.press('訂正する（別の教職員が確認します）');
    await clerk.page.getByText('訂正しました。').waitFor();
    await clerk.page.getByRole('link', { name: /開く.*祖母/ }).click();
    expect(await clerk.text()).toContain('訂正された項目');
    await clerk.press('この方の連携番号を発行する');
    await clerk.page.getByRole('heading', { name: '連携番号を発行しました' }).waitFor();
    await clerk.inspect('linking-issued');
    const code = (await clerk.page.locator('#linking-code').textContent())?.trim() ?? '';
    await clerk.page.emulateMedia({ media: 'print' });
    expect(await clerk.page.locator('.header').isVisible()).toBe(false);
    expect(await clerk.page.getByText(code).isVisible()).toBe(true);
    await clerk.page.emulateMedia({ media: 'screen' });

    const person = await world.open();
    await person.go('/login?next=/links/new');
    await person.page.getByLabel('電子証明書のファイル').setInputFiles(join(world.p12Directory, 'fumi.p12'));
    await person.page.getByLabel('ファイルのパスワード').fill(demoPassword);
    await person.press('証明書でログイン');
    await person.page.waitForURL(`${world.origin}/links/new`);
    await person.inspectBoth('links-new');
    await person.page.getByLabel('連携番号').fill(code);
    await person.page.getByLabel('児童・生徒の生年月日').fill('2011-04-02');
    await person.press('連携する');
    await person.page.getByText('申し込みました').waitFor();
    expect(await person.text()).not.toContain('葛');
    const number = (await person.page.locator('.code-value').textContent())?.trim() ?? '';

    const teacher = await world.openAs('juniorHigh-homeroomTeacher');
    await teacher.page.getByRole('link', { name: '連携の確認' }).click();
    await teacher.inspectBoth('pending');
    for (let step = 0; step < 80; step++) {
      await teacher.page.keyboard.press('Tab');
      if ((await teacher.focused()).startsWith('field-check-')) break;
    }
    await teacher.page.keyboard.type('000 000');
    await teacher.page.keyboard.press('Enter');
    await teacher.page.getByText('照合番号が違います').waitFor();
    await teacher.inspect('pending-refused');
    await teacher.page.getByLabel('照合番号').fill(number);
    await teacher.page.keyboard.press('Enter');
    await teacher.page.getByText('連携を確認しました').waitFor();
    await person.go('/links');
    expect(await person.text()).toContain('有効');
    await person.go('/links/certificate');
    await person.inspectBoth('renew');
    await person.go('/');
    await person.inspectBoth('person-home-empty');
    await Promise.all([clerk.close(), person.close(), teacher.close()]);
  }, 300_000);

  it('are suspended and settled with a reason, and a page that lacks one says so', async () => {
    const principal = await world.openAs('juniorHigh-principal');
    await principal.go('/linking/pupil-03');
    await principal.inspectBoth('guardians-disputed');
    await principal.page.getByRole('link', { name: /開く.*剛/ }).click();
    await principal.inspectBoth('guardian-disputed');
    await principal.page.getByLabel('元の状態に戻す').check();
    await principal.page.locator('#field-settleReason').fill('調停成立');
    await principal.press('決める');
    await principal.page.getByText('変更しました').waitFor();
    await principal.page.getByRole('link', { name: /開く.*剛/ }).click();
    await principal.inspectBoth('guardian');
    await principal.page.locator('#field-suspendReason').fill('再び争い');
    await principal.press('すぐに停止する');
    await principal.page.getByText('変更しました').waitFor();
    expect(await principal.page.getByRole('row', { name: /剛/ }).textContent()).toContain('確認中');
    const [first, second] = await Promise.all([world.openAs('juniorHigh-clerk'), world.openAs('juniorHigh-principal')]);
    for (const one of [first, second]) {
      await one.go('/linking/pupil-01');
      await one.page.getByRole('link', { name: /^開く/ }).first().click();
      await one.page.getByRole('link', { name: '登録を訂正する' }).click();
    }
    await first.page.getByLabel('連絡先のメールアドレス').fill('saki@example.jp');
    await first.press('訂正する（別の教職員が確認します）');
    await first.page.getByText('訂正しました。').waitFor();
    await second.page.getByLabel('ふりがな').fill('アトカラ');
    await second.press('訂正する（別の教職員が確認します）');
    await second.page.getByText('いまの登録と見比べてください').waitFor();
    expect(await second.page.getByLabel('ふりがな').inputValue()).toBe('アトカラ');
    expect(await second.text()).toContain('saki@example.jp');
    await second.inspect('guardian-correction-late');
    await Promise.all([first.close(), second.close()]);
    const clerk = await world.open({ script: false });
    await clerk.logIn('privateHigh-clerk', '/linking/pupil-11');
    expect(await clerk.text()).toContain('に成年に達します');
    await clerk.close();
    await principal.close();
  }, 180_000);
});
