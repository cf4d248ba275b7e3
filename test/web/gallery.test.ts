import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeViolations, openBrowser, overflowPixels, type TestBrowser } from '../support/browser.ts';
import { type Gallery, galleryPages, openGallery } from './gallery/server.tsx';

let chromium: TestBrowser;
let gallery: Gallery;
// Set by those who want to look at the pages.
const pictures = process.env['GALLERY_PICTURES'];

beforeAll(async () => {
  [chromium, gallery] = await Promise.all([openBrowser(), openGallery()]);
  if (pictures !== undefined) await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await chromium.close();
  await gallery.close();
});

const cases = Object.keys(galleryPages).flatMap((name) =>
  (['ja', 'en'] as const).flatMap((locale) => [1280, 390].map((width) => ({ name, locale, width }))),
);

describe('every component, on pages like the real ones', () => {
  it.each(cases)(
    '$name in $locale at $width px: axe finds nothing, nothing overflows, nothing breaks the CSP',
    async (one) => {
      const page = await chromium.browser.newPage({ viewport: { width: one.width, height: 900 } });
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`${gallery.origin}/dev/gallery/${one.name}?lang=${one.locale}`);
      if (pictures !== undefined) {
        await page.screenshot({ path: `${pictures}/${one.name}-${one.locale}-${one.width}.png`, fullPage: true });
      }
      expect(await describeViolations(page)).toBe('');
      expect(await overflowPixels(page)).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});
