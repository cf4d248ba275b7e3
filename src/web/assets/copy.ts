/** `data-copy="<id>"` copies the text of that element, and says so in the button for a moment. */
export function enableCopy(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => void copy(button));
  }
}

export function enablePrint(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset['copy'] ?? '');
  const label = button.querySelector('span');
  if (source === null || label === null) return;
  await navigator.clipboard.writeText(source.textContent.trim());
  const before = label.textContent;
  label.setAttribute('role', 'status');
  label.textContent = button.dataset['copied'] ?? before;
  setTimeout(() => {
    label.textContent = before;
  }, 2_000);
}
