import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { enterPupil, openOffice } from '../certificates/support/office.ts';
import { openSessionOf } from '../support/session.ts';
import { linkPupil, logInByCard } from './support/linked-pupil.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

const pin = '482913';

describe('a certificate that is shown by a link', () => {
  let world: BrowserWorld;
  let pupil: Window;
  let shares: string;
  const links: string[] = [];

  beforeAll(async () => {
    world = await openBrowserWorld();
    const office = { as: (subject: string) => openSessionOf(world.origin, subject) };
    await openOffice(office, ['transcript']);
    await enterPupil(office, 'pupil-01', {
      subjects: [
        { schoolYear: 2024, name: '国語', credits: null, grade: 4 },
        { schoolYear: 2025, name: '総合的な学習の時間', credits: null, grade: 5 },
      ],
    });
    pupil = await logInByCard(world);
    await linkPupil(world, pupil);
    await pupil.go('/own-certificates/new?lang=ja');
    await pupil.page.getByLabel('成績証明書').check();
    await pupil.page.getByLabel('使いみち').selectOption('進学・受験');
    await pupil.page.getByLabel('選んだ種類の証明書に書かれることを').check();
    await pupil.press('この内容で請求する');
    await pupil.page.getByRole('link', { name: '成績証明書' }).first().click();
    for (let tries = 0; tries < 100 && !(await pupil.text()).includes('発行済み'); tries += 1)
      await pupil.page.reload();
  }, 300_000);
  afterAll(() => world?.close());

  async function fill(audience: string): Promise<void> {
    await pupil.go(`${shares}/new`);
    await pupil.page.getByLabel('見せる相手').fill(audience);
  }
  async function made(): Promise<string> {
    await pupil.press('リンクを作る');
    const link = (await pupil.page.locator('#share-link').textContent())?.trim() ?? '';
    expect(link).toMatch(/\/s\/[\w-]{43}$/);
    return new URL(link).pathname;
  }

  it('is made by the holder, who chooses what is shown, by keyboard, and sees the link once', async () => {
    const { page } = pupil;
    await pupil.inspectBoth('own-certificate-to-share');
    await pupil.go(`${new URL(page.url()).pathname}?lang=ja`);
    await page.getByRole('link', { name: /を共有する$/ }).click();
    shares = new URL(page.url()).pathname;
    await pupil.inspectBoth('shares-none');
    await pupil.go(`${shares}/new?lang=ja`);
    await pupil.inspectBoth('share-new');
    await pupil.go(`${shares}/new?lang=ja`);
    await page.locator(`form[action="${shares}"]`).evaluate((form) => form.setAttribute('novalidate', ''));
    await page.getByLabel('暗証番号').fill('12');
    await pupil.tabTo(/^リンクを作る$/);
    await page.keyboard.press('Enter');
    await page.getByText('見せる内容を選んでください').first().waitFor();
    await pupil.inspect('share-refused');
    await fill('見本大学 入学課');
    await page.getByLabel('選んだ項目だけ').check();
    await page.getByLabel('氏名', { exact: true }).check();
    await page.getByLabel('2025年度の科目').check();
    await page.getByLabel('暗証番号').fill(pin);
    links.push(await made());
    await pupil.inspect('share-made');
    await fill('見本株式会社 人事部');
    await page.getByLabel('すべての項目とPDF').check();
    await page.getByLabel('1回だけ開ける').check();
    links.push(await made());
    await pupil.go(`${shares}?lang=ja`);
    await pupil.inspectBoth('shares');
  }, 300_000);

  it('is opened by somebody unknown, without script: wrong PIN, right PIN, what was chosen and no more', async () => {
    const [link = ''] = links;
    const viewer = await world.open({ script: false });
    await viewer.go(link);
    await viewer.page.getByLabel('暗証番号').fill('000000');
    await viewer.press('証明書を開く');
    expect(await viewer.text()).toContain('開けませんでした');
    await viewer.page.getByLabel('暗証番号').fill(pin);
    await viewer.press('証明書を開く');
    const text = await viewer.text();
    for (const shown of ['この証明書は有効です', '見本大学 入学課', 'さくら', '総合的な学習の時間'])
      expect(text).toContain(shown);
    for (const hidden of ['国語', '2011', 'KATSURAGI', 'PDFを受け取る']) expect(text).not.toContain(hidden);
    const [credential] = await Promise.all([
      viewer.page.waitForEvent('download'),
      viewer.press('同じ内容をデータ（SD-JWT VC）で受け取る'),
    ]);
    expect(credential.suggestedFilename()).toMatch(/^transcript-\d{4}-\d{6}\.sd-jwt$/);
    await viewer.press('Show this in English');
    expect(await viewer.text()).toContain('This certificate is valid');
    await viewer.page.getByLabel('Mail address for the notice').fill('admissions@example.ac.jp');
    await viewer.press('Tell me');
    expect(await viewer.text()).toContain('A mail was sent');
    const watch = await mailedPath();
    await viewer.go(`${watch}?lang=ja`);
    await viewer.press('このアドレスで知らせを受け取る');
    expect(await viewer.text()).toContain('知らせを受け取る設定です');
    await viewer.close();

    const seen = await world.open();
    await seen.go(link);
    await seen.inspectBoth('shared-open');
    for (const language of ['ja', 'en']) {
      await seen.go(`${link}?lang=${language}`);
      await seen.page.locator('#field-pin, [name="pin"]').first().fill('999999');
      await seen.page.locator('main form button').first().click();
      await seen.inspect(`shared-refused-${language}`);
      await seen.page.locator('[name="pin"]').fill(pin);
      await seen.page.locator('main form button').first().click();
      await seen.page.locator('dl.summary').first().waitFor();
      await seen.inspect(`shared-${language}`);
    }
    await seen.go(watch);
    await seen.inspectBoth('watch');
    await seen.page.locator('main form button').last().click();
    await seen.inspect('watch-stopped');
    await seen.close();
  }, 300_000);

  it('is used up by the button, not by looking, where it opens once; the file comes along', async () => {
    const [, link = ''] = links;
    const robot = await world.open({ script: false });
    await robot.go(link);
    await robot.close();
    const viewer = await world.open({ script: false });
    await viewer.go(link);
    await viewer.press('証明書を開く');
    expect(await viewer.text()).toContain('KATSURAGI Sakura');
    const [download] = await Promise.all([viewer.page.waitForEvent('download'), viewer.press('証明書のPDFを受け取る')]);
    expect(download.suggestedFilename()).toMatch(/^transcript-\d{4}-\d{6}\.pdf$/);
    await viewer.go(link);
    await viewer.press('証明書を開く');
    expect(await viewer.text()).toContain('この共有は終わっています');
    await viewer.close();
  }, 120_000);

  it('shows the holder when it was opened, and is ended at once', async () => {
    const { page } = pupil;
    await pupil.go(`${shares}?lang=ja`);
    await page.getByRole('link', { name: '見本大学 入学課' }).click();
    expect(await pupil.text()).toContain('3回開かれた');
    expect(await pupil.text()).toContain('これまでの誤り 3回');
    await pupil.inspectBoth('share');
    await pupil.go(`${new URL(page.url()).pathname}?lang=ja`);
    await pupil.press('この共有を止める');
    await page.getByText('共有を止めました').waitFor();
    const viewer = await world.open({ script: false });
    await viewer.go(links[0] ?? '');
    await viewer.page.getByLabel('暗証番号').fill(pin);
    await viewer.press('証明書を開く');
    expect(await viewer.text()).toContain('この共有は終わっています');
    await viewer.close();
    await pupil.go('/links?lang=ja');
    expect(await pupil.text()).toContain('共有した証明書が、はじめて開かれました');
    await pupil.close();
  }, 180_000);

  function mailedPath(): Promise<string> {
    return vi.waitFor(
      async () => {
        const names = await readdir(world.mailDirectory);
        const mails = await Promise.all(
          names.map((name) => readFile(join(world.mailDirectory, name), 'utf8').catch(() => '')),
        );
        const texts = mails.map((mail) => Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString('utf8'));
        const path = texts.map((text) => /\/w\/[\w-]{43}/.exec(text)?.[0]).find((one) => one !== undefined);
        if (path === undefined) throw new Error('no viewer has been mailed');
        return path;
      },
      { timeout: 30_000, interval: 300 },
    );
  }
});
