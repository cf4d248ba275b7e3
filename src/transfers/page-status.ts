import { type Fault, publicFault } from '../faults.ts';

/** The status of a page that shows itself again with what went wrong: turned away is told apart from mistyped. */
export function pageStatus(reason: Fault | null): 200 | 403 | 404 | 422 {
  if (reason === null) return 200;
  const { status } = publicFault(reason.code);
  return status === 403 || status === 404 ? status : 422;
}
