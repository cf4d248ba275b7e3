import type { Gateway } from '../../gateway.ts';
import { fetchStatusList } from '../../verification/fetch-status-list.ts';
import { publishStatusList } from './publish-status-list.ts';
import { listAddress } from './status-address.ts';

/**
 * The status list at this address: one of ours without asking the network for it, another's by https. A gateway on the line calls nobody on
 * its own machine, whatever a credential names.
 */
export async function findStatusList(gateway: Gateway, uri: string): Promise<string | null> {
  const { PUBLIC_ORIGIN: origin } = gateway.settings;
  const ours = listAddress(origin, '');
  if (uri.startsWith(ours)) {
    const published = await publishStatusList(gateway, uri.slice(ours.length));
    return published.ok ? published.value.token : null;
  }
  return uri.startsWith('https:') || origin.startsWith('http:') ? fetchStatusList(uri) : null;
}
