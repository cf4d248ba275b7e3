import { run } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/clock.ts';

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command in this process; everything it does is real. */
export async function hikitsugi(
  args: readonly string[],
  more: { now?: Date; locale?: 'ja' | 'en'; tell?: (line: string) => void; ended?: Promise<void> } = {},
): Promise<Ran> {
  const [out, error]: [string[], string[]] = [[], []];
  const { now } = more;
  const exit = await run(
    args,
    {
      environment: {},
      locale: more.locale ?? 'ja',
      tell: more.tell ?? (() => undefined),
      ended: () => more.ended ?? Promise.resolve(),
      clock: now === undefined ? systemClock : { now: () => now },
      progress: () => ({ add() {}, end() {} }),
    },
    { out: (text) => out.push(text), error: (text) => error.push(text) },
  );
  return { exit, out: out.join('\n'), error: error.join('\n') };
}
