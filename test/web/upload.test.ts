import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeViolations, openBrowser, type TestBrowser } from '../support/browser.ts';
import { type Gallery, openGallery } from './gallery/server.tsx';

let chromium: TestBrowser;
let gallery: Gallery;

beforeAll(async () => {
  [chromium, gallery] = await Promise.all([openBrowser(), openGallery()]);
});

afterAll(async () => {
  await chromium.close();
  await gallery.close();
});

beforeEach(() => {
  gallery.received.length = 0;
});

const pdf = { name: '指導要録.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 a record') };
const refused = { name: 'bad.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 refuse me') };

async function openForm(lang = 'ja'): Promise<Page> {
  const page = await chromium.browser.newPage();
  await page.goto(`${gallery.origin}/dev/gallery/send?lang=${lang}`);
  return page;
}

describe('the upload form', () => {
  it('announces each file, sends its bytes with their digest, and goes on when all have arrived', async () => {
    const page = await openForm();
    const second = { name: 'scan.JPG', mimeType: '', buffer: Buffer.alloc(3_000_000, 7) };
    await page.setInputFiles('#upload-file', [pdf, second]);
    await page.click('[data-upload-send]');
    await page.waitForURL('**/done');
    const [announced, first, , next] = gallery.received;
    expect(announced).toMatchObject({ method: 'POST', path: '/api/documents' });
    expect(JSON.parse(announced?.text ?? '')).toEqual({
      title: '指導要録',
      kind: 'cumulativeRecord',
      mediaType: 'application/pdf',
    });
    expect(first).toMatchObject({ method: 'PUT', path: '/api/documents/d1/content', bytes: pdf.buffer.length });
    const digest = createHash('sha256').update(pdf.buffer).digest('base64');
    expect(first?.headers['repr-digest']).toBe(`sha-256=:${digest}:`);
    expect(next).toMatchObject({ method: 'PUT', path: '/api/documents/d3/content', bytes: 3_000_000 });
    expect(next?.headers['content-type']).toBe('image/jpeg');
    await page.close();
  });

  it('shows the refusal in the words of the server, takes the document back and stays', async () => {
    const page = await openForm();
    await page.setInputFiles('#upload-file', [refused]);
    await page.click('[data-upload-send]');
    await page.waitForSelector('.upload-failed');
    expect(await page.textContent('.upload-failed')).toContain('大きさが違います 選び直してください。');
    expect(await page.textContent('[data-upload-news]')).toBe('送信できなかったファイルがあります。');
    await expect.poll(() => gallery.received.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/documents/d1' });
    expect(await describeViolations(page)).toBe('');
    await page.click('.upload-tools button');
    expect(await page.isVisible('[data-upload-list]')).toBe(false);
    await page.close();
  });

  it('offers to send again after the connection was lost, and then succeeds', async () => {
    const page = await openForm('en');
    await page.route('**/content', (route) => route.abort('connectionreset'));
    await page.setInputFiles('#upload-file', [pdf]);
    await page.click('[data-upload-send]');
    await page.waitForSelector('.upload-failed');
    expect(await page.textContent('.upload-failed')).toContain('The connection was lost.');
    await page.unroute('**/content');
    await page.getByRole('button', { name: 'Send again: 指導要録.pdf' }).click();
    await page.waitForURL('**/done');
    await page.close();
  });

  it('takes files that are dropped', async () => {
    const page = await openForm();
    const dropped = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['%PDF-1.7'], 'dropped.pdf', { type: 'application/pdf' }));
      return transfer;
    })()`);
    await page.dispatchEvent('[data-drop]', 'drop', { dataTransfer: dropped });
    expect(await page.textContent('.upload-name')).toContain('dropped.pdf');
    await page.close();
  });

  it('is an ordinary form without script', async () => {
    const context = await chromium.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${gallery.origin}/dev/gallery/send`);
    await page.setInputFiles('#upload-file', [pdf]);
    await page.click('[data-upload-send]');
    expect(JSON.parse((await page.textContent('body')) ?? '')).toEqual(['kind', 'file']);
    await context.close();
  });

  it('tells the limit before anything is sent, and refuses a larger file in the browser', async () => {
    const page = await chromium.browser.newPage();
    // The page as the server sends it, but for a limit that a test can exceed.
    await page.route('**/dev/gallery/send**', async (route) => {
      const response = await route.fetch();
      const html = (await response.text()).replace(/data-upload-max="\d+"/, 'data-upload-max="10"');
      await route.fulfill({ response, body: html });
    });
    await page.goto(`${gallery.origin}/dev/gallery/send?lang=ja`);
    expect(await page.textContent('#upload-limit')).toBe('1 ファイル 200 MB まで。PDF, JSON, PNG, JPEG');
    await page.setInputFiles('#upload-file', [pdf]);
    expect(await page.textContent('.upload-failed')).toContain('200 MB までのファイルを選んでください');
    await page.click('[data-upload-send]');
    expect(gallery.received).toEqual([]);
    await page.close();
  });
});

describe('small helps', () => {
  it('puts the reader at the error summary, whose links lead into the fields', async () => {
    const page = await openForm();
    expect(await page.evaluate('document.activeElement.className')).toContain('banner-danger');
    await page.click('.error-links a >> nth=1');
    expect(await page.evaluate('document.activeElement.name')).toBe('kind');
    await page.close();
  });

  it('copies a code and says so', async () => {
    const context = await chromium.browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    await page.goto(`${gallery.origin}/dev/gallery/case?lang=ja`);
    await page.click('[data-copy]');
    await page.waitForSelector('text=コピーしました');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('K7QM-3D2F-9XPA');
    await context.close();
  });

  it('reaches everything by keyboard, the content first', async () => {
    const page = await chromium.browser.newPage();
    await page.goto(`${gallery.origin}/dev/gallery/inbox`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.close();
  });

  it('sends a form once however often it is clicked', async () => {
    const page = await chromium.browser.newPage();
    await page.goto(`${gallery.origin}/dev/gallery/case`);
    let sent = 0;
    await page.route('**/api/slow', async (route) => {
      sent += 1;
      await route.fulfill({ status: 204 });
    });
    await page.evaluate(`document.querySelector('.confirm-danger form').action = '/api/slow'`);
    await page.dblclick('.confirm-danger button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.busy:not(:empty)');
    expect(sent).toBe(1);
    await page.close();
  });
});
