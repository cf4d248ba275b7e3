import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { writeWitnessed } from '../cli/support/beside-receipt.ts';
import { makeCredentialFolder } from '../cli/support/credential-folder.ts';
import { makeSealedFolder, swapDocument } from '../cli/support/sealed-folder.ts';
import { bundleOf, codesOn, openOfflineVerifier } from './support/offline-verifier.ts';
import type { Window } from './support/window.ts';
import { type BrowserWorld, openBrowserWorld } from './support/world.ts';

describe('the page that verifies', () => {
  let world: BrowserWorld;
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    world = await openBrowserWorld(systemClock, { witnesses: true });
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
    // Besides whom to believe it loads its own script once more, to work beside the page.
    const [trust, script] = sent;
    expect(sent.map((request) => [request.method(), request.postData()])).toEqual([
      ['GET', null],
      ['GET', null],
    ]);
    expect(new URL(trust?.url() ?? '').pathname).toBe('/verify/trust.json');
    expect(new URL(script?.url() ?? '').pathname).toMatch(/^\/assets\/verify(-[A-Z0-9]{8})?\.js$/);
    expect(await trust?.headerValue('cookie')).toBeNull();
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

  it.each(['ja', 'en'])(
    'counts witnesses by the policy that the gateway publishes, or the one chosen (%s)',
    async (lang) => {
      await writeWitnessed(folder, world.authorities);
      const anybody = await world.open();
      await anybody.go(`/verify?lang=${lang}`);
      const receipt = at('receipts/SubmissionAcceptance.jws.json');
      // These witnesses are none of the gateway's.
      const [strange] = await verify(anybody, receipt, at('both.tlog-proof'));
      expect(strange).toContain('witnesses.invalid quorum.missing');
      const [chosen] = await verify(anybody, receipt, at('both.tlog-proof'), at('policy.txt'));
      expect(chosen).toEqual([
        'valid',
        ...['signature', 'issuer', 'statement', 'inclusion', 'witnesses'].map((one) => `${one}.valid`),
      ]);
      await anybody.inspect(`verify-witnesses-${lang}`);
      await anybody.page.setViewportSize({ width: 390, height: 844 });
      await verify(anybody, receipt, at('both.tlog-proof'));
      await anybody.inspect(`verify-witnesses-missing-${lang}-390`);
      await anybody.close();
    },
    120_000,
  );

  it('says without script how else to verify', async () => {
    const plain = await world.open({ script: false });
    await plain.go('/verify');
    expect(await plain.text()).toContain('hikitsugi verify');
    expect(await plain.page.locator('form[data-verify]').isVisible()).toBe(false);
    await plain.close();
  });

  it('verifies what a QR code has behind the # of the address, fetching the status list and nothing else', async () => {
    const credentials = await makeCredentialFolder(`${world.origin}/status/1`);
    const [credential, list, trust] = await Promise.all([
      readFile(join(credentials, 'good.sd-jwt'), 'utf8'),
      readFile(join(credentials, 'list.jwt'), 'utf8'),
      bundleOf(credentials),
    ]);
    const anybody = await world.open();
    const { page } = anybody;
    const sent: Request[] = [];
    // A gateway that publishes these: its schools issue credentials.
    await page.route('**/verify/trust.json', (route) => route.fulfill({ json: trust }));
    await page.route('**/status/1', (route) => route.fulfill({ body: list }));
    await page.goto(`${world.origin}/verify?lang=ja`);
    page.on('request', (request) => void sent.push(request));
    await page.evaluate<void>(`location.hash = ${JSON.stringify(credential)}`);
    await page.reload();
    await page.locator('[data-code="status.valid"]').waitFor();
    expect(await codesOn(page)).toEqual([
      ['valid', 'signature.valid', 'issuer.valid', 'issued.valid', 'status.valid', 'expiry.valid'],
    ]);
    expect(page.url()).toBe(`${world.origin}/verify?lang=ja`);
    const asked = sent.filter((request) => !/\/assets\/|\/verify\?/.test(request.url()));
    expect(asked.map((request) => [request.method(), request.url(), request.postData()])).toEqual([
      ['GET', `${world.origin}/verify/trust.json`, null],
      ['GET', `${world.origin}/status/1`, null],
    ]);
    expect(sent.every((request) => !request.url().includes('eyJ'))).toBe(true);
    await rm(credentials, { recursive: true });
    await anybody.close();
  }, 60_000);

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
