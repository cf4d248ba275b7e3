/**
 * A form that was sent is not sent again by an impatient second click; the server would refuse it anyway, but the
 * refusal would hide the success. Coming back by the browser's history makes the form usable again.
 */
export function guardForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-busy]:not([data-upload])')) {
    form.addEventListener('submit', (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset['sent'] !== undefined) return event.preventDefault();
      form.dataset['sent'] = '';
      markBusy(form, event.submitter);
    });
  }
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}

/** After a refused form the reader, and the screen reader, begin at what is wrong. */
export function focusErrors(): void {
  document.querySelector<HTMLElement>('[data-focus]')?.focus();
}

function markBusy(form: HTMLFormElement, submitter: HTMLElement | null): void {
  // Not `disabled`: that would take the button's own name and value out of the request.
  submitter?.setAttribute('aria-disabled', 'true');
  const news = document.createElement('p');
  news.className = 'busy';
  news.setAttribute('role', 'status');
  form.append(news);
  // A form that saves a file stays on its page: it may be sent again after a while.
  setTimeout(() => {
    news.textContent = form.dataset['busy'] ?? '';
  }, 400);
  setTimeout(() => release(form, submitter, news), 15_000);
}

function release(form: HTMLFormElement, submitter: HTMLElement | null, news: HTMLElement): void {
  delete form.dataset['sent'];
  submitter?.removeAttribute('aria-disabled');
  news.remove();
}
