import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishStatistics } from '../../src/board/statistics/publish.ts';
import { webCryptoSigner } from '../../src/crypto/signer.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { schoolYearOf } from '../../src/directory/calendar/school-days.ts';
import { writeDeliveries } from '../board/support/deliveries.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

const year = schoolYearOf(new Date().toISOString().slice(0, 10));

describe('the console of a board, and the open statistics', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
    const { juniorHigh, elementary } = demoOrganisations;
    const at = { board: '119990', prefecture: '11' };
    await writeDeliveries(
      world.ownerUrl,
      [4, 5, 6].flatMap((month, index) => [
        {
          ...at,
          school: juniorHigh.code,
          month: `${year}-0${month}-01`,
          state: 'acknowledged',
          count: 40 + index * 15,
        } as const,
        {
          ...at,
          school: juniorHigh.code,
          month: `${year}-0${month}-01`,
          state: 'acknowledged',
          closedAfter: 25,
          count: 14,
        } as const,
        { ...at, school: elementary.code, month: `${year}-0${month}-01`, state: 'returned', count: 2 } as const,
        { ...at, school: elementary.code, month: `${year}-0${month}-01`, state: 'deposited', count: 3 } as const,
      ]),
    );
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const key = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
    await publishStatistics({
      database: world.database,
      clock: { now: () => new Date(`${year}-11-01T00:00:00Z`) },
      evidence: await webCryptoSigner(key, [], 'ES256'),
    });
  }, 180_000);
  afterAll(() => world?.close());

  it('is walked by the keyboard, in both languages and widths', async () => {
    const auditor = await world.openAs('hibarino-auditor');
    await auditor.go('/board');
    expect(await auditor.title()).toBe('監査');
    await auditor.inspectBoth('board');
    await auditor.go('/board?lang=ja');
    await auditor.tabTo(/^送付の一覧$/);
    await auditor.page.keyboard.press('Enter');
    await auditor.page.waitForURL('**/board/cases**');
    await auditor.inspectBoth('board-cases');
    await auditor.go(`/board/outcomes?year=${year}&lang=ja`);
    expect(await auditor.page.getByRole('img', { name: /グラフ/ }).count()).toBe(1);
    expect(await auditor.text()).toContain('秘匿した値');
    await auditor.inspectBoth('board-outcomes');
    await auditor.go('/board/calendar?lang=ja');
    await auditor.page.getByLabel('名称').fill('夏季休業日');
    await auditor.page.getByLabel('最初の日').fill(`${year + 1}-07-21`);
    await auditor.page.getByLabel('最後の日').fill(`${year + 1}-07-20`);
    await auditor.press('休業日を登録する');
    await auditor.page.getByRole('alert').first().waitFor();
    await auditor.page.getByLabel('最後の日').fill(`${year + 1}-08-31`);
    await auditor.press('休業日を登録する');
    await auditor.page.getByRole('row', { name: /夏季休業日/ }).waitFor();
    await auditor.inspectBoth('board-calendar');
    await auditor.go('/board/calendar?lang=ja');
    await auditor.page
      .getByRole('row', { name: /夏季休業日/ })
      .getByRole('button')
      .click();
    await auditor.page.getByText('休業日は登録されていません').waitFor();
    await auditor.go('/board/log?lang=ja');
    await auditor.page
      .getByRole('link', { name: /件目を書き出す/ })
      .first()
      .waitFor();
    await auditor.inspectBoth('board-log');
    await auditor.go('/board/outcomes?year=2016&lang=ja');
    expect(await auditor.text()).toContain('年度（4月から翌年3月）ごと');
    await auditor.inspectBoth('board-refused');
    await auditor.close();
  }, 240_000);

  it('works without script, and for a principal of one school', async () => {
    const principal = await world.openAs('juniorHigh-principal', { script: false });
    await principal.go('/board/cases?lang=ja');
    await principal.page.getByLabel('状態').first().selectOption('acknowledged');
    await principal.press('絞り込む');
    await principal.page.waitForURL('**state=acknowledged**');
    // What the board sees of these has no case behind it, and a school sees its cases.
    expect(await principal.text()).toContain('当てはまる送付はありません');
    expect(await principal.page.getByLabel('学校').count()).toBe(0);
    await principal.close();
  }, 120_000);

  it('shows the open statistics to everybody', async () => {
    const anybody = await world.open();
    await anybody.go('/statistics');
    expect(await anybody.title()).toBe('公開統計');
    expect(await anybody.page.getByRole('img').count()).toBe(1);
    // Too few were late to be told, so no month has a share, and the chart says so.
    expect(await anybody.text()).toContain('X は割合を表示しない月です');
    await anybody.inspectBoth('statistics');
    await anybody.close();
  }, 120_000);
});
