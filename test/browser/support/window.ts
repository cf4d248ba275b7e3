import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { describeViolations, overflowPixels, waitUntilDrawn } from '../../support/browser.ts';
import { namesIn } from '../../support/names.ts';

export interface WindowOptions {
  readonly script?: boolean;
}

/** One person's browser, and what the tests do with it again and again. */
export interface Window {
  readonly page: Page;
  /** What the browser complained about: console errors, exceptions, breaches of the content security policy. */
  readonly complaints: readonly string[];
  go(path: string): Promise<void>;
  /** By the organisation's account, at the provider. */
  logIn(subject: string, next?: string): Promise<void>;
  press(button: string): Promise<void>;
  /** Tab, as somebody without a mouse, until the focus is on what is named so. */
  tabTo(name: RegExp): Promise<void>;
  /** Tab to it, press Enter, and be on the page it leads to, also when that has the same address. */
  enter(name: RegExp): Promise<void>;
  /** The id of what has the focus. */
  focused(): Promise<string>;
  /** The one heading of the page. */
  title(): Promise<string>;
  text(): Promise<string>;
  /** axe, width and console of the page as it stands, in both widths. */
  inspect(name: string): Promise<void>;
  /** The same for a page that can be asked for again, in both languages. */
  inspectBoth(name: string): Promise<void>;
  close(): Promise<void>;
}

/** The pictures of the documentation: made anew by `DOCUMENTATION_IMAGES=docs/images npx vitest run test/browser`. */
const imagesFolder = process.env['DOCUMENTATION_IMAGES'];
const images: Readonly<Record<string, string>> = {
  'start-ja-1280': 'start',
  'guide-ja-1280': 'demonstration',
  'case-draft-ja-1280': 'case-draft',
  'approval-ja-1280': 'approval',
  'preview-pdf-ja-1280': 'document',
  'case-opened-ja-1280': 'case-page',
  'case-opened-en-1280': 'case-page-en',
  'case-person-ja-1280': 'pupil',
  'case-arrived-ja-390': 'phone',
};

// Set by those who want to look at every page that the tests saw.
const pictures = process.env['BROWSER_PICTURES'];

const widths = [1280, 390];

export async function openWindow(browser: Browser, origin: string, options: WindowOptions): Promise<Window> {
  const context = await browser.newContext({
    locale: 'ja-JP',
    viewport: { width: 1280, height: 900 },
    javaScriptEnabled: options.script !== false,
    acceptDownloads: true,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A page that is refused by a form (422) is told to the console by the browser itself; that is no fault of the page.
    const expected = /status of (400|401|403|404|412|415|422|429)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !expected) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));

  async function inspect(name: string, axeWidths: readonly number[] = widths): Promise<void> {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await waitForDrawing(page);
      await takePicture(page, `${name}-${width}`);
      if (axeWidths.includes(width)) expect(await describeViolations(page), `${name} ${width}`).toBe('');
      expect(await overflowPixels(page), `${name} ${width}`).toBe(0);
    }
    expect(complaints, name).toEqual([]);
    // Tab, history and address stay behind on a shared computer.
    expect(namesIn(`${await page.title()} ${decodeURIComponent(page.url())}`), name).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  async function tabTo(name: RegExp): Promise<void> {
    for (let step = 0; step < 80; step++) {
      await page.keyboard.press('Tab');
      const text = await page.evaluate<string>('document.activeElement?.textContent?.trim() ?? ""');
      if (name.test(text)) return;
    }
    throw new Error(`nothing named ${name} is reached by Tab`);
  }

  return {
    page,
    complaints,
    go: async (path) => void (await page.goto(`${origin}${path}`)),
    async logIn(subject, next = '/') {
      await page.goto(`${origin}/login?next=${encodeURIComponent(next)}`);
      await page.locator('form[action^="/login/organisation/"] button').click();
      await page.locator(`button[name="account"][value="${subject}"]`).click();
      await page.waitForURL(`${origin}/**`);
    },
    press: (name) => page.getByRole('button', { name, exact: true }).click(),
    tabTo,
    async enter(name) {
      await tabTo(name);
      await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
      await page.waitForLoadState();
    },
    focused: () => page.evaluate<string>('document.activeElement?.id ?? ""'),
    title: async () => (await page.getByRole('heading', { level: 1 }).textContent()) ?? '',
    text: async () => (await page.locator('main').textContent()) ?? '',
    inspect: (name) => inspect(name),
    async inspectBoth(name) {
      const url = new URL(page.url());
      // axe takes longest: each language and each width once.
      for (const [lang, width] of [
        ['en', 390],
        ['ja', 1280],
      ] as const) {
        url.searchParams.set('lang', lang);
        await page.goto(url.href);
        expect(await page.locator('html').getAttribute('lang')).toBe(lang);
        await inspect(`${name}-${lang}`, [width]);
      }
    },
    close: () => context.close(),
  };
}

/** A PDF in the page is drawn again when the window gets another width. */
async function waitForDrawing(page: Page): Promise<void> {
  if ((await page.locator('.pdf').count()) === 0) return;
  await page.locator('.pdf-state:not(:empty)').waitFor();
  const frame = page.frames().find((one) => one.url().endsWith('/preview/frame'));
  // A frame below the fold is told of no new width, and gets no animation frames to look at it.
  await page.locator('.pdf-place').scrollIntoViewIfNeeded();
  if (frame !== undefined) await waitUntilDrawn(frame);
}

async function takePicture(page: Page, name: string): Promise<void> {
  const image = images[name];
  if (imagesFolder !== undefined && image !== undefined) await takeImage(page, join(imagesFolder, `${image}.png`));
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** The upper part, which is what one sees first. */
async function takeImage(page: Page, path: string): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 1280 };
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, 1200) } });
}
