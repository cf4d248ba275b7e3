import { sizeText, type Texts } from './texts.ts';

type State = 'waiting' | 'sending' | 'done' | 'failed' | 'refused';

interface Handlers {
  readonly remove: () => void;
  readonly retry: () => void;
}

/** One chosen file and its line in the list: name, size, progress, what happened, and a way back. */
export class UploadItem {
  readonly file: File;
  readonly element = document.createElement('li');
  readonly cancelled = new AbortController();
  state: State = 'waiting';
  readonly #texts: Texts;
  readonly #text = part('span', 'upload-state');
  readonly #tools = part('div', 'upload-tools');
  readonly #bar = document.createElement('progress');
  readonly #handlers: Handlers;

  constructor(file: File, texts: Texts, handlers: Handlers) {
    this.file = file;
    this.#texts = texts;
    this.#handlers = handlers;
    const name = part('span', 'upload-name');
    const size = part('span', 'upload-size');
    size.textContent = sizeText(file.size);
    name.append(file.name, size);
    this.#bar.max = 100;
    this.#bar.value = 0;
    this.#bar.hidden = true;
    this.#bar.setAttribute('aria-label', file.name);
    this.element.append(name, this.#tools, this.#text, this.#bar);
    this.#show('waiting', texts('waiting'));
  }

  progress(percent: number, text: string): void {
    this.#bar.hidden = false;
    this.#bar.value = percent;
    if (this.state !== 'sending') this.#show('sending', text);
    this.#text.textContent = text;
  }

  done(): void {
    this.#bar.hidden = true;
    this.#show('done', `✓ ${this.#texts('done')}`);
  }

  /** Something that a second try may mend. */
  fail(reason: string): void {
    this.#bar.hidden = true;
    this.#show('failed', `✕ ${this.#texts('failed')} — ${reason}`);
  }

  /** Something that no second try mends, e.g. a file that is too large. */
  refuse(reason: string): void {
    this.#bar.hidden = true;
    this.#show('refused', `✕ ${reason}`);
  }

  #show(state: State, text: string): void {
    this.state = state;
    this.element.className = `upload-item upload-${state === 'refused' ? 'failed' : state}`;
    this.#text.textContent = text;
    this.#tools.replaceChildren(...this.#buttons());
  }

  #buttons(): HTMLButtonElement[] {
    if (this.state === 'done') return [];
    const remove = this.#button('remove', () => {
      this.cancelled.abort();
      this.element.remove();
      this.#handlers.remove();
    });
    if (this.state !== 'failed') return [remove];
    const retry = this.#button('retry', () => {
      this.#show('waiting', this.#texts('waiting'));
      this.#handlers.retry();
    });
    return [retry, remove];
  }

  #button(name: 'remove' | 'retry', act: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-secondary button-small';
    button.textContent = this.#texts(name);
    button.setAttribute('aria-label', `${this.#texts(name)}: ${this.file.name}`);
    button.addEventListener('click', act);
    return button;
  }
}

function part(tag: 'span' | 'div', className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
