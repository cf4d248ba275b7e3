import { ok, type Result, refuse } from '../result.ts';
import { toHex } from './bytes.ts';
import { keyTypes, parseNote, parseVerifierKey, type VerifierKey, verifyNote } from './note.ts';

/** Who has to have seen a checkpoint before it counts (C2SP tlog-policy). */
export interface WitnessPolicy {
  readonly logs: readonly KnownParty[];
  readonly witnesses: readonly (KnownParty & { readonly name: string })[];
  /** Whether these witnesses are enough. */
  readonly isQuorum: (cosignedBy: readonly VerifierKey[]) => boolean;
  /** How many are enough where it is the right ones. */
  readonly least: number;
  /** The same policy as text without comments and addresses: what can be published, and compared. */
  readonly rules: string;
}

interface KnownParty {
  readonly key: VerifierKey;
  /** Of a witness its submission prefix, without a trailing slash. */
  readonly url: string | null;
}

/** The line, counted from 1, and what is wrong with it; line 0 is the file as a whole. */
export interface PolicyFault {
  readonly line: number;
  readonly reason:
    | 'too-large'
    | 'character'
    | 'unknown-word'
    | 'wrong-number'
    | 'key'
    | 'duplicate-key'
    | 'name'
    | 'unknown-name'
    | 'member-twice'
    | 'threshold'
    | 'quorum-twice'
    | 'quorum-missing'
    /** Of a log that is to be cosigned: the witnesses with an address are too few. */
    | 'unreachable';
}

/** For whoever asks the witnesses: a policy whose quorum nobody can reach would stop the log, and is refused at the start. */
export function reachablePolicy(text: string): Result<WitnessPolicy, PolicyFault> {
  const policy = parsePolicy(text);
  if (!policy.ok) return policy;
  const reachable = policy.value.witnesses.filter(({ url }) => url !== null && isReachable(url));
  const isEnough = policy.value.isQuorum(reachable.map(({ key }) => key));
  return isEnough ? policy : refuse({ line: 0, reason: 'unreachable' });
}

/** By HTTPS, or on this machine. */
function isReachable(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname));
}

/** Those of the policy who have cosigned this checkpoint; nobody where one of their lines is wrong. */
export async function cosigners(note: string, { witnesses }: WitnessPolicy): Promise<readonly VerifierKey[]> {
  const parsed = parseNote(note);
  if (!parsed.ok) return [];
  const verified = await verifyNote(
    parsed.value,
    witnesses.map(({ key }) => key),
  );
  return verified.ok ? verified.value : [];
}

const maxLength = 65_536;
const maxLines = 1000;

/** Reads a policy file; whatever is not understood is refused, since a rule that is overlooked is a rule less. */
export function parsePolicy(text: string): Result<WitnessPolicy, PolicyFault> {
  const lines = text.split('\n');
  if (text.length > maxLength || lines.length > maxLines) return refuse({ line: 0, reason: 'too-large' });
  const found: Reading = {
    logs: [],
    witnesses: [],
    rules: new Map(),
    members: new Set(),
    keys: new Set(),
    quorum: null,
    rulesRead: [],
  };
  for (const [at, line] of lines.entries()) {
    const reason = /[^\t\u0020-\u007e\u0080-\u{10ffff}]/u.test(line) ? 'character' : readLine(found, line);
    if (reason !== null) return refuse({ line: at + 1, reason });
  }
  const { logs, witnesses, quorum } = found;
  if (quorum === null) return refuse({ line: 0, reason: 'quorum-missing' });
  const isQuorum = (cosignedBy: readonly VerifierKey[]) => quorum.isMet(new Set(cosignedBy.map(keyOf)));
  return ok({ logs, witnesses, isQuorum, least: quorum.least, rules: `${found.rulesRead.join('\n')}\n` });
}

/** What a name asks for. */
interface Rule {
  /** Whether the witnesses, by their public keys, satisfy it. */
  readonly isMet: (cosigned: ReadonlySet<string>) => boolean;
  /** How few witnesses can. */
  readonly least: number;
}

interface Reading {
  readonly logs: KnownParty[];
  readonly witnesses: (KnownParty & { readonly name: string })[];
  readonly rules: Map<string, Rule>;
  /** Names that a group has already: each counts in one place. */
  readonly members: Set<string>;
  readonly keys: Set<string>;
  quorum: Rule | null;
  /** The lines read, without addresses. */
  readonly rulesRead: string[];
}

function readLine(found: Reading, line: string): PolicyFault['reason'] | null {
  const [word = '', ...rest] = line.split(/[ \t]+/).filter((item) => item !== '');
  if (word === '' || word.startsWith('#')) return null;
  found.rulesRead.push([word, ...withoutAddress(word, rest)].join(' '));
  switch (word) {
    case 'log':
      return readLog(found, rest);
    case 'witness':
      return readWitness(found, rest);
    case 'group':
      return readGroup(found, rest);
    case 'quorum':
      return readQuorum(found, rest);
    default:
      return 'unknown-word';
  }
}

function withoutAddress(word: string, rest: readonly string[]): readonly string[] {
  if (word === 'log') return rest.slice(0, 1);
  return word === 'witness' ? rest.slice(0, 2) : rest;
}

function readLog(found: Reading, [text = '', url, ...more]: readonly string[]): PolicyFault['reason'] | null {
  if (more.length > 0) return 'wrong-number';
  const key = parseVerifierKey(text, keyTypes.log);
  if (!key.ok) return 'key';
  if (!isNewKey(found, key.value)) return 'duplicate-key';
  found.logs.push({ key: key.value, url: url ?? null });
  return null;
}

function readWitness(
  found: Reading,
  [name = '', text = '', url, ...more]: readonly string[],
): PolicyFault['reason'] | null {
  if (more.length > 0) return 'wrong-number';
  if (!isNewName(found, name)) return 'name';
  const key = parseVerifierKey(text, keyTypes.witness);
  if (!key.ok) return 'key';
  if (!isNewKey(found, key.value)) return 'duplicate-key';
  const own = keyOf(key.value);
  found.rules.set(name, { isMet: (cosigned) => cosigned.has(own), least: 1 });
  found.witnesses.push({ name, key: key.value, url: url?.replace(/\/$/, '') ?? null });
  return null;
}

function readGroup(
  found: Reading,
  [name = '', threshold = '', ...members]: readonly string[],
): PolicyFault['reason'] | null {
  if (!isNewName(found, name)) return 'name';
  if (members.length === 0) return 'wrong-number';
  const rules: Rule[] = [];
  for (const member of members) {
    const rule = found.rules.get(member);
    if (rule === undefined) return 'unknown-name';
    if (found.members.has(member)) return 'member-twice';
    found.members.add(member);
    rules.push(rule);
  }
  const needed = thresholdOf(threshold, rules.length);
  if (needed === null) return 'threshold';
  found.rules.set(name, {
    isMet: (cosigned) => rules.filter(({ isMet }) => isMet(cosigned)).length >= needed,
    least: rules
      .map(({ least }) => least)
      .sort((one, other) => one - other)
      .slice(0, needed)
      .reduce((sum, least) => sum + least, 0),
  });
  return null;
}

function readQuorum(found: Reading, [name = '', ...more]: readonly string[]): PolicyFault['reason'] | null {
  if (more.length > 0 || name === '') return 'wrong-number';
  if (found.quorum !== null) return 'quorum-twice';
  const rule = name === noQuorum ? { isMet: () => true, least: 0 } : found.rules.get(name);
  if (rule === undefined) return 'unknown-name';
  found.quorum = rule;
  return null;
}

const noQuorum = 'none';

function thresholdOf(text: string, members: number): number | null {
  if (text === 'all') return members;
  if (text === 'any') return 1;
  const number = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= members ? number : null;
}

function isNewName({ rules }: Reading, name: string): boolean {
  return name !== '' && name !== noQuorum && !rules.has(name);
}

/** One public key under two names would be counted twice. */
function isNewKey({ keys }: Reading, key: VerifierKey): boolean {
  const isNew = !keys.has(keyOf(key));
  keys.add(keyOf(key));
  return isNew;
}

function keyOf({ publicKey }: VerifierKey): string {
  return toHex(publicKey);
}
