import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('the people of a school, by their principal and the founder’s administrator', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  async function administrator(school: RegExp): Promise<Window> {
    const window = await world.openAs('hibarino-administrator');
    await window.page.getByLabel(school).check();
    await window.press('この学校と役割で始める');
    await window.page.waitForURL('**/people');
    return window;
  }

  it('gives a weighty role by two persons, and shows who waits for whom', async () => {
    const principal = await world.openAs('juniorHigh-principal');
    await principal.page.getByRole('link', { name: '人と役割' }).click();
    expect(await principal.text()).toContain('渡瀬　移');
    await principal.inspectBoth('people');
    await principal.go('/people/new?lang=ja');
    await principal.inspectBoth('people-new');
    await principal.page.getByLabel('登録する人').selectOption({ label: '撫子　凛 (juniorHigh-homeroomTeacher)' });
    await principal.page.getByLabel('役割').selectOption({ label: '養護教諭' });
    await principal.press('登録する');
    await principal.page.getByText('もう一人の確認を待っています').waitFor();
    await principal.page.getByRole('link', { name: '提案の確認' }).click();
    await principal.page.getByText('あなたが提案しました').waitFor();
    await principal.inspectBoth('proposals-own');
    const other = await administrator(/見本中学校/);
    await other.page.getByRole('link', { name: '提案の確認' }).first().click();
    await other.page.getByText('撫子　凛').waitFor();
    await other.inspectBoth('proposals');
    await other.press('確認して有効にする');
    await other.page.getByText('確認しました').waitFor();
    await other.inspect('proposals-past');
    await principal.go('/people');
    expect(await principal.page.getByRole('row', { name: /撫子/ }).count()).toBe(2);
    await Promise.all([principal.close(), other.close()]);
  }, 180_000);

  it('changes and ends a role, and takes one back that has not begun', async () => {
    const principal = await world.openAs('elementary-principal');
    await principal.go('/people');
    await principal.page.getByRole('row', { name: /双葉/ }).getByRole('link').click();
    await principal.inspectBoth('people-term');
    await principal.page.getByLabel('最後の日').fill('2020-01-01');
    await principal.press('この日で終える');
    await principal.page.getByRole('alert').getByText('期間に誤りがあります').waitFor();
    await principal.inspect('people-term-refused');
    await principal.press('すぐに終える');
    await principal.page.getByText('登録しました').waitFor();
    expect(await principal.text()).not.toContain('双葉');
    await principal.close();
  }, 180_000);

  it('says which accounts are one person', async () => {
    const window = await administrator(/見本東小学校/);
    await window.page.getByRole('link', { name: '同じ人のアカウント' }).click();
    await window.inspectBoth('accounts');
    await window.page.getByLabel('一つめのアカウント').selectOption('elementary-clerk');
    await window.page.getByLabel('二つめのアカウント').selectOption('elementary-schoolNurse');
    await window.press('同じ人として登録する');
    await window.page.getByText('登録しました').waitFor();
    expect(await window.page.getByRole('row', { name: /elementary-schoolNurse/ }).count()).toBe(1);
    await window.close();
  }, 180_000);

  it('shows what a CSV would do before anything is done, and everybody what they may do', async () => {
    const principal = await world.openAs('prefecturalHigh-principal');
    await principal.go('/people/import');
    await principal.inspectBoth('import');
    const load = async (lines: readonly string[]) => {
      const buffer = Buffer.from(['account,name,role,homeroom,from,to', ...lines].join('\r\n'), 'utf8');
      await principal.page
        .getByLabel('CSVファイル')
        .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
      await principal.press('内容を確かめる');
    };
    await load(['nobody,誰か,王様,,昨日,']);
    await principal.page.getByText('まだ何も登録していません').waitFor();
    await principal.inspect('import-faults');
    await principal.page.getByRole('link', { name: 'CSVを読み込む' }).click();
    await load([',新任　太郎,clerk,,2027-04-01,', 'prefecturalHigh-clerk,清水　澄,clerk,,2026-04-01,']);
    await principal.inspect('import-preview');
    await principal.press('この内容を提案する');
    await principal.page.getByText('もう一人の確認を待っています').waitFor();
    await principal.page.getByRole('link', { name: '私にできること' }).click();
    await principal.inspectBoth('abilities');
    expect(await principal.text()).toContain('ほかの人が起案した送付を決裁する');
    await principal.close();
  }, 180_000);

  // Last: the account that is invited acts for two schools from here on.
  it('invites by keyboard alone somebody who then logs in with the code on the sheet', async () => {
    const principal = await world.openAs('cityHigh-principal');
    await principal.go('/people/new');
    for (const [field, keys] of [
      ['field-name', '春野　桜子'],
      ['field-role', '事'],
    ] as const) {
      for (let step = 0; step < 40 && (await principal.focused()) !== field; step++)
        await principal.page.keyboard.press('Tab');
      if (field === 'field-role') await principal.page.getByLabel('役割').selectOption('clerk');
      else await principal.page.keyboard.type(keys);
    }
    await principal.tabTo(/^登録する$/);
    await principal.page.keyboard.press('Enter');
    await principal.page.getByText('登録しました').waitFor();
    await principal.tabTo(/^コードを発行する/);
    await principal.page.keyboard.press('Enter');
    await principal.page.locator('#invitation-code').waitFor();
    await principal.inspect('invitation');
    const code = (await principal.page.locator('#invitation-code').textContent())?.trim() ?? '';
    const invited = await world.open();
    await invited.go('/login');
    await invited.page.getByRole('link', { name: '招待コードをお持ちの方' }).click();
    await invited.inspectBoth('invitation-enter');
    await invited.go('/login');
    await invited.go(`/login/invitation?lang=ja#code=${code}`);
    expect(await invited.page.getByLabel('招待コード').inputValue()).toBe(code);
    await invited.press('コードを使ってログインする');
    await invited.page.locator('button[name="account"][value="elementary-principal"]').click();
    await invited.page.waitForURL('**/choose-school**');
    expect(await invited.text()).toContain('見本北高等学校');
    await Promise.all([principal.close(), invited.close()]);
  }, 180_000);
});
