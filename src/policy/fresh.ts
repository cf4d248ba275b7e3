import type { Actor } from './actor.ts';

/** How long a log-in counts as just done: longer than an act takes, shorter than a walk to the printer and back. */
const freshMinutes = 10;

/** Has the actor proved who they are just now? A machine does so at every token, which lives for five minutes. */
export function isFresh(actor: Actor, now: Date): boolean {
  switch (actor.kind) {
    case 'staff':
    case 'person':
      return now.getTime() - actor.authenticatedAt.getTime() <= freshMinutes * 60_000;
    case 'machine':
      return true;
    case 'unboundStaff':
    case 'anonymous':
      return false;
  }
}
