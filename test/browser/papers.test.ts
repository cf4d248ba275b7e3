import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('a guardian without card and app', () => {
  let world: BrowserWorld;

  beforeAll(async () => {
    world = await openBrowserWorld();
  }, 180_000);
  afterAll(() => world?.close());

  it('is printed a paper, types code and number by keyboard, and is in', async () => {
    const clerk = await world.openAs('juniorHigh-clerk');
    await clerk.go('/linking/pupil-01');
    await clerk.page.getByRole('link', { name: 'ログイン用紙を発行・確認' }).click();
    await clerk.inspectBoth('papers');
    await clerk.page.getByLabel(/西園寺/).check();
    await clerk.press('用紙を発行');
    await clerk.inspect('paper-sheet');
    const code = await clerk.page.locator('#access-code').innerText();

    const guardian = await world.open();
    // As the QR opens it: the script takes the code out of the address.
    await guardian.go(`/login/code#code=${code}`);
    await guardian.inspectBoth('code-login');
    await guardian.go('/login/code');
    await guardian.page.getByLabel('用紙の番号').focus();
    await guardian.page.keyboard.type(code);
    await guardian.page.keyboard.press('Enter');
    await guardian.page.waitForURL(`${world.origin}/login/code/number`);
    await guardian.inspectBoth('code-number');
    await guardian.page.getByLabel('確認番号').focus();
    await guardian.page.keyboard.type(await mailedNumber());
    await guardian.page.keyboard.press('Enter');
    await guardian.page.waitForURL(`${world.origin}/`);
    await guardian.inspect('paper-home');

    await clerk.go('/linking/pupil-01/papers');
    expect(await clerk.page.getByText('使用済み').count()).toBe(1);
    await clerk.inspectBoth('papers-used');
    await clerk.close();
    await guardian.close();
  }, 180_000);

  function mailedNumber(): Promise<string> {
    const folder = world.mailDirectory;
    return vi.waitFor(
      async () => {
        const names = await readdir(folder);
        const mails = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
        const texts = mails.map((mail) => Buffer.from(mail.split('\r\n\r\n')[1] ?? '', 'base64').toString('utf8'));
        const number = texts.map((text) => /確認番号: (\d{6})/.exec(text)?.[1]).find((one) => one !== undefined);
        if (number === undefined) throw new Error('no number has been mailed');
        return number;
      },
      { timeout: 30_000, interval: 300 },
    );
  }
});
