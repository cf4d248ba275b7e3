import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('who comes in, and as whom', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  it('has public pages that axe finds nothing wrong with', async () => {
    const visitor = await world.open();
    const pages = {
      start: '/',
      guide: '/demonstration',
      login: '/login',
      api: '/api',
      problems: '/problems',
      problem: '/problems/case.not-found',
      'not-found': '/nowhere',
    };
    for (const [name, path] of Object.entries(pages)) {
      await visitor.go(path);
      await visitor.inspectBoth(name);
    }
    await visitor.close();
  }, 180_000);

  it('makes a visitor of the demonstration anybody by one button', async () => {
    const visitor = await world.open();
    await visitor.go('/');
    await visitor.page.getByRole('link', { name: '体験を始める' }).click();
    await visitor.page.getByRole('button', { name: '藤袴　静' }).click();
    await visitor.page.waitForURL(`${world.origin}/`);
    expect(await who(visitor)).toContain('教頭');
    await visitor.page.getByRole('link', { name: '別の人になる' }).click();
    await visitor.page.getByRole('button', { name: '女郎花　恵' }).click();
    await visitor.page.waitForURL(`${world.origin}/`);
    expect(await who(visitor)).toContain('養護教諭');
    const waiting = visitor.page.waitForEvent('download');
    await visitor.go('/demonstration');
    await visitor.page.getByRole('link', { name: '指導要録（抄本）PDF' }).click();
    expect((await waiting).suggestedFilename()).toBe('shidoyoroku.pdf');
    await visitor.close();
  }, 180_000);

  it('asks a clerk of two schools for which one, and lets them switch', async () => {
    const clerk = await world.openAs('hibarino-clerk-two-schools');
    expect(await clerk.title()).toBe('学校と役割を選ぶ');
    await clerk.inspectBoth('choose-school');
    await clerk.page.getByLabel(/見本中学校/).check();
    await clerk.press('この学校と役割で始める');
    expect(await who(clerk)).toContain('見本中学校');
    await clerk.page.getByRole('link', { name: '学校・役割の切り替え' }).click();
    await clerk.page.getByLabel(/見本東小学校/).check();
    await clerk.press('この学校と役割で始める');
    expect(await who(clerk)).toContain('見本東小学校');
    await clerk.close();
  }, 180_000);

  it('refuses an entry account and says why', async () => {
    const visitor = await world.open();
    await visitor.logIn('entry');
    expect(await visitor.title()).toContain('gBizIDエントリーでは利用できません');
    await visitor.inspect('entry-refused');
    await visitor.close();
  }, 180_000);

  it('lists the places where one is logged in, and ends another', async () => {
    const [first, second] = [await world.openAs('elementary-principal'), await world.openAs('elementary-principal')];
    await first.page.getByRole('link', { name: 'ログインの一覧' }).click();
    await first.inspectBoth('sessions');
    const other = first.page.getByRole('row').filter({ hasNotText: 'この画面' }).filter({ hasText: '終了する' });
    await other.getByRole('button', { name: '終了する' }).click();
    await second.go('/pupils');
    expect(await second.title()).toContain('ログイン');
    expect(await second.page.locator('.account').count()).toBe(0);
    await first.press('ログアウト');
    expect(await first.title()).toContain('ログイン');
    await Promise.all([first.close(), second.close()]);
  }, 180_000);

  it('lets a member of staff say by keyboard that a log-in was not theirs', async () => {
    const thief = await world.openAs('elementary-schoolNurse');
    const own = await world.openAs('elementary-schoolNurse');
    await own.go('/sessions?lang=ja');
    await own.page.getByRole('button', { name: '自分ではない' }).first().focus();
    await own.page.keyboard.press('Enter');
    await own.page.waitForURL(`${world.origin}/sessions/not-me`);
    expect(await own.title()).toBe('自分ではないログインがあったとき');
    await own.inspectBoth('not-me-staff');
    await thief.go('/cases');
    expect(await thief.title()).toContain('ログイン');
    await own.go('/sessions?lang=ja');
    expect(await own.text()).toContain('自分ではないと届け出済み');
    await Promise.all([thief.close(), own.close()]);
  }, 180_000);

  it('shows the principal the seal key, and refuses a file that is none', async () => {
    const principal = await world.openAs('elementary-principal');
    await principal.page.getByRole('link', { name: '封緘の鍵' }).click();
    expect(await principal.text()).toContain('見本東小学校');
    await principal.inspectBoth('seal-key');
    await principal.page.getByLabel('PKCS#12ファイル').setInputFiles(join(world.p12Directory, 'sakura.p12'));
    await principal.page.getByLabel('ファイルのパスワード').fill(demoPassword);
    await principal.press('登録する');
    await principal.page.getByRole('alert').getByText('この鍵は登録できません').waitFor();
    await principal.inspect('seal-key-refused');
    await principal.close();
  }, 180_000);

  it('lets a clerk draft and address a case by keyboard alone', async () => {
    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.tabTo(/^新しく送る$/);
    await clerk.page.keyboard.press('Enter');
    await clerk.page.waitForURL('**/cases/new');
    await clerk.tabTo(/選んでください/);
    await clerk.page.keyboard.press('ArrowDown');
    await clerk.page.keyboard.press('Tab');
    await clerk.page.keyboard.press('Space');
    await clerk.tabTo(/^次へ/);
    await clerk.page.keyboard.press('Enter');
    await clerk.page.waitForURL('**/recipient');
    for (let field = 0; field < 30 && (await clerk.focused()) !== 'field-text'; field++)
      await clerk.page.keyboard.press('Tab');
    await clerk.page.keyboard.type(demoOrganisations.privateHigh.code);
    await clerk.page.keyboard.press('Enter');
    await clerk.page.getByText('見本学園高等学校').first().waitFor();
    await clerk.tabTo(/^この学校に送る/);
    await clerk.page.keyboard.press('Enter');
    await clerk.page.getByText('書類を加えてください').waitFor();
    expect(await clerk.text()).toContain('見本学園高等学校');
    await clerk.close();
  }, 180_000);

  it('shows the receiving school’s page of acceptance codes', async () => {
    const clerk = await world.openAs('cityHigh-clerk');
    await clerk.go('/expectations');
    await clerk.inspectBoth('expectations-empty');
    await clerk.page.getByLabel('氏名').fill('一　一');
    await clerk.page.getByLabel('ふりがな').fill('ニノマエ　ハジメ');
    await clerk.page.getByLabel('生年月日').fill('2009-08-20');
    await clerk.press('受取番号を作る');
    await clerk.page.locator('#acceptance-code').waitFor();
    await clerk.inspect('expectation-made');
    await clerk.close();
  }, 180_000);
});

async function who(window: Window): Promise<string> {
  return (await window.page.locator('.account').textContent()) ?? '';
}
