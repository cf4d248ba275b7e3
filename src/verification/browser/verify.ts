import { z } from 'zod';
import { isPdf } from '../pdf.ts';
import { verificationText } from '../words.ts';
import { tokenIn } from './address-token.ts';
import { onCamera } from './camera.ts';
import { type Finding, findAll } from './findings.ts';
import { fetchFile, type Given, givenText, readFiles } from './given.ts';
import { locale, onLanguage } from './language.ts';
import { type FoundTrust, findTrust } from './trust.ts';
import { basisText, findingView } from './view.ts';

/**
 * Verifies files on the page itself: nothing is uploaded. The same script stands in `verify.html`, which works from a disk
 * without any network.
 */

// The policy of the page forbids the code generation that the library would otherwise use.
z.config({ jitless: true });

const form = document.querySelector<HTMLElement>('[data-verify]');
if (form !== null) enhance(form);

interface Shown {
  readonly findings: readonly Finding[];
  readonly trust: FoundTrust;
}

function enhance(form: HTMLElement): void {
  let trustFiles: readonly Given[] = [];
  let last: readonly Given[] = [];
  let shown: Shown | null = null;

  async function verify(all: readonly Given[]): Promise<void> {
    if (all.length === 0) return;
    last = all;
    tell(verificationText(locale(), 'page.working'));
    const trust = await findTrust(trustFiles);
    shown = { findings: await findAll(all, trust), trust };
    show(shown);
    document.querySelector<HTMLElement>('[data-verify-results]')?.focus();
  }

  form.hidden = false;
  onFiles(form.querySelector('[data-verify-files]'), (files) => void readFiles(files).then(verify));
  onFiles(form.querySelector('[data-verify-trust]'), async (files) => {
    trustFiles = await readFiles(files);
    await tellTrust(trustFiles);
    await verify(last);
  });
  onDrop(form.querySelector('[data-drop]'), (files) => void readFiles(files).then(verify));
  onFetch((files) => void verify(files));
  onText(form, (text) => void verify([givenText(verificationText(locale(), 'page.pasted'), text)]));
  onLanguage(() => shown !== null && show(shown));
  // A code that is read after a PDF is looked at together with it.
  const fromCode = (text: string) =>
    void verify([...last.filter(isPaper), givenText(verificationText(locale(), 'page.from-address'), text)]);
  onCamera({
    read: (text) => {
      const token = tokenIn(text);
      if (token === null) tell(verificationText(locale(), 'page.other-code', { text: text.slice(0, 200) }));
      else fromCode(token);
    },
    refused: () => tell(verificationText(locale(), 'page.no-camera')),
  });
  onAddress(fromCode);
  const printing = document.querySelector<HTMLElement>('[data-verify-print]');
  printing?.addEventListener('click', () => print());
  printing?.removeAttribute('hidden');
}

function isPaper({ content }: Given): boolean {
  return typeof content !== 'string' && isPdf(content);
}

function show({ findings, trust }: Shown): void {
  document.querySelector('[data-verify-results]')?.replaceChildren(...findings.map(findingView));
  for (const tools of document.querySelectorAll<HTMLElement>('[data-verify-tools]')) tools.hidden = false;
  const count = findings.filter((finding) => 'report' in finding).length;
  tell([verificationText(locale(), 'page.done', { count }), basisText(trust)].join(' '));
}

/** Whether a list that was chosen will do is said at once, not at the next file. */
async function tellTrust(chosen: readonly Given[]): Promise<void> {
  tell(basisText(await findTrust(chosen)));
}

function onFiles(input: HTMLInputElement | null, use: (files: readonly File[]) => void): void {
  input?.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // So that choosing the same file again is a change.
    input.value = '';
    use(files);
  });
}

function onDrop(zone: HTMLElement | null, use: (files: readonly File[]) => void): void {
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    zone?.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle('drop-over', name.startsWith('dragen') || name === 'dragover');
    });
  }
  zone?.addEventListener('drop', (event) => use([...(event.dataTransfer?.files ?? [])]));
}

/** Files that the page itself is about: they come from the gateway that it comes from, and go nowhere. */
function onFetch(use: (files: readonly Given[]) => void): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-verify-fetch]')) {
    button.hidden = false;
    const addresses = button.dataset['verifyFetch']?.split(' ') ?? [];
    button.addEventListener('click', () => void Promise.all(addresses.map(fetchFile)).then(use));
  }
}

function onText(form: HTMLElement, use: (text: string) => void): void {
  const pasted = form.querySelector('textarea');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (pasted !== null && pasted.value.trim() !== '') use(pasted.value);
    else pasted?.focus();
  });
}

/**
 * A credential behind the `#` of the address, as a QR code on paper has it: browsers send that part to nobody. It is taken out of the
 * address at once, so that it stays in no history.
 */
function onAddress(use: (text: string) => void): void {
  const token = tokenIn(location.hash);
  if (token === null) return;
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  use(token);
}

function tell(text: string): void {
  const news = document.querySelector('[data-verify-news]');
  if (news !== null) news.textContent = text;
}
