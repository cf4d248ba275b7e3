import type { Gateway } from '../../gateway.ts';
import { type AnsweredState, parseState } from '../../verification/certificate-state.ts';
import { showState } from './show-state.ts';

/** How a certificate of this gateway stands, as whoever verifies would be answered over the network. */
export async function findAnsweredState(
  gateway: Pick<Gateway, 'database' | 'clock'>,
  code: string,
): Promise<AnsweredState> {
  const shown = await showState(gateway, code);
  return shown.ok ? parseState(shown.value) : 'unknown';
}
