import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openLogKey, openWitnessKey } from '../../src/audit/log-key.ts';
import { formatVerifierKey, type VerifierKey } from '../../src/audit/note.ts';
import { parsePolicy, reachablePolicy } from '../../src/audit/witness-policy.ts';
import { systemClock } from '../../src/clock.ts';
import { statesOtherPolicy } from '../../src/trust-material.ts';

const seed = () => new Uint8Array(randomBytes(32));
const witness = async (name: string) => (await openWitnessKey(name, seed(), systemClock)).key;
const log = (await openLogKey('hikitsugi.example/log/2026', seed())).key;
const [a, b, c, d] = await Promise.all(['a.example', 'b.example', 'c.example', 'd.example'].map(witness));
const key = (of: VerifierKey | undefined) => formatVerifierKey(of ?? expect.fail('a key'));

function read(...lines: string[]) {
  return parsePolicy(`${lines.join('\n')}\n`);
}

const three = [`witness A ${key(a)} https://a.example/w/`, `witness B ${key(b)}`, `witness C ${key(c)}`];

describe('a witness policy (C2SP tlog-policy)', () => {
  it('asks for two of three, and counts nobody twice', () => {
    const policy = read('# two boards and an outsider', '', `log ${key(log)}`, ...three, 'group W 2 A B C', 'quorum W');
    if (!policy.ok) throw new Error(policy.fault.reason);
    const { isQuorum, witnesses, logs } = policy.value;
    expect(logs.map((one) => one.key.name)).toEqual(['hikitsugi.example/log/2026']);
    expect(witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['A', 'https://a.example/w'],
      ['B', null],
      ['C', null],
    ]);
    const by = (...keys: (VerifierKey | undefined)[]) => isQuorum(keys.filter((one) => one !== undefined));
    expect([by(), by(a), by(a, a), by(d, a)]).toEqual([false, false, false, false]);
    expect([by(a, c), by(a, b, c)]).toEqual([true, true]);
    expect(policy.value.least).toBe(2);
  });

  it('reads groups of groups, `any` and `all`, a single witness and none', () => {
    const fourth = `witness D ${key(d)}`;
    const nested = read(...three, fourth, 'group X any A B', 'group Y all C D', '\tgroup\tZ  all X Y', 'quorum Z');
    if (!nested.ok) throw new Error(nested.fault.reason);
    const by = (...keys: (VerifierKey | undefined)[]) => nested.value.isQuorum(keys.filter((one) => one !== undefined));
    expect([by(a, c), by(b, c, d), by(a, b, d)]).toEqual([false, true, false]);
    expect(nested.value.least).toBe(3);
    const none = read('quorum none');
    expect(none.ok && none.value.isQuorum([])).toBe(true);
    const single = read(...three, 'quorum B');
    expect(single.ok && [single.value.isQuorum([]), single.value.isQuorum([b ?? expect.fail()])]).toEqual([
      false,
      true,
    ]);
  });

  it('is the same text to whoever compares, without comments, blanks and addresses', () => {
    const one = read('# ours', '', `log ${key(log)} https://log.example`, ...three, 'group W  2 A\tB C', 'quorum W');
    const other = read(`log ${key(log)}`, `witness A ${key(a)}`, ...three.slice(1), 'group W 2 A B C', 'quorum W');
    const another = read(`log ${key(log)}`, ...three, 'group W 1 A B C', 'quorum W');
    const rules = (policy: typeof one) => (policy.ok ? policy.value.rules : policy.fault.reason);
    expect(rules(one)).toBe(rules(other));
    expect(rules(one)).not.toMatch(/#|https/);
    expect(rules(another)).not.toBe(rules(one));
    const own = one.ok ? one.value : null;
    expect([undefined, rules(other), rules(another), 'quorum'].map((text) => statesOtherPolicy(text, own))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect([undefined, rules(one)].map((text) => statesOtherPolicy(text, null))).toEqual([false, true]);
  });

  it.each([
    ['no quorum', three, 0, 'quorum-missing'],
    ['two quorums', [...three, 'quorum A', 'quorum B'], 5, 'quorum-twice'],
    ['a quorum of somebody unknown', [...three, 'quorum D'], 4, 'unknown-name'],
    ['a quorum before its group', ['quorum W', ...three], 1, 'unknown-name'],
    ['one public key under two names', [...three, `witness D ${key(a)}`], 4, 'duplicate-key'],
    ['the same log twice', [`log ${key(log)}`, `log ${key(log)}`], 2, 'duplicate-key'],
    ['a name twice', [...three, 'group A 1 B'], 4, 'name'],
    ['a group that is called none', [...three, 'group none 1 B'], 4, 'name'],
    ['one witness in two groups', [...three, 'group X 1 A B', 'group Y 1 B C'], 5, 'member-twice'],
    ['one witness twice in a group', [...three, 'group X 2 A A'], 4, 'member-twice'],
    ['a threshold above the members', [...three, 'group X 4 A B C'], 4, 'threshold'],
    ['a threshold of nothing', [...three, 'group X 0 A B C'], 4, 'threshold'],
    ['a group without members', [...three, 'group X 1'], 4, 'wrong-number'],
    ['a witness with the key of a log', [`witness A ${key(log)}`], 1, 'key'],
    ['a log with the key of a witness', [`log ${key(a)}`], 1, 'key'],
    ['a word that is none', ['witnesses A'], 1, 'unknown-word'],
    ['something behind the address', [`witness A ${key(a)} https://a.example more`], 1, 'wrong-number'],
    ['a control character', ['quorum none\r'], 1, 'character'],
    ['a thousand lines too many', Array.from({ length: 1001 }, () => ''), 0, 'too-large'],
  ])('is refused with its line: %s', (_case, lines, line, reason) => {
    expect(read(...lines)).toEqual({ ok: false, fault: { line, reason } });
  });

  it('of a log has to be reachable by HTTPS, or on this machine', () => {
    const reachable = (address: string) => reachablePolicy(`witness A ${key(a)} ${address}\nquorum A\n`).ok;
    expect(['https://a.example', 'http://127.0.0.1:1', 'http://localhost:1'].map(reachable)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['http://a.example', 'ftp://a.example', 'a.example', ''].map(reachable)).toEqual(Array(4).fill(false));
    expect(reachablePolicy(`${three.join('\n')}\ngroup W 2 A B C\nquorum W\n`)).toEqual({
      ok: false,
      fault: { line: 0, reason: 'unreachable' },
    });
  });
});
