/**
 * Does what a person does at the identity provider: follows the authorization request, chooses an account, and gives
 * back the address that the provider sends the browser to. For tests and `npm run demo`, where no browser is.
 */
export async function chooseAccount(authorizationUrl: URL, subject: string): Promise<URL> {
  const jar = new Map<string, string>();
  const started = await step(authorizationUrl, jar);
  const chosen = await step(started, jar, new URLSearchParams({ account: subject }));
  return step(chosen, jar);
}

async function step(url: URL, jar: Map<string, string>, form?: URLSearchParams): Promise<URL> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...(form && { method: 'POST', body: form }),
  });
  for (const cookie of response.headers.getSetCookie()) keepCookie(jar, cookie);
  const location = response.headers.get('location');
  if (location === null) throw new Error(`The identity provider answered ${response.status} without a redirect`);
  return new URL(location, url);
}

function keepCookie(jar: Map<string, string>, header: string): void {
  const [pair = ''] = header.split(';');
  const equals = pair.indexOf('=');
  jar.set(pair.slice(0, equals), pair.slice(equals + 1));
}
