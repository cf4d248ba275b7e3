import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAssets } from '../../src/web/assets.node.ts';
import {
  describeViolations,
  openBrowser,
  overflowPixels,
  type TestBrowser,
  waitUntilDrawn,
} from '../support/browser.ts';
import {
  brokenPicturePdf,
  encryptedPdf,
  faxPdf,
  halfUnderstoodPdf,
  hostilePdf,
  japanesePdf,
  jpegScanPdf,
  predefinedEncodingPdf,
} from './preview/files.ts';
import { openPreviewServer, type PreviewServer } from './preview/server.tsx';

let chromium: TestBrowser;
let server: PreviewServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [chromium, server] = await Promise.all([openBrowser(), openPreviewServer()]);
  server.files.set('japanese.pdf', await japanesePdf());
});

afterAll(async () => {
  await chromium.close();
  await server.close();
});

beforeEach(async () => {
  page = await chromium.browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
  complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  server.requests.length = 0;
});

afterEach(() => page.close());

const red = 'r > 180 && g < 120 && b < 120';
const blue = 'b > 180 && r < 120 && g < 120';
const black = 'r < 60 && g < 60 && b < 60';

async function open(name: string, bytes?: Uint8Array<ArrayBuffer>): Promise<Frame> {
  if (bytes !== undefined) server.files.set(name, bytes);
  await page.goto(`${server.origin}/documents/${name}`);
  await page.locator('.pdf-state').getByText(/1/).waitFor();
  return drawingFrame();
}

function drawingFrame(): Frame {
  const frame = page.frames().find((one) => one.url().endsWith('/preview/frame'));
  if (frame === undefined) throw new Error('the page holds no drawing frame');
  return frame;
}

/** How many points of the drawn page are of a colour. */
function points(frame: Frame, colour: string): Promise<number> {
  return frame.evaluate<number>(`(() => {
    const canvas = document.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) { const [r, g, b] = data.subarray(i, i + 3); if (${colour}) count++; }
    return count;
  })()`);
}

const state = () => page.locator('.pdf-state').textContent();
const reason = () => page.locator('[data-pdf-part=reason]').textContent();
const outsidePaths = () => server.requests.map(({ path }) => path).filter((path) => path.startsWith('/outside'));

describe('a PDF on the page of a document', () => {
  it('is drawn with its Japanese letters, and can be read by those who do not see it', async () => {
    const frame = await open('japanese.pdf');
    expect(await state()).toBe('1 / 2 ページ');
    expect(await points(frame, red)).toBeGreaterThan(1500);
    expect(await points(frame, blue)).toBe(0);
    expect(await frame.locator('main').textContent()).toBe('在学証明書');
    expect(await frame.locator('main').getAttribute('aria-label')).toBe('2ページのうち1ページ目');
    expect(complaints).toEqual([]);
  });

  it('is turned and enlarged by buttons', async () => {
    const frame = await open('japanese.pdf');
    const width = () => frame.evaluate<number>('document.querySelector("canvas").clientWidth');
    expect(await width()).toBe(900);
    await page.getByRole('button', { name: '次のページ' }).click();
    await page.getByText('2 / 2 ページ').waitFor();
    expect(await points(frame, blue)).toBeGreaterThan(1000);
    expect(await page.getByRole('button', { name: '次のページ' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('button', { name: '拡大' }).click();
    await page.getByText('125%').waitFor();
    expect(await width()).toBe(1125);
    await page.getByRole('button', { name: '縮小' }).click();
    await page.getByText('100%').waitFor();
    expect(await frame.locator('main').textContent()).toBe('二枚目');
    expect(complaints).toEqual([]);
  });

  it('is drawn again when the window gets narrower, and the frame becomes as high as the page', async () => {
    const frame = await open('japanese.pdf');
    const height = async () => (await page.locator('iframe').boundingBox())?.height ?? 0;
    expect(await height()).toBeGreaterThan(1200);
    await page.setViewportSize({ width: 390, height: 844 });
    await waitUntilDrawn(frame);
    await expect.poll(height).toBeLessThan(560);
    expect(await points(frame, red)).toBeGreaterThan(200);
  });

  it('is drawn below the fold, where a browser gives a frame no animation frames', async () => {
    await page.setViewportSize({ width: 390, height: 100 });
    const frame = await open('japanese.pdf');
    expect((await page.locator('iframe').boundingBox())?.y).toBeGreaterThan(100);
    await page.locator('.pdf').evaluate('(part) => part.scrollIntoView()');
    expect(await points(frame, red)).toBeGreaterThan(200);
  });

  it('is turned by the keyboard alone, from the bar and from inside the frame', async () => {
    await open('japanese.pdf');
    await page.getByRole('button', { name: '次のページ' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('2 / 2 ページ').waitFor();
    for (const name of ['縮小', '拡大']) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate<string>('document.activeElement.textContent')).toBe(name);
    }
    await page.keyboard.press('Tab');
    expect(await drawingFrame().evaluate<string>('document.activeElement.tagName')).toBe('MAIN');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('1 / 2 ページ').waitFor();
    await page.keyboard.press('PageDown');
    await page.getByText('2 / 2 ページ').waitFor();
    await page.keyboard.press('+');
    await page.getByText('125%').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<boolean>('document.activeElement.tagName === "IFRAME"')).toBe(false);
  });

  it.each([
    ['ja', 1280],
    ['en', 1280],
    ['ja', 390],
    ['en', 390],
  ] as const)('in %s at %i px: axe finds nothing in page and frame, nothing overflows', async (lang, width) => {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${server.origin}/documents/japanese.pdf?lang=${lang}`);
    await page.getByText(lang === 'ja' ? '1 / 2 ページ' : 'Page 1 of 2', { exact: true }).waitFor();
    expect(await describeViolations(page)).toBe('');
    expect(await describeViolations(drawingFrame())).toBe('');
    expect(await overflowPixels(page)).toBe(0);
    expect(await drawingFrame().evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await drawingFrame().locator('html').getAttribute('lang')).toBe(lang);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['90ms-RKSJ-H', '93FA967B8CEA'],
    ['UniJIS-UTF16-H', '65E5672C8A9E'],
    ['EUC-V', 'C6FCCBDCB8EC'],
  ])('is drawn with a font that it does not hold, encoded in %s', async (encoding, hex) => {
    const frame = await open(`${encoding}.pdf`, predefinedEncodingPdf(encoding, hex));
    expect(await frame.locator('main').textContent()).toContain(encoding.endsWith('V') ? '日' : '日本語');
    expect(await points(frame, red)).toBeGreaterThan(1000);
    const table = server.requests.find(({ path }) => path.endsWith(`-${encoding}.bcmap`));
    expect(table?.cookie).toBeUndefined();
    expect(table).toBeDefined();
    expect(complaints).toEqual([]);
  });

  it('shows a scan in JPEG', async () => {
    await page.setContent('<body style="margin:0;background:rgb(230,20,20)">');
    const jpeg = await page.screenshot({ type: 'jpeg', quality: 90, clip: { x: 0, y: 0, width: 400, height: 400 } });
    const frame = await open('scan.pdf', await jpegScanPdf(jpeg));
    expect(await points(frame, red)).toBeGreaterThan(300_000);
    expect(await page.locator('[data-pdf-part=incomplete]').isHidden()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('shows a scan in the format of fax machines, by a decoder in WebAssembly', async () => {
    const frame = await open('fax.pdf', faxPdf());
    expect(await points(frame, black)).toBeGreaterThan(150_000);
    expect(server.requests.some(({ path }) => path.endsWith('jbig2.wasm'))).toBe(true);
    expect(await page.locator('[data-pdf-part=incomplete]').isHidden()).toBe(true);
    expect(complaints).toEqual([]);
  });
});

describe('what cannot be shown is said, and saving it stays', () => {
  it('when a picture cannot be decoded or a part of the page is not understood', async () => {
    for (const [name, bytes] of [
      ['broken-picture.pdf', brokenPicturePdf()],
      ['half.pdf', halfUnderstoodPdf()],
    ] as const) {
      await open(name, bytes);
      expect(await page.locator('[data-pdf-part=incomplete]').isVisible(), name).toBe(true);
    }
    expect(await points(drawingFrame(), red)).toBeGreaterThan(10_000);
  });

  it.each([
    ['damaged.pdf', 'PDFが壊れていて表示できません'],
    ['encrypted.pdf', 'パスワードのかかったPDFは表示できません'],
    ['missing.pdf', 'PDFを読み込めませんでした'],
  ])('%s', async (name, text) => {
    server.files.set('damaged.pdf', new Uint8Array(Buffer.from('%PDF-1.7\nnothing of the kind')));
    server.files.set('encrypted.pdf', await encryptedPdf());
    await page.goto(`${server.origin}/documents/${name}`);
    await page.getByText(text).waitFor();
    expect(await page.locator('iframe').count()).toBe(0);
    expect(await describeViolations(page)).toBe('');
  });

  it('a file that is too large is not even read', async () => {
    await page.goto(`${server.origin}/documents/japanese.pdf?bytes=1000001`);
    await page.getByText('977 KB を超えるPDFは').waitFor();
    expect(server.requests.filter(({ path }) => path.startsWith('/content'))).toEqual([]);
  });

  it('a frame that stays silent is taken away', async () => {
    await page.clock.install();
    await page.route('**/preview/frame', (route) => route.fulfill({ contentType: 'text/html', body: '<p>silence' }));
    await page.goto(`${server.origin}/documents/japanese.pdf`);
    await expect.poll(() => server.requests.some(({ path }) => path.includes('preview-worker'))).toBe(true);
    await page.frameLocator('iframe').getByText('silence').waitFor();
    await expect
      .poll(async () => {
        await page.clock.runFor(31_000);
        return reason();
      })
      .toContain('時間がかかりすぎる');
    expect(await page.locator('iframe').count()).toBe(0);
  });

  it('without script the reader is told to save it, and no frame is made', async () => {
    const plain = await chromium.browser.newPage({ javaScriptEnabled: false, locale: 'ja-JP' });
    await plain.goto(`${server.origin}/documents/japanese.pdf`);
    expect(await plain.getByText('保存しても読めます').isVisible()).toBe(true);
    expect(await plain.locator('.pdf-bar').isVisible()).toBe(false);
    expect(await plain.locator('iframe').count()).toBe(0);
    await plain.close();
  });
});

describe('foreign content in the frame (U-07)', () => {
  it('has an opaque origin: no cookie, no storage, no parent, no API', async () => {
    const frame = await open('japanese.pdf');
    const attempt = (code: string) =>
      frame.evaluate<string>(
        `(async () => { try { return String(await (${code})); } catch (error) { return error.name; } })()`,
      );
    expect(await frame.evaluate('self.origin')).toBe('null');
    expect(await page.evaluate('document.cookie')).toContain('session=of-the-reader');
    expect(await attempt('document.cookie')).toBe('SecurityError');
    expect(await attempt('localStorage')).toBe('SecurityError');
    expect(await attempt('parent.document')).toBe('SecurityError');
    expect(await attempt('parent.location.href')).toBe('SecurityError');
    server.requests.length = 0;
    const outside = server.origin.replace('localhost', '127.0.0.1');
    for (const origin of [server.origin, outside]) {
      expect(await attempt(`fetch('${origin}/outside/fetch', { credentials: 'include', mode: 'no-cors' })`)).toBe(
        'TypeError',
      );
      expect(await attempt(`import('${origin}/outside/import.js')`)).toBe('TypeError');
      await attempt(
        `new Promise((done) => { const i = new Image(); i.onerror = done; i.src = '${origin}/outside/image'; })`,
      );
      await attempt(`navigator.sendBeacon('${origin}/outside/beacon', 'x')`);
      await attempt(`new WebSocket('${origin.replace('http', 'ws')}/outside/socket')`);
      await attempt(`new Worker(URL.createObjectURL(new Blob(["fetch('${origin}/outside/worker')"])))`);
      await attempt(`open('${origin}/outside/window')`);
      await attempt(`top.location = '${origin}/outside/top'`);
      await attempt(
        `document.body.append(Object.assign(document.createElement('iframe'), { src: '${origin}/outside/frame' }))`,
      );
      await attempt(
        `document.body.appendChild(Object.assign(document.createElement('form'), { action: '${origin}/outside/form' })).submit()`,
      );
    }
    // By itself the frame goes nowhere but to our own site, and there without a cookie.
    await attempt(`location.href = '${outside}/outside/away'`);
    await page.waitForTimeout(500);
    expect(outsidePaths()).toEqual([]);
  });

  it('has no origin either when the frame is opened as a page of its own', async () => {
    await page.goto(`${server.origin}/preview/frame`);
    expect(await page.evaluate('self.origin')).toBe('null');
  });

  it('gets public files of the library alone, whatever it asks the page for', async () => {
    const frame = await open('japanese.pdf');
    server.requests.length = 0;
    // A frame in foreign hands has the port; here a new one is given to the page's own code.
    await page.route('**/preview/frame', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<script>addEventListener('message', ({ ports: [port] }) => {
          const files = ['cMapUrl/../../api/cases', 'cMapUrl/H.bcmap?x', 'wasmUrl/../x.wasm', '/api/cases', 'cMapUrl//evil.example/H.bcmap',
            'standardFontDataUrl/LiberationSans-Bold.ttf', 'x/H.bcmap', 'cMapUrl/H.bcmap'];
          port.onmessage = ({ data }) => { if (data.kind === 'file') { document.body.append(data.id + ':' + (data.bytes?.byteLength ?? 'no') + ' '); } };
          files.forEach((file, index) => port.postMessage({ kind: 'need', id: index + 1, file }));
          for (const odd of [null, 1, 'opened', {}, { kind: 'opened', pages: -1 }, { kind: 'opened', pages: 1e9 }, { kind: 'opened', pages: '<b>' },
            { kind: 'wish', wish: 'constructor' }, { kind: 'drawn', page: 1, height: 1 / 0, complete: true }]) port.postMessage(odd);
        });</script>`,
      }),
    );
    await page.reload();
    const answers = page.frameLocator('iframe').locator('body');
    await expect.poll(() => answers.textContent()).toMatch(/8:\d+/);
    expect((await answers.textContent())?.trim().split(/\s+/).toSorted().slice(0, 7)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((id) => `${id}:no`),
    );
    expect(server.requests.map(({ path }) => path).filter((path) => /api|evil|Liberation/.test(path))).toEqual([]);
    expect(await page.locator('.pdf-bar').isHidden()).toBe(true);
    expect(complaints).toEqual([]);
    expect(frame.isDetached()).toBe(true);
  });

  it('does not act: no script, no link, no form, no file from elsewhere', async () => {
    const outside = `${server.origin.replace('localhost', '127.0.0.1')}/outside`;
    const pages = page.context().pages().length;
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    const frame = await open('hostile.pdf', hostilePdf(outside));
    expect(await points(frame, red)).toBeGreaterThan(10_000);
    expect(await frame.locator('a, form, input, button, iframe, embed, object, script:not([src])').count()).toBe(0);
    for (const button of ['left', 'middle'] as const) {
      await frame.locator('canvas').click({ position: { x: 300, y: 300 }, button });
    }
    await page.waitForTimeout(500);
    expect(outsidePaths()).toEqual([]);
    expect(page.context().pages()).toHaveLength(pages);
    expect(page.url()).toBe(`${server.origin}/documents/hostile.pdf`);
    expect(complaints).toEqual([]);
  });

  it('stands under a policy of its own, and the page holds no frame but ours', async () => {
    const [frame, holder] = await Promise.all([
      fetch(`${server.origin}/preview/frame`),
      fetch(`${server.origin}/documents/japanese.pdf`),
    ]);
    const policy = frame.headers.get('content-security-policy') ?? '';
    expect(policy.replace(/nonce-[^']+/g, 'nonce')).toBe(
      "sandbox allow-scripts; default-src 'none'; script-src 'nonce' 'wasm-unsafe-eval'; worker-src blob:; style-src 'nonce'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    );
    expect(frame.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(holder.headers.get('content-security-policy')).toContain("frame-src 'self'");
  });

  it('is drawn by a script without eval, the only one that other origins may load', async () => {
    const assets = await readAssets();
    for (const name of ['preview-frame.js', 'preview-worker.js', 'preview.js']) {
      const text = new TextDecoder().decode(assets.get(name)?.bytes);
      expect(text.length).toBeGreaterThan(1000);
      expect(text, name).not.toMatch(/[^.\w]eval\(|new Function\(/);
      const answer = await fetch(`${server.origin}/assets/${name}`);
      const site = name === 'preview-frame.js' ? 'cross-origin' : 'same-origin';
      expect(answer.headers.get('cross-origin-resource-policy'), name).toBe(site);
    }
  });
});
