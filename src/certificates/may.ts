import { staffFor } from '../administration/manager.ts';
import type { StaffActor } from '../policy/actor.ts';
import type { Result } from '../result.ts';
import type { VerbContext } from '../transfers/act.ts';

/** For what only prepares an entry and touches nothing of the school's. */
export function mayKeepRegister(context: VerbContext): Result<StaffActor> {
  return staffFor(context, 'certificate.register');
}
