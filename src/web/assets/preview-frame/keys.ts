import type { Wish } from '../preview/messages.ts';

/** Keys that are pressed on the drawn page: they scroll while there is something to scroll, then they turn pages. */
export function listenToKeys(ask: (wish: Wish) => void): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const wish = wishOf(event.key, document.documentElement);
    if (wish === null) return;
    event.preventDefault();
    ask(wish);
  });
}

function wishOf(key: string, view: HTMLElement): Wish | null {
  const atTop = view.scrollTop <= 0;
  const atBottom = view.scrollTop + view.clientHeight >= view.scrollHeight - 1;
  const isNarrow = view.scrollWidth <= view.clientWidth;
  if (key === '+') return 'bigger';
  if (key === '-') return 'smaller';
  if ((key === 'PageDown' && atBottom) || (key === 'ArrowRight' && isNarrow)) return 'next';
  if ((key === 'PageUp' && atTop) || (key === 'ArrowLeft' && isNarrow)) return 'previous';
  return null;
}
