import { usageError } from './cli-error.ts';

/** The address of a case, or of something below it; what is no id goes nowhere. */
export function casePath(caseId: string | undefined, ...below: readonly string[]): string {
  if (caseId === undefined || !/^[0-9A-Za-z_-]{8,64}$/.test(caseId)) {
    throw usageError('usage.caseId', { id: caseId ?? '' });
  }
  return ['/api/cases', caseId, ...below.map(encodeURIComponent)].join('/');
}
