import type { ReaderLocale } from '../words.ts';

export function locale(): ReaderLocale {
  return document.documentElement.lang === 'en' ? 'en' : 'ja';
}

/** The buttons of `verify.html`, which holds both languages and begins with the browser's; `/verify` has none of them. */
export function onLanguage(changed: () => void): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>('[data-language]');
  if (buttons.length === 0) return;
  choose(navigator.language.startsWith('ja') ? 'ja' : 'en');
  for (const button of buttons) {
    button.addEventListener('click', () => {
      choose(button.dataset['language'] === 'en' ? 'en' : 'ja');
      changed();
    });
  }
}

function choose(language: ReaderLocale): void {
  document.documentElement.lang = language;
  for (const text of document.querySelectorAll<HTMLElement>('[data-in]')) text.hidden = text.dataset['in'] !== language;
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset['language'] === language));
  }
}
