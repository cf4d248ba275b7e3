import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import QRCode from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCredentialFolder } from '../cli/support/credential-folder.ts';
import { describeViolations, openBrowser, type TestBrowser } from '../support/browser.ts';
import { bundleOf, codesOn, openOfflineVerifier, writeOfflinePage } from './support/offline-verifier.ts';

describe('a QR code before the camera', () => {
  let folder: string;
  let credentials: string;
  const browsers: TestBrowser[] = [];

  beforeAll(async () => {
    [folder, credentials] = await Promise.all([mkdtemp(join(tmpdir(), 'hikitsugi-camera-')), makeCredentialFolder()]);
    await writeOfflinePage(join(folder, 'verify.html'), await bundleOf(credentials));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await rm(folder, { recursive: true });
    await rm(credentials, { recursive: true });
  });

  /** A browser before whose camera this code is held. */
  async function before(text: string) {
    const film = join(folder, `${browsers.length}.y4m`);
    await writeFile(film, filmOf(text));
    const devices = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    const chromium = await openBrowser([...devices, `--use-file-for-fake-video-capture=${film}`]);
    browsers.push(chromium);
    const verifier = await openOfflineVerifier(chromium.browser, join(folder, 'verify.html'));
    await verifier.page.getByRole('button', { name: 'カメラでQRコードを読む' }).click();
    return verifier;
  }

  it('is read and verified on the spot, by the part behind the #', async () => {
    const { page, requests } = await before('https://hikitsugi.example/verify#eyJhbGciOiJub25lIn0.e30.AA~');
    await page.locator('[data-code="signature.invalid"]').waitFor();
    expect(await codesOn(page)).toEqual([['invalid', 'signature.invalid algorithm-not-allowed']]);
    expect(await page.locator('video').isVisible()).toBe(false);
    // The page itself, and its own worker: nothing from the network.
    expect(requests.filter((url) => !url.startsWith('blob:'))).toHaveLength(1);
  }, 60_000);

  it('that is something else is told, and goes nowhere', async () => {
    const { page } = await before('https://elsewhere.example/');
    await expect
      .poll(() => page.locator('[data-verify-news]').textContent(), { timeout: 20_000 })
      .toContain('検証できるものではありません: https://elsewhere.example/');
    expect(page.url()).toMatch(/^file:/);
    expect(await describeViolations(page)).toBe('');
  }, 60_000);
});

/** Uncompressed film of one picture: the code in black on white, with its quiet zone. */
function filmOf(text: string): Uint8Array {
  const side = 480;
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const pixels = Math.floor(side / (modules.size + 8));
  const margin = Math.floor((side - pixels * modules.size) / 2);
  const light = new Uint8Array(side * side).fill(235);
  for (let row = 0; row < modules.size * pixels; row++) {
    for (let column = 0; column < modules.size * pixels; column++) {
      const isDark = modules.data[Math.floor(row / pixels) * modules.size + Math.floor(column / pixels)] !== 0;
      if (isDark) light[(row + margin) * side + column + margin] = 16;
    }
  }
  const colour = new Uint8Array((side * side) / 2).fill(128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, colour]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${side} H${side} F10:1 Ip A1:1 C420\n`), frame, frame, frame]);
}
