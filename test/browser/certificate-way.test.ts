import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enterPupil, openOffice } from '../certificates/support/office.ts';
import { openSessionOf } from '../support/session.ts';
import { linkPupil, logInByCard } from './support/linked-pupil.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

/** What a graduate, an office and a university do with one certificate, one after the other. */
describe('the way of one certificate', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
    const office = { as: (subject: string) => openSessionOf(world.origin, subject) };
    await openOffice(office, ['transcript']);
    await enterPupil(office, 'pupil-01', {});
  }, 240_000);
  afterAll(() => world?.close());

  it('leads from the wish over approval, download, verification and a link to its end', async () => {
    const pupil = await logInByCard(world);
    await linkPupil(world, pupil);
    const { page } = pupil;
    await pupil.go('/own-certificates/new?lang=ja');
    await page.getByLabel('在学証明書').check();
    await page.getByLabel('使いみち').selectOption('留学');
    await page.getByLabel('選んだ種類の証明書に書かれることを').check();
    await pupil.press('この内容で請求する');

    const clerk = await world.openAs('juniorHigh-clerk', { script: false });
    await clerk.go('/certificate-requests?lang=ja');
    await clerk.page.getByRole('link', { name: '葛城　さくら' }).click();
    const request = new URL(clerk.page.url()).pathname;
    await clerk.press('台帳と突き合わせ、確認した');
    const principal = await world.openAs('juniorHigh-principal', { script: false });
    await principal.go(`${request}?lang=ja`);
    await principal.press('この内容で発行を決裁する');

    await pupil.go('/own-certificates?lang=ja');
    await page.getByRole('link', { name: '在学証明書' }).first().click();
    for (let tries = 0; tries < 100 && !(await pupil.text()).includes('発行済み'); tries += 1) await page.reload();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /PDFを受け取る/ }).click(),
    ]);
    const file = join(world.p12Directory, 'certificate.pdf');
    await download.saveAs(file);

    const university = await world.open();
    const verdicts = async () => {
      await university.go('/verify?lang=ja');
      await university.page.locator('[data-verify-files]').setInputFiles(file);
      await university.page.locator('[data-verify-results] > section').first().waitFor();
      return university.page.locator('[data-verify-results]').textContent();
    };
    expect(await verdicts()).toContain('state.valid');

    await page.getByRole('link', { name: /を共有する$/ }).click();
    await pupil.go(`${new URL(page.url()).pathname}/new?lang=ja`);
    await page.getByLabel('見せる相手').fill('見本大学 入学課');
    await page.getByLabel('選んだ項目だけ').check();
    await page.getByLabel('氏名', { exact: true }).check();
    await pupil.press('リンクを作る');
    const link = new URL((await page.locator('#share-link').textContent())?.trim() ?? '').pathname;
    const viewer = await world.open({ script: false });
    await viewer.go(`${link}?lang=ja`);
    await viewer.page.locator('main form button').first().click();
    expect(await viewer.text()).toContain('葛󠄀城　さくら');

    await clerk.go(`${request}?lang=ja`);
    await clerk.page.getByLabel('記載の誤り', { exact: true }).check();
    await clerk.press('失効を求める');
    await principal.go(`${request}?lang=ja`);
    await principal.press('失効を認める');
    expect(await verdicts()).toContain('state-revoked');
    await viewer.go(`${link}?lang=ja`);
    await viewer.page.locator('main form button').first().click();
    expect(await viewer.text()).not.toContain('さくら');
    expect(await viewer.text()).toContain('失効');
  }, 400_000);
});
