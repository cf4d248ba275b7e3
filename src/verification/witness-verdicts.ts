import { cosigners } from '../audit/witness-policy.ts';
import { type Verdict, verdict } from './report.ts';
import type { TrustMaterial } from './trust-material.ts';

/**
 * Whether enough witnesses have seen a checkpoint; not asked without a policy. One operator alone could show two logs.
 *
 * @param checkpoint - the signed note, with every line on it
 */
export async function witnessVerdicts(
  checkpoint: string,
  { witnessPolicy }: Pick<TrustMaterial, 'witnessPolicy'>,
): Promise<readonly Verdict[]> {
  if (witnessPolicy === undefined) return [];
  const { witnesses, least } = witnessPolicy;
  const by = await cosigners(checkpoint, witnessPolicy);
  const names = by.map(({ name }) => name).join(', ');
  const about = `${by.length} / ${witnesses.length} (≥ ${least})${names === '' ? '' : `: ${names}`}`;
  return witnessPolicy.isQuorum(by)
    ? [verdict('witnesses', 'valid', { about })]
    : [verdict('witnesses', 'invalid', { about, reasons: ['quorum.missing'] })];
}
