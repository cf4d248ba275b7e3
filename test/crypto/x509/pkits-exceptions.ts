/**
 * PKITS cases whose answer differs from the list, each with its reason. All of them are refusals: a case that must be refused and is
 * accepted may never stand here.
 */
const DSA = 'DSA is refused everywhere (docs/path-validation.md §2)';
const INDIRECT =
  'indirect CRLs prove nothing (docs/path-validation.md §5): no issuer of ours uses them; the answer is "unknown", which refuses';
const DELTA =
  'delta CRLs prove nothing (docs/path-validation.md §5), nor does the silence of a list that has deltas; the answer is "unknown"';

export const PKITS_EXCEPTIONS: Readonly<Record<string, string>> = {
  '4.1.4': DSA,
  '4.1.5': DSA,
  '4.14.22': INDIRECT,
  '4.14.23': INDIRECT,
  '4.14.24': INDIRECT,
  '4.14.25': INDIRECT,
  '4.14.28': INDIRECT,
  '4.14.29': INDIRECT,
  '4.14.30': INDIRECT,
  '4.14.31': INDIRECT,
  '4.14.32': INDIRECT,
  '4.14.33': INDIRECT,
  '4.14.34': INDIRECT,
  '4.15.2': DELTA,
  '4.15.4': DELTA,
  '4.15.5': DELTA,
  '4.15.6': DELTA,
  '4.15.7': DELTA,
  '4.15.8': DELTA,
};
