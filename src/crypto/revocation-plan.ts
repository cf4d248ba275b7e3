import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { ok, type Result, refuse } from '../result.ts';
import { type OcspResponder, ocspSource } from './x509/ocsp-source.ts';
import type { TrustAnchor } from './x509/path.ts';
import { combineSources, noRevocationSource, type RevocationSource } from './x509/revocation.ts';

/**
 * How the status of certificates is found out, anchor by anchor (docs/operations.md, REVOCATION_FILE). An anchor that is not
 * named is asked for in the lists, and what could not be checked is refused.
 */
export type RevocationPlan = Readonly<Record<string, RevocationRule>>;

type RevocationRule = z.output<typeof rule>;

const rule = z.strictObject({
  sources: z.array(z.enum(['crl', 'ocsp'])).min(1),
  ocsp: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      nonce: z.enum(['send', 'omit']).default('send'),
      certIdHash: z.enum(['SHA-1', 'SHA-256']).default('SHA-256'),
    })
    .optional(),
  whenNotChecked: z.enum(['refuse', 'limit']).default('refuse'),
});
const schema = z.record(z.string(), rule);

/** Reads the operator's plan; the fault is the list of what is wrong in it. */
export function parseRevocationPlan(
  json: unknown,
  anchors: readonly TrustAnchor[],
): Result<RevocationPlan, readonly string[]> {
  const parsed = schema.safeParse(json);
  if (!parsed.success) return refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const names = new Set(anchors.map(({ name }) => name));
  const problems = Object.entries(parsed.data).flatMap(([name, { sources, ocsp }]) => [
    ...(names.has(name) ? [] : [`${name}: no anchor of the trust list has this name`]),
    ...(sources.includes('ocsp') === (ocsp !== undefined) ? [] : [`${name}: "ocsp" is both a source and an entry`]),
  ]);
  return problems.length === 0 ? ok(parsed.data) : refuse(problems);
}

/** The anchor, with what the plan says about certificates under it that nobody could check. */
export function plannedAnchor(anchor: TrustAnchor, plan: RevocationPlan): TrustAnchor {
  return { ...anchor, whenNotChecked: plan[anchor.name]?.whenNotChecked ?? 'refuse' };
}

/** One source that asks, for each anchor, whom the plan names. */
export function plannedSource(input: {
  readonly plan: RevocationPlan;
  readonly anchors: readonly TrustAnchor[];
  readonly lists: RevocationSource;
  readonly clock: Clock;
}): RevocationSource {
  const { plan, anchors, lists, clock } = input;
  const responders = ocspSource(respondersOf(plan, anchors), { clock });
  const all = { crl: lists, ocsp: responders } as const;
  const byAnchor = new Map(
    anchors.map(({ name, certificate }) => {
      const sources = plan[name]?.sources ?? ['crl'];
      return [certificate.sha256, combineSources(sources.map((source) => all[source]))];
    }),
  );
  return {
    check: (question) => (byAnchor.get(question.anchor.certificate.sha256) ?? noRevocationSource).check(question),
  };
}

function respondersOf(plan: RevocationPlan, anchors: readonly TrustAnchor[]): OcspResponder[] {
  return anchors.flatMap(({ name, certificate }) => {
    const ocsp = plan[name]?.ocsp;
    return ocsp === undefined ? [] : [{ anchor: certificate.sha256, ...ocsp }];
  });
}
