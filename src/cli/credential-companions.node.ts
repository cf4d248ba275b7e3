import type { HolderExpectation } from '../crypto/sd-jwt/holder.ts';
import type { CredentialCompanions } from '../verification/credential.ts';
import { statusListIn } from '../verification/examine.ts';
import { fetchStatusList } from '../verification/fetch-status-list.ts';
import { notChecked, usageError } from './cli-error.ts';

/** Options of `verify` that are about credentials alone. */
export const credentialOptions = {
  'status-list': { type: 'string', multiple: true },
  'fetch-status': { type: 'boolean' },
  audience: { type: 'string' },
  nonce: { type: 'string' },
  'shared-with': { type: 'string' },
} as const;

interface CredentialValues {
  readonly 'status-list'?: readonly string[] | undefined;
  readonly 'fetch-status'?: boolean | undefined;
  readonly audience?: string | undefined;
  readonly nonce?: string | undefined;
  readonly 'shared-with'?: string | undefined;
}

/** What goes with the credentials on the command line. Only `--fetch-status` asks anybody, and only for the list itself. */
export async function companionsOf(
  values: CredentialValues,
  read: (path: string) => Promise<Uint8Array>,
): Promise<CredentialCompanions> {
  const statusLists: string[] = [];
  for (const path of values['status-list'] ?? []) {
    const list = statusListIn(await read(path));
    if (list === null) throw notChecked('file.unknown', { path });
    statusLists.push(list);
  }
  return {
    statusLists,
    fetchStatusList: values['fetch-status'] === true ? fetchStatusList : null,
    holder: holderOf(values),
    sharedWith: values['shared-with'] ?? null,
  };
}

const maxAgeSeconds = 600;

function holderOf({ audience, nonce }: CredentialValues): HolderExpectation | null {
  if (audience === undefined && nonce === undefined) return null;
  if (audience === undefined || nonce === undefined) throw usageError('usage.holder');
  const unused = new Set([nonce]);
  return { audience, nonce, maxAgeSeconds, spendNonce: async (given) => unused.delete(given) };
}
