import { z } from 'zod';
import { isPdf } from '../pdf.ts';
import { verificationText } from '../words.ts';
import { tokenIn } from './address-token.ts';
import { onCamera } from './camera.ts';
import { fetchFile, type Given, givenText, readFiles } from './given.ts';
import { rememberList } from './known-list.ts';
import { locale, onLanguage } from './language.ts';
import { gatherTrust } from './trust.ts';
import { basisText, findingView } from './view.ts';
import { type Answer, answerPage, openVerifier } from './worker.ts';

/**
 * Verifies files in the browser: nothing is uploaded. The same script stands in `verify.html`, which works from a disk without any
 * network; and it is its own worker.
 */

// The policy of the page forbids the code generation that the library would otherwise use.
z.config({ jitless: true });

if (typeof document === 'undefined') answerPage();
else {
  const form = document.querySelector<HTMLElement>('[data-verify]');
  if (form !== null) enhance(form, openVerifier(workerOf(form)));
}

/** Another instance of this very script: from where the page has it, or out of the page that holds it. */
function workerOf(form: HTMLElement): () => Worker {
  const address = form.dataset['worker'];
  if (address !== undefined) return () => new Worker(address);
  const own = document.currentScript?.textContent ?? '';
  let url: string | null = null;
  return () => {
    url ??= URL.createObjectURL(new Blob([own], { type: 'text/javascript' }));
    return new Worker(url);
  };
}

function enhance(form: HTMLElement, verifier: ReturnType<typeof openVerifier>): void {
  const origin = location.protocol.startsWith('http') ? location.origin : null;
  let trustFiles: readonly Given[] = [];
  let last: readonly Given[] = [];
  let shown: Answer | null = null;
  /** Counts what was chosen: a large file that is still being read does not come after the small one that was chosen later. */
  let turn = 0;

  /** Null when something else has been chosen meanwhile. */
  async function ask(all: readonly Given[], mine: number): Promise<Answer | null> {
    const trust = await gatherTrust(trustFiles);
    const answer = mine === turn ? await verifier({ all, trust, origin }) : null;
    const basis = answer?.basis ?? null;
    if (trust.bundle !== null && basis !== null && 'list' in basis) rememberList(trust.bundle.pin, basis.list);
    return answer;
  }

  async function verify(giving: Promise<readonly Given[]> | readonly Given[]): Promise<void> {
    const mine = ++turn;
    // What is shown of files before would be taken for theirs.
    document.querySelector('[data-verify-results]')?.replaceChildren();
    tell(verificationText(locale(), 'page.working'));
    const all = await giving;
    if (mine !== turn) return;
    last = all;
    const answer = await ask(all, mine);
    if (answer === null) return;
    shown = answer;
    show(shown);
    document.querySelector<HTMLElement>('[data-verify-results]')?.focus();
  }

  form.hidden = false;
  onFiles(form.querySelector('[data-verify-files]'), (files) => void verify(readFiles(files)));
  onFiles(form.querySelector('[data-verify-trust]'), async (files) => {
    trustFiles = await readFiles(files);
    // Whether a list that was chosen will do is said at once, not at the next file.
    if (last.length > 0) return verify(last);
    const answer = await ask([], ++turn);
    if (answer !== null) tell(basisText(answer.basis));
  });
  onDrop(form.querySelector('[data-drop]'), (files) => void verify(readFiles(files)));
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

function show({ findings, basis }: Answer): void {
  document.querySelector('[data-verify-results]')?.replaceChildren(...findings.map(findingView));
  for (const tools of document.querySelectorAll<HTMLElement>('[data-verify-tools]')) tools.hidden = false;
  const count = findings.filter((finding) => 'report' in finding).length;
  tell([verificationText(locale(), 'page.done', { count }), basisText(basis)].join(' '));
}

function onFiles(input: HTMLInputElement | null, use: (files: readonly File[]) => void): void {
  input?.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // So that choosing the same file again is a change.
    input.value = '';
    if (files.length > 0) use(files);
  });
}

function onDrop(zone: HTMLElement | null, use: (files: readonly File[]) => void): void {
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    zone?.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle('drop-over', name.startsWith('dragen') || name === 'dragover');
    });
  }
  zone?.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) use(files);
  });
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
