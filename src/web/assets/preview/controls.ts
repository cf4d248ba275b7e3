import { type Wish, wishes } from './messages.ts';

export interface Shown {
  /** Which page of how many, in words. */
  readonly place: string;
  readonly percent: string;
  /** Whether everything on the page could be drawn. */
  readonly complete: boolean;
  readonly may: Readonly<Record<Wish, boolean>>;
}

export interface Controls {
  /** Where the frame goes. */
  readonly place: HTMLElement;
  begin(text: string): void;
  show(shown: Shown): void;
  fail(text: string): void;
  scrollToTop(): void;
}

const keys: Readonly<Record<string, Wish>> = {
  ArrowLeft: 'previous',
  PageUp: 'previous',
  ArrowRight: 'next',
  PageDown: 'next',
  '-': 'smaller',
  '+': 'bigger',
};

/** The bar over the drawn page: it stands in the page hidden and is shown when there is something to control. */
export function connectControls(root: HTMLElement, ask: (wish: Wish) => void): Controls {
  const part = (name: string) => findPart(root, name);
  const [bar, state, percent, place] = [part('bar'), part('state'), part('percent'), part('place')];
  const buttons = wishes.map((wish) => ({ wish, button: part(wish) }));
  for (const { wish, button } of buttons) {
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') ask(wish);
    });
  }
  // Only while the focus is on the bar (WCAG 2.1.4); inside the frame the frame listens.
  bar.addEventListener('keydown', (event) => {
    const wish = keys[event.key];
    if (wish === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    ask(wish);
  });
  return {
    place,
    begin(text) {
      part('fallback').hidden = true;
      part('loading').textContent = text;
      part('loading').hidden = false;
    },
    show(shown) {
      part('loading').hidden = true;
      bar.hidden = false;
      state.textContent = shown.place;
      percent.textContent = shown.percent;
      part('incomplete').hidden = shown.complete;
      for (const { wish, button } of buttons) button.setAttribute('aria-disabled', String(!shown.may[wish]));
    },
    fail(text) {
      bar.hidden = true;
      part('loading').hidden = true;
      part('incomplete').hidden = true;
      place.hidden = true;
      place.replaceChildren();
      part('reason').textContent = text;
      part('fallback').hidden = false;
    },
    scrollToTop() {
      if (root.getBoundingClientRect().top < 0) root.scrollIntoView();
    },
  };
}

function findPart(root: HTMLElement, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-pdf-part="${name}"]`);
  if (found === null) throw new Error(`the preview has no ${name}`);
  return found;
}
