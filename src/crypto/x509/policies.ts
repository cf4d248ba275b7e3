import type { X509Certificate } from './certificate.ts';
import { isSelfIssued } from './profile.ts';

export const ANY_POLICY = '2.5.29.32.0';

/** RFC 5280 §6.1.1 (c)–(f). */
export interface PolicyInputs {
  /** user-initial-policy-set; any-policy means that every policy is welcome. */
  readonly acceptable: readonly string[];
  readonly explicit: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

export interface PolicyOutcome {
  readonly acceptable: boolean;
  /** The user-constrained policy set, sorted; it may hold any-policy. */
  readonly policies: readonly string[];
}

/** RFC 9618: nodes of one level by policy; several parents make it a graph, so its size stays linear in the path. */
interface PolicyNode {
  readonly policy: string;
  expected: ReadonlySet<string>;
  parents: PolicyNode[];
}

type Level = Map<string, PolicyNode>;

interface PolicyState {
  readonly levels: Level[];
  alive: boolean;
  explicit: number;
  mapping: number;
  any: number;
}

/**
 * The whole policy processing of RFC 5280 §6.1 in the form of RFC 9618.
 *
 * @param path from the anchor's side to the leaf, without the anchor
 */
export function processPolicies(path: readonly X509Certificate[], inputs: PolicyInputs): PolicyOutcome {
  const never = path.length + 1;
  const root: PolicyNode = { policy: ANY_POLICY, expected: new Set([ANY_POLICY]), parents: [] };
  const state: PolicyState = {
    levels: [new Map([[ANY_POLICY, root]])],
    alive: true,
    explicit: inputs.explicit ? 0 : never,
    mapping: inputs.inhibitMapping ? 0 : never,
    any: inputs.inhibitAny ? 0 : never,
  };
  for (const [index, certificate] of path.entries()) {
    const isLast = index === path.length - 1;
    grow(state, certificate, isLast);
    // RFC 5280 §6.1.3 (f)
    if (state.explicit === 0 && !state.alive) return { acceptable: false, policies: [] };
    if (!isLast) prepareNext(state, certificate);
  }
  return wrapUp(state, path.at(-1), inputs.acceptable);
}

/** RFC 9618 §5.3 replacing RFC 5280 §6.1.3 (d), (e). */
function grow(state: PolicyState, certificate: X509Certificate, isLast: boolean): void {
  const above = state.levels.at(-1);
  const policies = certificate.extensions.policies?.oids;
  if (policies === undefined) state.alive = false;
  if (!state.alive || policies === undefined || above === undefined) return;
  const expecting = expectations(above);
  const level: Level = new Map();
  const anyAbove = above.get(ANY_POLICY);
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue;
    const parents = expecting.get(policy) ?? (anyAbove === undefined ? [] : [anyAbove]);
    if (parents.length > 0) level.set(policy, newNode(policy, parents));
  }
  const anyCounts = state.any > 0 || (!isLast && isSelfIssued(certificate));
  if (policies.includes(ANY_POLICY) && anyCounts) {
    for (const [policy, parents] of expecting) {
      if (!level.has(policy)) level.set(policy, newNode(policy, parents));
    }
  }
  state.levels.push(level);
  prune(state);
}

/** RFC 9618 §5.4 replacing RFC 5280 §6.1.4 (b); then (h), (i), (j). */
function prepareNext(state: PolicyState, certificate: X509Certificate): void {
  const { policyConstraints, inhibitAnyPolicy } = certificate.extensions;
  if (state.alive) applyMappings(state, certificate);
  if (!isSelfIssued(certificate)) {
    state.explicit = Math.max(0, state.explicit - 1);
    state.mapping = Math.max(0, state.mapping - 1);
    state.any = Math.max(0, state.any - 1);
  }
  state.explicit = Math.min(state.explicit, policyConstraints?.requireExplicitPolicy ?? state.explicit);
  state.mapping = Math.min(state.mapping, policyConstraints?.inhibitPolicyMapping ?? state.mapping);
  state.any = Math.min(state.any, inhibitAnyPolicy?.skip ?? state.any);
}

function applyMappings(state: PolicyState, certificate: X509Certificate): void {
  const level = state.levels.at(-1);
  const mappings = certificate.extensions.policyMappings?.mappings ?? [];
  if (level === undefined || mappings.length === 0) return;
  const byIssuer = Map.groupBy(mappings, ({ issuerPolicy }) => issuerPolicy);
  // The any-policy node of this level as it was: mapping adds siblings of it, never children.
  const anyParents = level.get(ANY_POLICY)?.parents ?? [];
  for (const [policy, mapped] of byIssuer) {
    const node = level.get(policy);
    if (state.mapping === 0) {
      level.delete(policy);
      continue;
    }
    const expected = new Set(mapped.map(({ subjectPolicy }) => subjectPolicy));
    if (node !== undefined) node.expected = expected;
    else if (anyParents.length > 0) level.set(policy, { policy, expected, parents: anyParents });
  }
  prune(state);
}

/** RFC 9618 §5.5 replacing RFC 5280 §6.1.5 (g); before it (a), (b). */
function wrapUp(state: PolicyState, leaf: X509Certificate | undefined, acceptable: readonly string[]): PolicyOutcome {
  const explicitHere = leaf?.extensions.policyConstraints?.requireExplicitPolicy === 0;
  const explicit = explicitHere ? 0 : Math.max(0, state.explicit - 1);
  const policies = userConstrained(authorityConstrained(state), acceptable);
  return { acceptable: explicit > 0 || policies.length > 0, policies };
}

/** Policies in the words of the anchor: nodes directly under any-policy, and any-policy itself when the leaf still has it. */
function authorityConstrained(state: PolicyState): Set<string> {
  const found = new Set<string>();
  if (!state.alive) return found;
  for (const level of state.levels.slice(1)) {
    for (const { policy, parents } of level.values()) {
      const isDomain = policy !== ANY_POLICY && parents.some((parent) => parent.policy === ANY_POLICY);
      if (isDomain) found.add(policy);
    }
  }
  if (state.levels.at(-1)?.has(ANY_POLICY)) found.add(ANY_POLICY);
  return found;
}

function userConstrained(authority: ReadonlySet<string>, acceptable: readonly string[]): string[] {
  if (acceptable.includes(ANY_POLICY)) return [...authority].sort();
  const wanted = acceptable.filter((policy) => authority.has(policy) || authority.has(ANY_POLICY));
  return [...new Set(wanted)].sort();
}

function expectations(level: Level): Map<string, PolicyNode[]> {
  const expecting = new Map<string, PolicyNode[]>();
  for (const node of level.values()) {
    for (const policy of node.expected) {
      const known = expecting.get(policy);
      if (known === undefined) expecting.set(policy, [node]);
      else known.push(node);
    }
  }
  return expecting;
}

function newNode(policy: string, parents: PolicyNode[]): PolicyNode {
  return { policy, expected: new Set([policy]), parents };
}

/** Drops every node without a descendant on the last level, from below; an empty level ends the graph. */
function prune(state: PolicyState): void {
  for (let depth = state.levels.length - 1; depth > 0; depth--) {
    const used = new Set([...(state.levels[depth]?.values() ?? [])].flatMap(({ parents }) => parents));
    const above = state.levels[depth - 1];
    for (const [policy, node] of above ?? []) if (!used.has(node)) above?.delete(policy);
  }
  state.alive = state.levels.every((level) => level.size > 0);
}
