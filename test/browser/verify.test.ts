import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSealedFolder, swapDocument } from '../cli/support/sealed-folder.ts';
import { codesOn, openOfflineVerifier } from './support/offline-verifier.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('the page that verifies', () => {
  let world: BrowserWorld;
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    world = await openBrowserWorld();
    folder = await makeSealedFolder(world, 'juniorHigh');
    await swapDocument(at('records.asice'), at('changed.asice'));
  }, 180_000);
  afterAll(() => world?.close());

  async function verify({ page }: Window, ...paths: readonly string[]) {
    await page.evaluate(`document.querySelector('[data-verify-results]').replaceChildren()`);
    await page.locator('[data-verify-files]').setInputFiles([...paths]);
    await page.locator('[data-verify-results] > section').first().waitFor();
    return codesOn(page);
  }

  it('is there for everybody, and verifies without sending anything', async () => {
    const anybody = await world.open();
    await anybody.go('/verify');
    await anybody.inspectBoth('verify');
    const sent: Request[] = [];
    anybody.page.on('request', (request) => void sent.push(request));
    const [good, changed] = await verify(anybody, at('records.asice'), at('changed.asice'));
    expect(good).toEqual([
      'valid',
      'structure.valid',
      'digests.valid',
      'signature.valid',
      'issuer.valid',
      'time.valid',
      'manifest.valid',
    ]);
    expect(changed?.[0]).toBe('invalid');
    await anybody.inspect('verify-results');
    expect(sent.map((request) => [request.method(), new URL(request.url()).pathname, request.postData()])).toEqual([
      ['GET', '/verify/trust.json', null],
    ]);
    expect(await sent[0]?.headerValue('cookie')).toBeNull();
    await anybody.close();
  }, 120_000);

  it('verifies signed PDFs, and tells one that was changed afterwards', async () => {
    const signed = await readFile(at('signed.pdf'));
    const longer = Buffer.concat([signed, Buffer.from('\n% more\n')]);
    await writeFile(at('longer.pdf'), longer);
    const other = Buffer.from(signed);
    const where = other.indexOf('stream') + 12;
    other[where] = (other[where] ?? 0) ^ 1;
    await writeFile(at('other.pdf'), other);
    const anybody = await world.open();
    await anybody.go('/verify');
    const [good, more, changed] = await verify(anybody, at('signed.pdf'), at('longer.pdf'), at('other.pdf'));
    expect(good).toEqual([
      'valid',
      'structure.valid',
      'innerSignature.valid',
      'changes.valid',
      'issuer.valid',
      'time.valid',
    ]);
    expect([more?.[0], changed?.[0]]).toEqual(['invalid', 'invalid']);
    await anybody.inspect('verify-pdf');
    await anybody.close();
  }, 120_000);

  it('has a policy under which the browser itself would send nothing to anybody else', async () => {
    const policy = (await fetch(`${world.origin}/verify`)).headers.get('content-security-policy') ?? '';
    const directives = new Map(policy.split(';').map((part) => part.trim().split(/ (.*)/s) as [string, string]));
    expect(directives.get('default-src')).toBe("'none'");
    expect(directives.get('connect-src')).toBe("'self'");
    expect(directives.get('img-src')).not.toMatch(/https?:|\*/);
  });

  it('drops a file on the page, and by keyboard alone reaches everything', async () => {
    const anybody = await world.open();
    await anybody.go('/verify');
    const { page } = anybody;
    const content = await readFile(at('manifest.jws.json'), 'utf8');
    await page.evaluate<void, string>((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'manifest.jws.json'));
      document
        .querySelector('[data-drop]')
        ?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, content);
    await page.locator('[data-code="issuer.valid"]').waitFor();
    await anybody.go('/verify');
    await anybody.tabTo(/貼り付けたものを検証する/);
    // With nothing pasted the button leads to where something can be.
    await page.keyboard.press('Enter');
    expect(await anybody.focused()).toBe('verify-text');
    await page.keyboard.insertText(content);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('[data-code="issuer.valid"]').waitFor();
    await anybody.tabTo(/結果を印刷する/);
    await anybody.close();
  }, 120_000);

  it('gives verify.html away, which verifies with no network what the page verifies', async () => {
    const anybody = await world.open();
    await anybody.go('/verify');
    const [download] = await Promise.all([
      anybody.page.waitForEvent('download'),
      anybody.page.getByRole('link', { name: 'verify.htmlを保存する' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('hikitsugi-verify.html');
    await download.saveAs(at('saved.html'));
    const online = await verify(anybody, at('records.asice'));
    const browser = anybody.page.context().browser();
    if (browser === null) throw new Error('the window has no browser');
    const offline = await openOfflineVerifier(browser, at('saved.html'));
    expect(await offline.verify(at('records.asice'))).toEqual(online);
    await offline.close();
    await anybody.close();
  }, 120_000);

  it('says without script how else to verify', async () => {
    const plain = await world.open({ script: false });
    await plain.go('/verify');
    expect(await plain.text()).toContain('hikitsugi verify');
    expect(await plain.page.locator('form[data-verify]').isVisible()).toBe(false);
    await plain.close();
  });

  it('refuses a list older than the one that this browser has seen', async () => {
    const anybody = await world.open();
    await anybody.go('/verify');
    await verify(anybody, at('records.asice'));
    // As if a newer list had been here before.
    await anybody.page.evaluate<void>(`for (const name of Object.keys(localStorage)) {
      const known = JSON.parse(localStorage[name]);
      localStorage[name] = JSON.stringify({ ...known, serial: known.serial + 1 });
    }`);
    expect(await verify(anybody, at('records.asice'))).toEqual([['notChecked', 'trust.refused older-than-known']]);
    await anybody.close();
  }, 60_000);
});
