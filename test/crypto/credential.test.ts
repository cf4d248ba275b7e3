import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJws, parseJws, signCompactJwt, signJws } from '../../src/crypto/jose.ts';
import { toBase64, toBase64url } from '../../src/crypto/jose-encoding.ts';
import { everyField } from '../../src/crypto/sd-jwt/pack.ts';
import { bindSdJwt, presentationHash, presentSdJwt, readSdJwt } from '../../src/crypto/sd-jwt/present.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { createTestAuthority, now } from './support/authorities.ts';
import {
  audience,
  createCredentialWorld,
  createHolder,
  day,
  expectHolder,
  fields,
  issuer,
  listUri,
  open,
  vct,
} from './support/credentials.ts';
import { anchorOf, valueOf } from './support/trust.ts';

const world = await createCredentialWorld();
const { authority, holder, school, issue, verify } = world;
const sdJwt = await issue();
const everything = () => true;
const nothing = () => false;

/** The credential with another payload, signed by the school itself: what only an issuer's own fault could bring about. */
async function resigned(change: (payload: Record<string, unknown>) => Record<string, unknown>, disclosures?: string[]) {
  const { parts, payload } = valueOf(await readSdJwt(sdJwt));
  const header = { typ: 'dc+sd-jwt', x5c: school.signer.chain.map(toBase64) };
  const jwt = await signCompactJwt({ claims: change({ ...payload }), header, signer: school.signer });
  return [jwt, ...(disclosures ?? parts.disclosures), ''].join('~');
}

async function withHeader(change: Record<string, unknown>) {
  const { parts, payload } = valueOf(await readSdJwt(sdJwt));
  const header = { typ: 'dc+sd-jwt', x5c: school.signer.chain.map(toBase64), ...change };
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  const jwt = compactJws(await signJws({ payload: bytes, header, signer: school.signer }));
  return [jwt, ...parts.disclosures, ''].join('~');
}

async function withPayloadText(text: string) {
  const header = { typ: 'dc+sd-jwt', x5c: school.signer.chain.map(toBase64) };
  const payload = new TextEncoder().encode(text);
  return `${compactJws(await signJws({ payload, header, signer: school.signer }))}~`;
}

const encode = (text: string) => toBase64url(new TextEncoder().encode(text));
const reasonsOf = async (presentation: unknown) => (await verify(presentation)).reasons;

function without(claims: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

describe('a credential', () => {
  it('comes back whole, with its issuer, its time and every field', async () => {
    expect(await verify(sdJwt)).toMatchObject({
      integrity: 'valid',
      issuer: { status: 'trusted', name: 'C=JP,CN=桜台中学校 公印' },
      time: 'valid',
      holder: 'notAsked',
      status: 'none',
      claims: { iss: issuer, vct, ...open, ...fields, cnf: { jwk: holder.jwk } },
      reasons: [],
    });
  });

  it('says nothing of its fields to whoever is shown none, not even how many there are', async () => {
    const bare = valueOf(await presentSdJwt(sdJwt, nothing));
    const { claims, disclosed, reasons } = await verify(bare);
    expect(reasons).toEqual([]);
    expect(disclosed).toEqual([]);
    expect(Object.keys(claims ?? {}).sort()).toEqual(
      ['cnf', 'document_kind', 'exp', 'iat', 'iss', 'school_code', 'vct'].sort(),
    );
    const { payload } = valueOf(await readSdJwt(bare));
    expect(payload['_sd']).toHaveLength(8);
    expect(JSON.stringify(payload)).not.toMatch(/family_name|𠮷|国語/u);
    const subjects = valueOf(await readSdJwt(sdJwt)).disclosed.find(({ path }) => path.join() === 'subjects');
    expect(subjects?.disclosure.value).toHaveLength(8);
  });

  it('shows one element of a list, with the list it lies in and nothing beside it', async () => {
    const shown = valueOf(await presentSdJwt(sdJwt, (path) => path.join('.') === 'subjects.1'));
    const { claims, reasons } = await verify(shown);
    expect(reasons).toEqual([]);
    expect(claims?.['subjects']).toEqual([fields.subjects[1]]);
    expect(claims).not.toHaveProperty('family_name');
  });

  it('shows any subset of its fields and never more', async () => {
    const { disclosed } = valueOf(await readSdJwt(sdJwt));
    const paths = disclosed.map(({ path }) => path.join('.'));
    await fc.assert(
      fc.asyncProperty(fc.subarray(paths), async (wanted) => {
        const shown = valueOf(await presentSdJwt(sdJwt, (path) => wanted.includes(path.join('.'))));
        const verdict = await verify(shown);
        const above = wanted.flatMap((path) => path.split('.').map((_, at, all) => all.slice(0, at + 1).join('.')));
        const values = valueOf(await readSdJwt(shown)).disclosed.map(({ disclosure }) => disclosure.text);
        const expected = disclosed.filter(({ path }) => above.includes(path.join('.')));
        expect(verdict.reasons).toEqual([]);
        expect(values.sort()).toEqual(expected.map(({ disclosure }) => disclosure.text).sort());
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('carries any JSON through every frame that names all of it', async () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !/^(_sd|_sd_alg|\.\.\.)$/.test(text));
    const value = fc
      .jsonValue({ maxDepth: 2 })
      .filter((found) => !/"(_sd|_sd_alg|\.\.\.)":/.test(JSON.stringify(found)));
    const given = fc.dictionary(
      name.map((text) => `x${text}`),
      value,
      { maxKeys: 5 },
    );
    await fc.assert(
      fc.asyncProperty(given, async (claims) => {
        // Sound: the text of a jsonValue is JSON, without -0.
        const plain = JSON.parse(JSON.stringify(claims)) as typeof fields;
        const verdict = await verify(await issue({ fields: plain }));
        expect(verdict.reasons).toEqual([]);
        expect(verdict.claims).toMatchObject(plain);
      }),
      // Names that every object of the language has.
      { numRuns: 60, examples: [[{ x: { toString: '', constructor: [] } }]] },
    );
  }, 60_000);

  it('is the same text for the same random bytes, signature aside', async () => {
    const pinned = () => {
      let next = 0;
      return (count: number) => Uint8Array.from({ length: count }, () => (next = (next * 5 + 7) % 251));
    };
    const [one, other] = await Promise.all([issue({ random: pinned() }), issue({ random: pinned() })]);
    expect(one.split('~').slice(1)).toEqual(other.split('~').slice(1));
    expect(one.split('.')[1]).toBe(other.split('.')[1]);
    expect(sdJwt.split('~').slice(1)).not.toEqual(one.split('~').slice(1));
  });

  it('is not issued with names, certificates or frames that do not fit', async () => {
    const stranger = await authority.issue({ algorithm: 'ES256', uri: 'https://hikitsugi.example/schools/other' });
    const rsa = await authority.issue({ algorithm: 'RS256', uri: issuer });
    const deep = { a: { b: { c: { d: { e: { f: { g: { h: { i: 1 } } } } } } } } };
    const wrong = [
      { fields: { _sd: 1 } },
      { fields: { list: [{ '...': 'x' }] } },
      { fields: { exp: 1 } },
      { fields: { school_code: 'B' } },
      { open: { iss: 'x' } },
      { fields: deep, frame: {} },
      { frame: { disclosable: ['absent'] } },
      { frame: { disclosable: ['iss'] } },
      { frame: { disclosable: ['school_code'] } },
      { frame: { within: { gpa: { decoys: 1 } } } },
      { signer: stranger.signer },
      { signer: rsa.signer },
      { signer: { ...school.signer, chain: [] } },
    ];
    for (const change of wrong) await expect(issue(change)).rejects.toThrow(TypeError);
  });
});

describe('a credential that is not whole', () => {
  it('has a verdict of its own for each fault, and gives no claims', async () => {
    const { parts, payload } = valueOf(await readSdJwt(sdJwt));
    const [jwt, disclosures] = [parts.jwt, [...parts.disclosures]];
    const [first = '', second = ''] = disclosures;
    const [header = '', body = '', signature = ''] = jwt.split('.');
    const other = await authority.issue({ algorithm: 'ES256', uri: issuer });
    const join = (...texts: string[]) => [...texts, ''].join('~');
    const none = `${encode(JSON.stringify({ alg: 'none', typ: 'dc+sd-jwt', x5c: school.signer.chain.map(toBase64) }))}.${body}.`;
    const digests = payload['_sd'] as readonly string[];
    const added = encode('["c2FsdHNhbHRzYWx0c2FsdA","gpa",5]');
    const withDigestOf = async (...texts: string[]) =>
      resigned((claims) => ({ ...claims, _sd: texts.map(() => ''), more: 1 }), texts).then(async () => {
        const found = await Promise.all(texts.map(presentationHash));
        return resigned((claims) => ({ ...claims, _sd: [...found].sort() }), texts);
      });
    const cases: readonly (readonly [string, unknown, string])[] = [
      ['no text', 7, 'malformed'],
      ['nothing', '', 'malformed'],
      ['no tilde', jwt, 'malformed'],
      ['another kind of token', join('a.b', ...disclosures), 'malformed'],
      ['a signature cut', join(`${header}.${body}.${signature.slice(0, -2)}`), 'signature-invalid'],
      ['a signature away', join(`${header}.${body}.`), 'malformed'],
      ['alg none', join(`${none}AA`, ...disclosures), 'algorithm-not-allowed'],
      ['alg none without signature', join(none, ...disclosures), 'malformed'],
      ['alg of another family', await withHeader({ alg: 'HS256' }), 'algorithm-not-allowed'],
      ['another typ', await withHeader({ typ: 'JWT' }), 'type-mismatch'],
      ['a key of its own', await withHeader({ jwk: holder.jwk }), 'header-not-allowed'],
      ['a kid', await withHeader({ kid: 'x' }), 'header-not-allowed'],
      ['no x5c', await withHeader({ x5c: undefined }), 'header-not-allowed'],
      ['x5c empty', await withHeader({ x5c: [] }), 'certificate-malformed'],
      ['x5c of another key', await withHeader({ x5c: [toBase64(other.certificate)] }), 'signature-invalid'],
      ['x5c in base64url', await withHeader({ x5c: [toBase64url(school.certificate)] }), 'certificate-malformed'],
      ['x5c with blanks', await withHeader({ x5c: [` ${toBase64(school.certificate)}`] }), 'certificate-malformed'],
      [
        'a repeated name',
        await withPayloadText(`{"iss":"${issuer}","iss":"x","iat":1,"vct":"${vct}"}`),
        'json-name-repeated',
      ],
      ['a payload too deep', await withPayloadText(`{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`), 'json-too-deep'],
      ['a payload that is no JSON', await withPayloadText('{"iss":'), 'json-malformed'],
      ['a payload that is a list', await withPayloadText('[]'), 'claims-invalid'],
      ['no iss', await resigned((claims) => without(claims, 'iss')), 'claims-invalid'],
      ['an iat that is text', await resigned((claims) => ({ ...claims, iat: '1' })), 'claims-invalid'],
      ['no vct', await resigned((claims) => without(claims, 'vct')), 'claims-invalid'],
      ['another vct', await resigned((claims) => ({ ...claims, vct: 'urn:x' })), 'type-unknown'],
      ['an unknown hash', await resigned((claims) => ({ ...claims, _sd_alg: 'sha-512' })), 'hash-unknown'],
      [
        'a status that is none',
        await resigned((claims) => ({ ...claims, status: { status_list: { idx: -1, uri: 'x' } } })),
        'status-malformed',
      ],
      ['a disclosure added', join(jwt, ...disclosures, added), 'disclosure-unreferenced'],
      ['a disclosure twice', join(jwt, ...disclosures, first), 'disclosure-repeated'],
      ['a disclosure changed', join(jwt, `${first.slice(0, -2)}AA`, second), 'disclosure-malformed'],
      ['a disclosure padded', join(jwt, `${first}=`, second), 'disclosure-malformed'],
      ['a disclosure with a blank', join(jwt, ` ${first}`, second), 'disclosure-malformed'],
      ['an empty disclosure', join(jwt, '', first), 'disclosure-malformed'],
      [
        'too many disclosures',
        join(jwt, ...Array.from({ length: 513 }, (_, at) => String(at))),
        'too-many-disclosures',
      ],
      ['too much text', join(jwt, 'A'.repeat(300_000)), 'too-large'],
      ['padding in the token', join(`${header}=.${body}.${signature}`), 'malformed'],
      ['a line break in the token', join(`${header}.${body}\n.${signature}`), 'malformed'],
      [
        'the inner disclosure without the outer',
        join(
          jwt,
          ...valueOf(await readSdJwt(sdJwt)).disclosed.flatMap(({ path, disclosure }) =>
            path.join() === 'subjects,0' ? [disclosure.text] : [],
          ),
        ),
        'disclosure-unreferenced',
      ],
      ['a digest twice', await resigned((claims) => ({ ...claims, _sd: [...digests, digests[0]] })), 'digest-repeated'],
      [
        'a digest that is a number',
        await resigned((claims) => ({ ...claims, _sd: [...digests, 7] })),
        'digest-malformed',
      ],
      [
        'a digest of another length',
        await resigned((claims) => ({ ...claims, _sd: [...digests, 'AAAA'] })),
        'digest-malformed',
      ],
      ['digests that are no list', await resigned((claims) => ({ ...claims, _sd: digests[0] })), 'digest-malformed'],
      ['... outside a list', await resigned((claims) => ({ ...claims, x: { '...': digests[0] } })), 'digest-malformed'],
      [
        '... with company',
        await resigned((claims) => ({ ...claims, x: [{ '...': digests[0], y: 1 }] })),
        'digest-malformed',
      ],
      ['_sd_alg further in', await resigned((claims) => ({ ...claims, x: { _sd_alg: 'sha-256' } })), 'name-reserved'],
      ['a disclosure named _sd', await withDigestOf(encode('["s","_sd",[]]')), 'name-reserved'],
      [
        'a disclosure with a repeated name',
        await withDigestOf(encode('["s","x",{"a":1,"a":2}]')),
        'json-name-repeated',
      ],
      [
        'a disclosure too deep',
        await withDigestOf(encode(`["s","x",${'['.repeat(500)}${']'.repeat(500)}]`)),
        'json-too-deep',
      ],
      ['a disclosure of four', await withDigestOf(encode('["s","x",1,2]')), 'disclosure-malformed'],
      ['an element where a member goes', await withDigestOf(encode('["s",1]')), 'disclosure-misplaced'],
      ['an open claim overwritten', await withDigestOf(encode('["s","school_code","B1"]')), 'name-taken'],
      ['two disclosures of one name', await withDigestOf(encode('["s","x",1]'), encode('["t","x",2]')), 'name-taken'],
      [
        'the end disclosed',
        await resigned((claims) => ({ ...without(claims, 'exp'), _sd: [] })).then(async () => {
          const text = encode(`["s","exp",${String(now.getTime())}]`);
          const digest = await presentationHash(text);
          return resigned((claims) => ({ ...without(claims, 'exp'), _sd: [digest] }), [text]);
        }),
        'claim-not-disclosable',
      ],
    ];
    for (const [name, presentation, reason] of cases) {
      const verdict = await verify(presentation);
      expect([name, verdict.integrity, verdict.claims, verdict.reasons]).toEqual([name, 'invalid', null, [reason]]);
    }
  }, 60_000);

  it('is not harmed by another order of its disclosures', async () => {
    const { parts } = valueOf(await readSdJwt(sdJwt));
    const turned = [parts.jwt, ...parts.disclosures.toReversed(), ''].join('~');
    const [one, other] = [await verify(sdJwt), await verify(turned)];
    expect([other.reasons, other.claims]).toEqual([[], one.claims]);
  });

  it('keeps __proto__ as a name like any other', async () => {
    const text = encode('["s","__proto__",{"admin":true}]');
    const digest = await presentationHash(text);
    const { claims, reasons } = await verify(await resigned((payload) => ({ ...payload, _sd: [digest] }), [text]));
    expect(reasons).toEqual([]);
    expect([Object.hasOwn(claims ?? {}, '__proto__'), claims?.['admin']]).toEqual([true, undefined]);
  });

  it('is found out whichever character is changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sdJwt.length - 1), fc.integer({ min: 33, max: 126 }), async (at, code) => {
        const changed = sdJwt.slice(0, at) + String.fromCharCode(code) + sdJwt.slice(at + 1);
        if (changed === sdJwt) return;
        expect(await reasonsOf(changed)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('never throws and never hangs, whatever it is given', async () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('~', '.', '..', '~~', ...sdJwt.split(/[.~]/)),
      fc.jsonValue().map((value) => encode(JSON.stringify(value))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.constantFrom('', '~', '.'), async (pieces, glue) => {
        const { integrity, reasons, claims } = await verify(pieces.join(glue));
        expect([integrity, reasons.length, claims]).toEqual(['invalid', 1, null]);
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});

describe('the issuer and the time of a credential', () => {
  it('are judged apart from its integrity', async () => {
    const foreign = await createTestAuthority('別');
    const stranger = await foreign.issue({ algorithm: 'ES256', uri: issuer });
    const neighbour = await authority.issue({ algorithm: 'ES256', uri: 'https://hikitsugi.example/schools/other' });
    const late = await authority.issue({
      algorithm: 'ES256',
      uri: issuer,
      notBefore: new Date(now.getTime() - day / 2),
    });
    const past = new Date(now.getTime() - 10 * day);
    const ended = await authority.issue({ algorithm: 'ES256', uri: issuer, notAfter: new Date(past.getTime() + day) });
    const revoked = crlSource(await authority.revoke([school.serial]), { now });
    const good = { check: () => Promise.resolve({ status: 'good' as const }) };
    const onlyRsa = world.trust.anchors.map((anchor) => ({ ...anchor, algorithms: ['rsa-pkcs1-sha256' as const] }));
    const another = { iss: 'https://hikitsugi.example/schools/other' };
    const issuedInThePast = await issue({ signer: ended.signer, issuedAt: past });
    const cases = [
      [await issue({ signer: stranger.signer }), {}, ['issuer-unknownRoot']],
      [await resigned((claims) => ({ ...claims, ...another })), {}, ['issuer-name-mismatch']],
      [await issue({ signer: neighbour.signer, issuer: another.iss }), {}, []],
      [await issue({ signer: late.signer }), {}, ['signed-outside-validity']],
      [issuedInThePast, {}, ['issuer-expired']],
      // An ended certificate is on no list any more: what was known of it then has to be kept.
      [issuedInThePast, { provedAt: past, revocation: good }, []],
      [sdJwt, { revocation: revoked }, ['issuer-revoked']],
      [
        sdJwt,
        { revocation: { check: () => Promise.resolve({ status: 'notChecked' as const }) } },
        ['issuer-notChecked'],
      ],
      [sdJwt, { anchors: [anchorOf('other', foreign.root)] }, ['issuer-unknownRoot']],
      [sdJwt, { anchors: onlyRsa }, ['issuer-algorithmNotAllowed']],
      [sdJwt, { purpose: { keyUsage: ['keyAgreement' as const] } }, ['issuer-invalid']],
      [sdJwt, { at: new Date(now.getTime() + 31 * day) }, ['expired']],
      [await issue({ notBefore: new Date(now.getTime() + day) }), {}, ['not-yet-valid']],
      [await issue({ issuedAt: new Date(now.getTime() + day) }), {}, ['not-yet-valid']],
      [await issue({ status: { uri: listUri, index: 7 } }), {}, ['status-unknown']],
    ] as const;
    for (const [presentation, change, reasons] of cases) {
      const verdict = await verify(presentation, change);
      expect(verdict).toMatchObject({ integrity: 'valid', claims: { school_code: open.school_code } });
      expect(verdict.reasons).toEqual(reasons);
    }
  });
});

describe('the holder of a credential', () => {
  const present = async (change: Partial<Parameters<typeof bindSdJwt>[0]> = {}) => {
    const presentation = valueOf(await presentSdJwt(sdJwt, (path) => path[0] === 'family_name'));
    return bindSdJwt({ presentation, audience, nonce: 'n-1', at: now, signer: holder.signer, ...change });
  };
  const asked = async (presentation: string, nonce = 'n-1') => {
    const { holder: answer, reasons } = await verify(presentation, { holder: expectHolder(nonce) });
    return [answer, ...reasons];
  };

  it('is proved once by key, audience, nonce and what is shown', async () => {
    const bound = await present();
    const expected = expectHolder('n-1');
    const once = await verify(bound, { holder: expected });
    expect([once.holder, once.reasons, once.claims?.['family_name']]).toEqual(['proved', [], '𠮷田']);
    expect((await verify(bound, { holder: expected })).reasons).toEqual(['holder-replayed']);
  });

  it('is refused with a reason of its own for each fault', async () => {
    const bound = await present();
    const thief = await createHolder();
    const { parts } = valueOf(await readSdJwt(bound));
    const held = valueOf(await readSdJwt(sdJwt)).disclosed;
    const more = held.find(({ path }) => path.join() === 'gpa')?.disclosure.text ?? '';
    const binding = parts.keyBinding ?? '';
    const [, body = ''] = binding.split('.');
    const sign = async (typ: string, claims: Record<string, unknown>) =>
      `${parts.bound}${await signCompactJwt({ claims, header: { typ }, signer: holder.signer })}`;
    const seconds = Math.floor(now.getTime() / 1000);
    const good = { iat: seconds, aud: audience, nonce: 'n-1', sd_hash: await presentationHash(parts.bound) };
    const unbound = await bindSdJwt({
      presentation: await issue({ holder: null }),
      audience,
      nonce: 'n-1',
      at: now,
      signer: holder.signer,
    });
    const badKey = { ...holder.jwk, y: holder.jwk.x };
    const offCurve = await bindSdJwt({
      presentation: await issue({ holder: badKey }),
      audience,
      nonce: 'n-1',
      at: now,
      signer: holder.signer,
    });
    const cases = [
      [parts.bound, 'holder-missing'],
      [unbound, 'holder-unbound'],
      [offCurve, 'holder-key-not-usable'],
      [await present({ signer: thief.signer }), 'holder-signature-invalid'],
      [await present({ signer: school.signer }), 'holder-signature-invalid'],
      [await present({ audience: 'https://other.example' }), 'holder-audience-mismatch'],
      [await present({ nonce: 'n-2' }), 'holder-nonce-mismatch'],
      [await present({ at: new Date(now.getTime() - 3600_000) }), 'holder-expired'],
      [await present({ at: new Date(now.getTime() + 3600_000) }), 'holder-not-yet-valid'],
      [[parts.jwt, ...parts.disclosures, more, binding].join('~'), 'holder-hash-mismatch'],
      [[parts.jwt, binding].join('~'), 'holder-hash-mismatch'],
      [`${parts.bound}${encode('{"alg":"none","typ":"kb+jwt"}')}.${body}.AA`, 'holder-algorithm-not-allowed'],
      [`${parts.bound}x`, 'holder-malformed'],
      [await sign('JWT', good), 'holder-type-mismatch'],
      [await sign('kb+jwt', { ...good, aud: [audience] }), 'holder-claims-invalid'],
      [await sign('kb+jwt', { ...good, sd_hash: 7 }), 'holder-hash-mismatch'],
      [await sign('kb+jwt', without(good, 'nonce')), 'holder-claims-invalid'],
      [await sign('kb+jwt', without(good, 'iat')), 'holder-claims-invalid'],
      [await sign('kb+jwt', without(good, 'sd_hash')), 'holder-claims-invalid'],
      [await sign('kb+jwt', without(good, 'aud')), 'holder-claims-invalid'],
    ] as const;
    for (const [presentation, reason] of cases) expect(await asked(presentation)).toEqual(['refused', reason]);
    expect(await asked(await sign('kb+jwt', good))).toEqual(['proved']);
  });

  it('spends no nonce on a presentation that is wrong anyway', async () => {
    const expected = expectHolder('n-1');
    const bound = await present();
    const late = { at: new Date(now.getTime() + 31 * day) };
    expect((await verify(bound, { holder: expected, ...late })).reasons).toContain('expired');
    expect((await verify(bound, { holder: expected })).reasons).toEqual([]);
  });

  it('cannot be bound twice, and is not asked for by everybody', async () => {
    const bound = await present();
    await expect(present({ presentation: bound })).rejects.toThrow(TypeError);
    expect(await verify(bound)).toMatchObject({ holder: 'notAsked', reasons: [] });
    const late = await present({ at: new Date(now.getTime() - 3600_000) });
    expect(await verify(late)).toMatchObject({ holder: 'notAsked', reasons: [] });
  });

  it('is refused behind the last tilde also when nobody asked', async () => {
    const [jwt = '', first = '', ...rest] = (await present()).split('~');
    const thief = await createHolder();
    expect((await verify(`${sdJwt}x`)).reasons).toEqual(['holder-malformed']);
    expect((await verify(await present({ signer: thief.signer }))).reasons).toEqual(['holder-signature-invalid']);
    expect((await verify([jwt, ...rest].join('~'))).reasons).toEqual(['holder-hash-mismatch']);
    expect(first).not.toBe('');
  });
});

describe('a frame for every field', () => {
  it('names members, lists and their elements, and fills up with decoys', () => {
    expect(everyField({ a: 1, b: ['x', 'y'], c: { d: 2 } })).toEqual({
      disclosable: ['a', 'b', 'c'],
      decoys: 5,
      within: { b: { disclosable: [0, 1], decoys: 6 }, c: { disclosable: ['d'], decoys: 7, within: {} } },
    });
  });

  it('is what the text of a credential is parsed back from', async () => {
    const { parts } = valueOf(await readSdJwt(sdJwt));
    expect(parts.bound).toBe(sdJwt);
    expect(valueOf(parseJws(parts.jwt)).protectedHeader).toMatchObject({ alg: 'ES256', typ: 'dc+sd-jwt' });
    expect(
      valueOf(await presentSdJwt(sdJwt, everything))
        .split('~')
        .sort(),
    ).toEqual(sdJwt.split('~').sort());
  });
});
