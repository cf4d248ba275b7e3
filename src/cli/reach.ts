import { notChecked } from './cli-error.ts';

/** Runs a request; a gateway that cannot be reached is "could not check", never "refused". */
export async function reach<T>(request: () => Promise<T>, origin: string): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    // fetch has this one error for everything below HTTP.
    if (cause instanceof TypeError || isBroken(cause)) throw notChecked('gateway.unreachable', { origin });
    throw cause;
  }
}

function isBroken(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code.startsWith('UND_ERR') || /^E(CONN|PIPE|HOST|NET|TIMEDOUT)/.test(code);
}
