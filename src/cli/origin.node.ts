import { askGateway } from '../verification/ask-gateway.ts';
import { noPaper, type PaperCompanions } from '../verification/paper.ts';
import { usageError } from './cli-error.ts';
import { profilePath, readProfile } from './profile.node.ts';

/** HTTPS, or this very machine: what is asked and answered must not cross a line in the clear. */
export function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1' || url?.hostname === '[::1]';
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))) {
    throw usageError('usage.origin', { origin: text });
  }
  return url.origin;
}

export const originOptions = { origin: { type: 'string' } } as const;

/**
 * The gateway that `verify --fetch-status` may ask about papers: the one that was named, else that of the profile. Null where nobody is
 * to be asked. What a paper says of itself chooses nobody: a forger's gateway would find all of his papers valid.
 */
export async function originToAsk(
  values: {
    readonly origin?: string | undefined;
    readonly profile?: string | undefined;
    readonly 'fetch-status'?: boolean | undefined;
  },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  if (values['fetch-status'] !== true) {
    if (values.origin !== undefined) throw usageError('usage.originAlone');
    return null;
  }
  if (values.origin !== undefined) return parseOrigin(values.origin);
  if (values.profile !== undefined) return (await readProfile(profilePath(values.profile, environment))).origin;
  const usual = await readProfile(profilePath(undefined, environment)).catch(() => null);
  return usual?.origin ?? null;
}

export function askingOf(origin: string | null): Pick<PaperCompanions, 'fetchSeal' | 'askState'> {
  return origin === null ? { fetchSeal: noPaper.fetchSeal, askState: noPaper.askState } : askGateway(origin);
}
