import type { Clock } from './clock.ts';
import { fetchedCrls } from './crypto/x509/fetch-crls.ts';
import type { Resources } from './gateway.ts';

/** What wrangler.toml binds for certificates: static files, and where the lists of the authorities are. */
export interface PublicBindings {
  readonly ASSETS?: { fetch(address: string): Promise<Response> };
  /** Addresses, separated by white space. */
  readonly CRL_URLS?: string;
}

/** Where `npm run worker:check` puts the font of certificates. */
const fontPath = '/fonts/NotoSansJP_400Regular.ttf';

/** A binding that the operator has left out; the work that needs it is refused and tried again. */
class NotBound extends Error {
  override readonly name = 'NotBound';
}

/** The parts of `Resources` that a Worker gets from what is public: the font by its assets, lists by their addresses. */
export function publicResources(
  { ASSETS, CRL_URLS = '' }: PublicBindings,
  clock: Clock,
): Pick<Resources, 'readFont' | 'revocation' | 'revocationLists'> {
  const urls = CRL_URLS.split(/\s+/).filter((url) => url !== '');
  const { lists, source } = fetchedCrls(urls, { clock });
  return {
    revocation: source,
    revocationLists: lists,
    async readFont() {
      // The host is not looked at by the binding.
      const answer = await ASSETS?.fetch(`https://assets.invalid${fontPath}`);
      if (answer?.status !== 200) throw new NotBound('ASSETS');
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}
