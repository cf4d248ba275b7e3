import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { png } from '../certificates/support/png.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('the pages of certificates', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  it('enter somebody by keyboard, say what is wrong, and tell what can be certified', async () => {
    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.go('/certificate-register');
    await clerk.inspectBoth('certificate-register-none');
    await clerk.go('/certificate-register/new?lang=ja');
    await clerk.inspectBoth('certificate-entry-new');
    await clerk.go('/certificate-register/new?lang=ja');
    const { page } = clerk;
    await page.getByLabel('番号', { exact: false }).first().fill('第1号');
    await page.getByLabel('氏名', { exact: false }).first().fill('見本　花子');
    await page.getByLabel('ふりがな').fill('ミホン　ハナコ');
    await page.getByLabel('生年月日').fill('2002-04-02');
    await page.getByLabel('入学日').fill('2018-04-08');
    await page.getByLabel('卒業・修了・退学の日').fill('2021-03-10');
    await clerk.tabTo(/^保存する$/);
    await page.keyboard.press('Enter');
    await page.getByText('両方を入れるか、両方を空にします').first().waitFor();
    expect(await page.getByLabel('番号', { exact: false }).first().inputValue()).toBe('第1号');
    await clerk.inspect('certificate-entry-wrong');
    await page.getByLabel('卒業・修了・退学の区分').selectOption('卒業');
    await page.getByLabel('科目').fill('2020:国語:4:5');
    await clerk.tabTo(/^保存する$/);
    await page.keyboard.press('Enter');
    await page.getByText('保存しました').waitFor();
    await clerk.inspectBoth('certificate-register');
    await page.getByRole('link', { name: '見本　花子' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await clerk.text()).toMatch(/証明できない旨の証明書|certificate of inability/);
    await clerk.inspectBoth('certificate-entry');
    await clerk.close();
  }, 300_000);

  it('show a CSV line by line before anything is entered, without script', async () => {
    const clerk = await world.open({ script: false });
    await clerk.logIn('juniorHigh-clerk', '/certificate-register/import');
    const seen = await world.openAs('juniorHigh-clerk');
    await seen.go('/certificate-register/import');
    await seen.inspectBoth('certificate-import');
    const choose = async (text: string) => {
      await clerk.go('/certificate-register/import');
      const file = { name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
      await clerk.page.getByLabel('CSVファイル').setInputFiles(file);
      await clerk.press('内容を確かめる');
    };
    await choose('番号,氏名,ふりがな,生年月日\n7,見本　太郎,ミホン,いつか');
    expect(await clerk.text()).toContain('生年月日が正しくありません');
    await choose('番号,氏名,ふりがな,生年月日\n7,見本　太郎,ミホン　タロウ,2003/5/6');
    expect(await clerk.text()).toContain('新しく登録する');
    await clerk.press('この内容を登録する');
    expect(await clerk.text()).toContain('CSVの内容を登録しました');
    expect(await clerk.text()).toContain('見本　太郎');
    await Promise.all([clerk.close(), seen.close()]);
  }, 300_000);

  it('draft a template, show the specimen, and publish and offer it by the principal', async () => {
    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.go('/certificate-templates/new?kind=graduationCertificate');
    await clerk.inspectBoth('certificate-template-new');
    await clerk.go('/certificate-templates/new?kind=graduationCertificate&lang=ja');
    await clerk.page.getByLabel('証明する人（日本語）').fill('校長　山吹　武');
    await clerk.page.getByLabel('証明する人（英語）').fill('Takeshi YAMABUKI, Principal');
    const seal = { name: 'seal.png', mimeType: 'image/png', buffer: Buffer.from(png(60, 60)) };
    await clerk.page.getByLabel('校印の画像').setInputFiles(seal);
    await clerk.press('案を作る');
    await clerk.inspectBoth('certificate-templates');
    await clerk.go('/certificate-templates?lang=ja');
    await clerk.page.getByRole('link', { name: /見本を見る/ }).click();
    await clerk.page.getByText('公開できるのは校長だけです').waitFor();
    const specimen = new URL(clerk.page.url()).pathname;

    const principal = await world.openAs('juniorHigh-principal');
    await principal.go(specimen);
    await principal.inspectBoth('certificate-specimen');
    await principal.go(`${specimen}?lang=ja`);
    expect(await principal.page.getByRole('img', { name: '校印の画像' }).isVisible()).toBe(true);
    await principal.tabTo(/^この版を公開する$/);
    await principal.page.keyboard.press('Enter');
    await principal.page.getByText('公開中').waitFor();

    await principal.go('/certificate-settings');
    await principal.inspectBoth('certificate-settings');
    await principal.go('/certificate-settings?lang=ja');
    const graduation = principal.page.getByRole('group', { name: '卒業証明書の扱い' });
    await graduation.getByLabel('請求を受け付ける').check();
    const fee = principal.page.getByLabel('卒業証明書の手数料（円）');
    await fee.fill('四百');
    await principal.press('取扱いを保存する');
    expect(await principal.text()).toContain('0から10000までの数字を入力してください。');
    expect(await graduation.getByLabel('請求を受け付ける').isChecked()).toBe(true);
    await fee.fill('４００');
    await principal.press('取扱いを保存する');
    await principal.page.getByText('取扱いを保存しました').waitFor();
    expect(await fee.inputValue()).toBe('400');
    await clerk.go('/certificate-settings');
    expect(await clerk.text()).toContain('変更できるのは校長だけです');
    await Promise.all([clerk.close(), principal.close()]);
  }, 300_000);
});
