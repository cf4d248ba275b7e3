import { join } from 'node:path';
import { demoPassword } from '../../../src/demo/person-certificates.ts';
import type { Window } from './window.ts';
import type { BrowserWorld } from './world.ts';

/** Logs a pupil in by card, on the page where links are made. */
export async function logInByCard(world: BrowserWorld): Promise<Window> {
  const pupil = await world.open();
  await pupil.go('/login?next=/links/new');
  await pupil.page.getByLabel('電子証明書のファイル').setInputFiles(join(world.p12Directory, 'sakura.p12'));
  await pupil.page.getByLabel('ファイルのパスワード').fill(demoPassword);
  await pupil.press('証明書でログイン');
  await pupil.page.waitForURL(`${world.origin}/links/new`);
  return pupil;
}

/** Redeems the school's code, and has the homeroom teacher confirm the link. */
export async function linkPupil(world: BrowserWorld, pupil: Window): Promise<void> {
  await pupil.go('/links/new?lang=ja');
  await pupil.page.getByLabel('連携番号').fill(world.linkingCode('sakura.p12'));
  await pupil.page.getByLabel('児童・生徒の生年月日').fill('2011-04-02');
  await pupil.press('連携する');
  const number = (await pupil.page.locator('.code-value').textContent())?.trim() ?? '';
  const teacher = await world.openAs('juniorHigh-homeroomTeacher', { script: false });
  await teacher.go('/linking/pending');
  await teacher.page.getByLabel('照合番号').fill(number);
  await teacher.press('確認して有効にする');
  await teacher.close();
}
