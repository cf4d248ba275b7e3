/** Makes a pair of keys for a school-affairs system: the private half is saved as a file, the public half fills the form. */
export function enableMakeKey(): void {
  for (const box of document.querySelectorAll<HTMLElement>('[data-make-key]')) {
    const field = document.querySelector<HTMLTextAreaElement>(`textarea[name="${box.dataset['makeKey'] ?? ''}"]`);
    const button = box.querySelector('button');
    if (field === null || button === null) continue;
    box.hidden = false;
    button.addEventListener('click', () => void makeKey(field, box));
  }
}

async function makeKey(field: HTMLTextAreaElement, box: HTMLElement): Promise<void> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const kid = crypto.randomUUID().slice(0, 8);
  const publicJwk = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' };
  save(`hikitsugi-${kid}.jwk.json`, `${JSON.stringify({ ...publicJwk, d }, null, 2)}\n`);
  field.value = JSON.stringify(publicJwk, null, 2);
  const news = box.querySelector('[role="status"]');
  if (news !== null) news.textContent = box.dataset['made'] ?? '';
}

function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
