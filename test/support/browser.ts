import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import chromium from '@sparticuz/chromium';
import type { Page as BrowserPage, Frame } from 'playwright-core';
import { type Browser, chromium as playwright } from 'playwright-core';
import { expect } from 'vitest';

const require = createRequire(import.meta.url);

export interface TestBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Real Chromium with a Japanese font, on a machine that may have neither; works as root. */
export async function openBrowser(more: readonly string[] = []): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-browser-'));
  const fontsFile = join(folder, 'fonts.conf');
  await writeFile(fontsFile, fontsConfiguration(folder));
  chromium.setGraphicsMode = false;
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--font-render-hinting=none',
      '--lang=ja',
      ...more,
    ],
    env: { ...process.env, FONTCONFIG_FILE: fontsFile, FONTCONFIG_PATH: folder },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Runs axe in the page, or in a frame by itself, by the rules of WCAG 2.2 AA and best practice; evaluated from outside, so the CSP stays. */
async function findViolations(page: BrowserPage | Frame): Promise<readonly AxeViolation[]> {
  await page.evaluate(await axeSource());
  // The script above defines `axe`; this is the shape of its result (axe-core's documentation).
  return page.evaluate<readonly AxeViolation[]>(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
    iframes: false,
  }).then(({ violations }) => violations)`);
}

/** The violations as text, so that a failing test says what to mend: `expect(await describeViolations(page)).toBe('')`. */
export async function describeViolations(page: BrowserPage | Frame): Promise<string> {
  const found = await findViolations(page);
  // A frame belongs under the headings of the page that holds it.
  const isFrame = 'parentFrame' in page && page.parentFrame() !== null;
  const violations = found.filter(({ id }) => !isFrame || id !== 'page-has-heading-one');
  return violations
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `    ${html.slice(0, 300)}`).join('\n')}`)
    .join('\n');
}

/** How many pixels a page is wider than its window; 0 means nobody has to scroll sideways. */
export async function overflowPixels(page: BrowserPage): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/**
 * The page of a PDF is drawn again for the frame's width. Asked from outside again and again: `waitForFunction` asks a
 * second time by `eval` in the page, which the policy of the frame forbids.
 */
export async function waitUntilDrawn(frame: Frame): Promise<void> {
  await expect
    .poll(() => frame.evaluate<boolean>('document.querySelector("canvas").clientWidth <= innerWidth'), {
      timeout: 10_000,
    })
    .toBe(true);
}

async function axeSource(): Promise<string> {
  return readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
}

function fontsConfiguration(folder: string): string {
  const fonts = dirname(require.resolve('@expo-google-fonts/noto-sans-jp/package.json'));
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}/400Regular</dir>
  <dir>${fonts}/700Bold</dir>
  <dir>/usr/share/fonts</dir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>Noto Sans JP</family></prefer></alias>
  <cachedir>${folder}/cache</cachedir>
</fontconfig>
`;
}
