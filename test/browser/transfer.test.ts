import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../src/demo/person-certificates.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { writeSampleFiles } from './support/documents.ts';
import { beginCase, depositCase, sealAndDeposit, submitCase } from './support/procedure.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

const withoutScript = { script: false } as const;

/** A transfer by acceptance code, with JavaScript disabled wherever no certificate is asked for. */
describe('one transfer, without script', () => {
  let world: BrowserWorld;
  let folder: string;
  let file: (name: string) => string;
  let receiver: Window;
  let acceptanceCode = '';
  let casePath = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-files-'));
    [world, file] = await Promise.all([openBrowserWorld(), writeSampleFiles(folder, 'pupil-09')]);
  }, 180_000);

  afterAll(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('lets the receiving school announce the pupil and read its acceptance code once', async () => {
    receiver = await world.openAs('cityHigh-clerk', withoutScript);
    const { page } = receiver;
    await page.getByRole('link', { name: '受取番号', exact: true }).click();
    await page.getByLabel('氏名').fill('一　一');
    await page.getByLabel('ふりがな').fill('ニノマエ　ハジメ');
    await page.getByLabel('生年月日').fill('2009-08-20');
    await page.getByLabel('学級（決まっていれば）').fill('1年B組');
    await receiver.press('受取番号を作る');
    acceptanceCode = (await page.locator('#acceptance-code').textContent())?.trim() ?? '';
    expect(acceptanceCode).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4})+$/);
    await receiver.go('/expectations');
    expect(await receiver.text()).toContain('待っています');
    expect(await receiver.text()).not.toContain(acceptanceCode);
  }, 180_000);

  it('addresses by the code, and refuses one that nobody made', async () => {
    const clerk = await world.openAs('prefecturalHigh-clerk', withoutScript);
    const sending = {
      school: 'prefecturalHigh',
      pupil: '一　一',
      kind: '転学',
      documents: [
        { kind: '指導要録', form: '写し', path: file('shidoyoroku.pdf') },
        { kind: '健康診断票', form: '原本', path: file('kenkoshindan.pdf') },
        { kind: '在学証明書', form: '原本', path: file('zaigaku.pdf') },
      ],
    } as const;
    casePath = await beginCase(clerk, sending);
    await clerk.page.getByLabel('受取番号').fill('0000-0000-0000-0000');
    await clerk.press('受取番号で決める');
    expect(await clerk.text()).toContain('受取番号が正しくありません');
    await submitCase(clerk, casePath, { ...sending, recipient: { acceptanceCode } });
    expect(await clerk.text()).toContain(demoOrganisations.cityHigh.code);
    const principal = await world.openAs('prefecturalHigh-principal', withoutScript);
    await principal.go(casePath);
    await principal.press('決裁する');
    await clerk.go(casePath);
    await sealAndDeposit(clerk);
    await Promise.all([clerk.close(), principal.close()]);
  }, 180_000);

  it('opens by the code, verifies and acknowledges', async () => {
    await receiver.go(casePath);
    await receiver.page.getByLabel('受取番号').fill(acceptanceCode);
    await receiver.press('確かめて開封する');
    expect(await receiver.text()).toContain('検証に合格しました');
    await look('cityHigh-principal', casePath, 'case-opened-principal');
    await receiver.press('受領書を返す');
    expect(await receiver.text()).toContain('受け入れが終わり、受領書を返しました');
    await receiver.go('/expectations');
    expect(await receiver.text()).toContain('記録が届きました');
  }, 180_000);

  it('shows the case to the homeroom teacher of that class alone', async () => {
    // 1年A組; the pupil goes to 1年B組.
    const teacher = await world.openAs('cityHigh-homeroomTeacher', withoutScript);
    expect(await teacher.text()).not.toContain('一　一');
    await teacher.go(casePath);
    expect(await teacher.title()).toBe('見つかりません');
    await teacher.close();
  }, 180_000);

  it('shows the pupil, who logs in by an EC certificate and a linking code, the case, the ledger and the file', async () => {
    const pupil = await world.open();
    const { page } = pupil;
    await pupil.go('/login?next=/links/new');
    await page.getByLabel('電子証明書のファイル').setInputFiles(join(world.p12Directory, 'hajime.p12'));
    await page.getByLabel('ファイルのパスワード').fill(demoPassword);
    await pupil.press('証明書でログイン');
    await page.waitForURL(`${world.origin}/links/new`);
    await page.getByLabel('連携番号').fill(world.linkingCode('hajime.p12'));
    await page.getByLabel('児童・生徒の生年月日').fill('2009-08-20');
    await pupil.press('連携する');
    await page.getByText('申し込みました').waitFor();
    await pupil.inspectBoth('links-waiting');
    const number = (await page.locator('.code-value').textContent())?.trim() ?? '';
    const teacher = await world.openAs('prefecturalHigh-homeroomTeacher');
    await teacher.page.getByRole('link', { name: '連携の確認' }).click();
    await teacher.inspectBoth('pending');
    await teacher.page.getByLabel('照合番号').fill(number);
    await teacher.press('確認して有効にする');
    await teacher.page.getByText('連携を確認しました').waitFor();
    await teacher.close();
    await pupil.go('/links');
    await pupil.inspectBoth('links');
    await pupil.go('/');
    await pupil.inspectBoth('person-home');
    await page.getByRole('link', { name: '一　一' }).click();
    expect(await pupil.text()).toContain('受領書を返しました');
    await pupil.inspectBoth('case-person');
    const waiting = page.waitForEvent('download');
    await page.getByRole('row', { name: 'shidoyoroku' }).getByRole('link', { name: /保存/ }).click();
    const saved = await readFile(await (await waiting).path());
    expect(saved.equals(await readFile(file('shidoyoroku.pdf')))).toBe(true);
    await page.reload();
    expect(await pupil.text()).toContain('本人・保護者');
    await pupil.close();
  }, 180_000);

  it('returns unopened what is not for its pupil, and the sender reads why', async () => {
    const { clerk, path } = await depositCase(world, {
      school: 'elementary',
      pupil: '髙﨑',
      kind: '進学',
      recipient: { code: demoOrganisations.juniorHigh.code },
      documents: [{ kind: '指導要録', form: '抄本', path: file('shidoyoroku.pdf') }],
    });
    const other = await world.openAs('juniorHigh-clerk', withoutScript);
    await other.go(path);
    await other.page.getByText('開けずに差し戻す').click();
    await other.page.getByLabel('差し戻す理由').fill('本校の入学予定者ではありません');
    await other.press('差し戻す');
    expect(await other.text()).toContain('差戻し');
    await clerk.go(path);
    expect(await clerk.text()).toContain('本校の入学予定者ではありません');
    await look('elementary-principal', path, 'case-returned');
    await clerk.press('下書きに戻す');
    expect(await clerk.text()).toContain('書類を加える');
    await Promise.all([clerk.close(), other.close()]);
  }, 180_000);

  it('lets the sender withdraw what is not open yet', async () => {
    const { clerk, path } = await depositCase(world, {
      school: 'elementary',
      pupil: '渡邉',
      kind: '進学',
      recipient: { code: demoOrganisations.juniorHigh.code },
      documents: [{ kind: '指導要録', form: '抄本', path: file('shidoyoroku.pdf') }],
    });
    await clerk.page.locator('summary', { hasText: '取り下げる' }).click();
    await clerk.page.getByLabel('取り下げる理由').fill('送付先を確かめ直します');
    await clerk.press('取り下げる');
    expect(await clerk.text()).toContain('取り下げました');
    await look('elementary-vicePrincipal', path, 'case-withdrawn');
    const other = await world.openAs('juniorHigh-clerk', withoutScript);
    await other.go(path);
    expect(await other.page.getByRole('button', { name: '確かめて開封する' }).count()).toBe(0);
    await Promise.all([clerk.close(), other.close()]);
  }, 180_000);

  /** axe is a script and needs a browser that runs some. */
  async function look(subject: string, path: string, name: string): Promise<void> {
    const window = await world.openAs(subject);
    await window.go(path);
    await window.inspectBoth(name);
    await window.close();
  }
});
