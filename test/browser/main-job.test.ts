import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { writeSampleFiles } from './support/documents.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

/** One pupil's records from a junior high school to an upper secondary school; each test goes on where the last ended. */
describe('one advancement, in a real browser', () => {
  let world: BrowserWorld;
  let folder: string;
  let file: (name: string) => string;
  let clerk: Window;
  let receiver: Window;
  let casePath = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-files-'));
    [world, file] = await Promise.all([openBrowserWorld(), writeSampleFiles(folder)]);
  }, 180_000);

  afterAll(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows the clerk what waits, and begins a draft from the roll', async () => {
    clerk = await world.openAs('juniorHigh-clerk');
    expect(await clerk.title()).toBe('いまの仕事');
    expect(await clerk.page.locator('.account').textContent()).toContain('ひばり野市立見本中学校');
    await clerk.inspectBoth('home-nothing');
    await clerk.page.getByRole('link', { name: '送る', exact: true }).click();
    await clerk.inspectBoth('outbox-empty');
    await clerk.page.getByRole('link', { name: '児童・生徒', exact: true }).click();
    await clerk.inspectBoth('pupils');
    // A character that only one font can draw stands nowhere on a page.
    expect(await clerk.text()).not.toMatch(/\p{Co}/u);
    const row = clerk.page.getByRole('row', { name: /葛󠄀城/ });
    await row.getByRole('link', { name: '記録を送る' }).click();
    await clerk.inspectBoth('draft');
    await clerk.page.getByLabel('進学').check();
    await clerk.press('次へ（下書きを作る）');
    await clerk.page.waitForURL(/\/recipient$/);
    casePath = new URL(clerk.page.url()).pathname.replace('/recipient', '');
  }, 180_000);

  it('finds the recipient by prefecture, name and code, and knows a closed school', async () => {
    const { page } = clerk;
    await clerk.inspectBoth('recipient');
    await page.getByLabel('都道府県').selectOption('20');
    await clerk.press('探す');
    expect(await clerk.text()).toContain('長野県見本高原高等学校');
    expect(await clerk.text()).not.toContain('見本北高等学校');
    await page.getByLabel('都道府県').selectOption('');
    await page.getByLabel('学校名・市区町村・学校コード').fill('見本西');
    await clerk.press('探す');
    expect(await clerk.text()).toContain('閉校');
    await clerk.inspectBoth('recipient-closed');
    await page.getByLabel('学校名・市区町村・学校コード').fill('どこにもない学校');
    await clerk.press('探す');
    await clerk.inspectBoth('recipient-none');
    await page.getByLabel('学校名・市区町村・学校コード').fill(demoOrganisations.cityHigh.code);
    await clerk.press('探す');
    await page
      .getByRole('row', { name: /見本北高等学校/ })
      .getByRole('button')
      .click();
    await page.waitForURL(new RegExp(`${casePath}$`));
    expect(await clerk.text()).toContain(demoOrganisations.cityHigh.code);
  }, 180_000);

  it('takes documents by the drop zone, with progress, and refuses what is not what it says', async () => {
    const { page } = clerk;
    await clerk.inspectBoth('case-draft-empty');
    await upload('指導要録', '抄本', file('shidoyoroku.pdf'), '要録の抄本');
    await upload('健康診断票', '原本', file('kenkoshindan.pdf'), '健康の原本');
    await upload('指導要録（構造化データ）', '抄本', file('shidoyoroku.json'), '要録のデータ');
    await page.getByLabel('書類の種類').selectOption({ label: 'その他の書類' });
    await page.getByLabel('原本・写し・抄本').selectOption({ label: '写し' });
    await page
      .getByLabel('ファイル', { exact: true })
      .setInputFiles({ name: '偽物.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') });
    await page.getByRole('button', { name: '送信する' }).click();
    await page.locator('.upload-failed').waitFor();
    await clerk.inspect('case-upload-refused');
    await clerk.inspectBoth('case-draft');
  }, 180_000);

  it('shows what is inside before it is sent, a PDF in a frame without origin, and says so in the ledger once', async () => {
    const { page } = clerk;
    await row(clerk, '要録のデータ').getByRole('link', { name: '中を見る' }).click();
    expect(await page.locator('pre').textContent()).toContain('"officialName"');
    await clerk.inspectBoth('preview-json');
    await page.getByRole('link', { name: '一件の画面に戻る' }).click();
    const before = await looksAt(page, casePath);
    await row(clerk, '要録の抄本').getByRole('link', { name: '中を見る' }).click();
    await page.getByText('1 / 2 ページ').waitFor();
    const frame = page.frameLocator('iframe[sandbox="allow-scripts"]');
    expect(await frame.locator('main').textContent()).toContain('指導要録');
    expect(await looksAt(page, casePath)).toBe(before + 1);
    await clerk.inspectBoth('preview-pdf');
    await page.getByRole('link', { name: '一件の画面に戻る' }).click();
  }, 180_000);

  it('asks for approval', async () => {
    await clerk.press('決裁を依頼する');
    await clerk.page.getByText('校長の決裁を待っています').waitFor();
    await clerk.inspectBoth('case-submitted-clerk');
  }, 180_000);

  it('lets the principal approve by keyboard alone', async () => {
    const principal = await world.openAs('juniorHigh-principal');
    await principal.inspectBoth('home-principal');
    await principal.tabTo(/さくら/);
    await principal.page.keyboard.press('Enter');
    await principal.page.waitForURL(/\/cases\//);
    await principal.inspectBoth('approval');
    // One step from the approval to what is approved, and one back.
    await principal.tabTo(/^中を見る.*要録の抄本/);
    await principal.page.keyboard.press('Enter');
    await principal.page.getByText('1 / 2 ページ').waitFor();
    const frame = principal.page.frameLocator('iframe');
    expect(await frame.locator('main').textContent()).toContain('指導要録');
    await principal.tabTo(/^一件の画面に戻る$/);
    await principal.page.keyboard.press('Enter');
    await principal.page.waitForURL(/\/cases\/[^/]+$/);
    await principal.tabTo(/^決裁する$/);
    await principal.page.keyboard.press('Enter');
    await principal.page.getByText('決裁済み').first().waitFor();
    await principal.close();
  }, 180_000);

  it('seals only when the last four digits of the recipient’s code are right', async () => {
    const { page } = clerk;
    await page.reload();
    await clerk.inspectBoth('case-approved');
    const { code } = demoOrganisations.cityHigh;
    await page.getByLabel('送付先の学校コードの下4桁').fill(code.slice(-4) === '0000' ? '1111' : '0000');
    await clerk.press('封緘して預け入れる');
    await page.getByRole('alert').getByText('送付先の確認が合いません').waitFor();
    await clerk.inspect('case-seal-refused');
    await page.getByLabel('送付先の学校コードの下4桁').fill(code.slice(-4));
    await clerk.press('封緘して預け入れる');
    await page.getByText('預入済み').first().waitFor();
    expect(await clerk.text()).toContain('預入の証拠');
    await clerk.inspectBoth('case-deposited');
  }, 180_000);

  it('opens for the receiving clerk only when the pupil matches', async () => {
    receiver = await world.openAs('cityHigh-clerk');
    await receiver.inspectBoth('home-arrived');
    await receiver.page.getByRole('link', { name: /さくら/ }).click();
    await receiver.inspectBoth('case-arrived');
    expect(await receiver.text()).not.toContain('カツラギ');
    await prove('カツラギ　サクヤ');
    await receiver.page.getByRole('alert').getByText('一致しません').waitFor();
    await receiver.inspect('case-open-refused');
    await prove('カツラギ　サクラ');
    await receiver.page.getByRole('heading', { name: '検証の結果' }).waitFor();
    const text = await receiver.text();
    expect(text).toContain('すべての書類が、送付元が封をしたときと同じです');
    expect(text).toContain('第三者の時刻で証明されています');
    await receiver.inspectBoth('case-opened');
    // A clerk handles the case without reading it.
    expect(await receiver.page.getByRole('link', { name: /^保存/ }).count()).toBe(0);
  }, 180_000);

  it('acknowledges, and the health card has one holder', async () => {
    await receiver.press('受領書を返す');
    await receiver.page.getByText('受領済み').first().waitFor();
    expect(await receiver.text()).toContain('へ移りました');
    await receiver.inspectBoth('case-acknowledged');
    await clerk.page.reload();
    expect(await clerk.text()).toContain('へ移りました');
    expect(await clerk.text()).toContain('受領書');
    await clerk.inspectBoth('case-acknowledged-sender');
  }, 180_000);

  it('shows the homeroom teacher the records of the own class, and the nurse health alone', async () => {
    const teacher = await world.openAs('cityHigh-homeroomTeacher', {});
    await teacher.go(casePath);
    await teacher.inspectBoth('case-teacher');
    const saved = await save(teacher, '要録の抄本');
    expect(saved.equals(await readFile(file('shidoyoroku.pdf')))).toBe(true);
    expect(
      await teacher.page
        .getByRole('row', { name: /kenkoshindan/ })
        .getByRole('link')
        .count(),
    ).toBe(0);
    const nurse = await world.openAs('cityHigh-schoolNurse');
    await nurse.inspectBoth('home-nurse');
    await nurse.go(casePath);
    await nurse.inspectBoth('case-nurse');
    expect((await save(nurse, '健康の原本')).equals(await readFile(file('kenkoshindan.pdf')))).toBe(true);
    expect(await row(nurse, '要録の抄本').getByRole('link').count()).toBe(0);
    await Promise.all([teacher.close(), nurse.close()]);
  }, 180_000);

  it('shows another school nothing', async () => {
    const stranger = await world.openAs('privateHigh-clerk');
    await stranger.go(casePath);
    expect(await stranger.title()).toBe('見つかりません');
    await stranger.inspect('case-foreign');
    await stranger.close();
  });

  /** JSON by the mouse, everything else by the dialog. */
  async function upload(kind: string, form: string, path: string, title: string): Promise<void> {
    const { page } = clerk;
    await page.getByLabel('書類の種類').selectOption({ label: kind });
    await page.getByLabel('原本・写し・抄本').selectOption({ label: form });
    await page.getByLabel('書類の名前').fill(title);
    if (path.endsWith('.json')) await drop(page, path);
    else await page.getByLabel('ファイル', { exact: true }).setInputFiles(path);
    // The bytes wait until the bar has been seen.
    const seen = Promise.withResolvers<void>();
    await page.route('**/content', async (route) => {
      await seen.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: '送信する' }).click();
    await page.getByRole('progressbar').waitFor();
    seen.resolve();
    await row(clerk, title).waitFor();
    await page.unroute('**/content');
  }

  async function prove(kana: string): Promise<void> {
    await receiver.page.getByLabel('ふりがな').fill(kana);
    await receiver.page.getByLabel('生年月日').fill('2011-04-02');
    await receiver.page.getByLabel('自校での学級').fill('1年A組');
    await receiver.press('確かめて開封する');
  }

  async function save(window: Window, title: string): Promise<Buffer> {
    const waiting = window.page.waitForEvent('download');
    await row(window, title).getByRole('link', { name: /保存/ }).click();
    return readFile(await (await waiting).path());
  }
});

function row({ page }: Window, title: string) {
  return page.getByRole('row', { name: title });
}

/** How often the ledger says that a document was handed over. */
function looksAt(page: Page, casePath: string): Promise<number> {
  return page.evaluate<number>(`fetch('/api${casePath}/ledger').then((answer) => answer.json())
    .then(({ items }) => items.filter((line) => JSON.stringify(line).includes('document.handed-over')).length)`);
}

/** What a mouse does that carries a file from the desktop. */
async function drop(page: Page, path: string): Promise<void> {
  const base64 = (await readFile(path)).toString('base64');
  const carried = await page.evaluateHandle<unknown>(`(() => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(base64)}), (one) => one.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], ${JSON.stringify(basename(path))}));
    return transfer;
  })()`);
  await page.dispatchEvent('[data-drop]', 'drop', { dataTransfer: carried });
}
