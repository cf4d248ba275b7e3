import type { DemoSchoolKey } from '../../../src/demo/schools.ts';
import type { Window } from './window.ts';
import type { BrowserWorld } from './world.ts';

export interface Sending {
  readonly school: DemoSchoolKey;
  /** As the roll shows it. */
  readonly pupil: string;
  readonly kind: '進学' | '転学';
  readonly recipient: { readonly code: string } | { readonly acceptanceCode: string };
  readonly documents: readonly { readonly kind: string; readonly form: string; readonly path: string }[];
}

/** Begins a draft from the roll, and stops where the recipient is chosen. Gives the path of the case. */
export async function beginCase(clerk: Window, sending: Pick<Sending, 'pupil' | 'kind'>): Promise<string> {
  const { page } = clerk;
  await clerk.go('/pupils?lang=ja');
  await page.getByRole('row', { name: sending.pupil }).getByRole('link', { name: '記録を送る' }).click();
  await page.getByLabel(sending.kind).check();
  await clerk.press('次へ（下書きを作る）');
  return new URL(page.url()).pathname.replace('/recipient', '');
}

/** The rest of a clerk's part up to the request for approval, by pages and without any script. */
export async function submitCase(clerk: Window, path: string, sending: Sending): Promise<void> {
  const { page } = clerk;
  if ('code' in sending.recipient) {
    await clerk.go(`${path}/recipient?text=${sending.recipient.code}`);
    await page.getByRole('button', { name: 'この学校に送る' }).click();
  } else {
    await page.getByLabel('受取番号').fill(sending.recipient.acceptanceCode);
    await clerk.press('受取番号で決める');
  }
  for (const document of sending.documents) {
    await page.getByLabel('書類の種類').selectOption({ label: document.kind });
    await page.getByLabel('原本・写し・抄本').selectOption({ label: document.form });
    await page.getByLabel('ファイル', { exact: true }).setInputFiles(document.path);
    await clerk.press('送信する');
    await page.waitForURL(new RegExp(`${path}$`));
  }
  const incomplete = page.getByLabel('足りない書類があることを確かめました');
  if ((await incomplete.count()) > 0) await incomplete.check();
  await clerk.press('決裁を依頼する');
}

/** From the roll to the locker: clerk, principal, clerk. */
export async function depositCase(world: BrowserWorld, sending: Sending): Promise<{ clerk: Window; path: string }> {
  const clerk = await world.openAs(`${sending.school}-clerk`, { script: false });
  const path = await beginCase(clerk, sending);
  await submitCase(clerk, path, sending);
  const principal = await world.openAs(`${sending.school}-principal`, { script: false });
  await principal.go(path);
  await principal.press('決裁する');
  await principal.close();
  await clerk.go(path);
  await sealAndDeposit(clerk);
  return { clerk, path };
}

export async function sealAndDeposit(clerk: Window): Promise<void> {
  const { page } = clerk;
  const code = await page.locator('.confirm code').first().textContent();
  await page.getByLabel('送付先の学校コードの下4桁').fill((code ?? '').slice(-4));
  await clerk.press('封緘して預け入れる');
  await page.getByText('預入済み').first().waitFor();
}
