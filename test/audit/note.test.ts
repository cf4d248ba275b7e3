import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { hashLeaf } from '../../src/audit/hash.ts';
import { openLogKey } from '../../src/audit/log-key.ts';
import { formatVerifierKey, parseNote, parseVerifierKey, signNote, verifyNote } from '../../src/audit/note.ts';
import { formatProof, parseProof } from '../../src/audit/proof-text.ts';

// The example of golang.org/x/mod/sumdb/note, the first implementation of signed notes.
const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const goNote =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('signed notes', () => {
  it('verify as the Go implementation made them', async () => {
    const key = valueOf(parseVerifierKey(goKey));
    expect(formatVerifierKey(key)).toBe(goKey);
    expect(await verifyNote(valueOf(parseNote(goNote)), [key])).toMatchObject({ ok: true });
  });

  it('are refused when the text, the signature or the key is another', async () => {
    const key = valueOf(parseVerifierKey(goKey));
    const changed = valueOf(parseNote(goNote.replace('answer', 'Answer')));
    expect(await verifyNote(changed, [key])).toEqual({ ok: false, fault: 'note.bad-signature' });
    const stranger = (await openLogKey('PeterNeumann', randomBytes(32))).key;
    expect(await verifyNote(valueOf(parseNote(goNote)), [stranger])).toEqual({ ok: false, fault: 'note.unknown-key' });
  });

  it('ignore unknown keys, and are spoilt by a wrong line of a known one', async () => {
    const [mine, other] = [await newKey('log.example/2026'), await newKey('witness.example')];
    const both = await signNote('text\n', [mine, other]);
    expect(await verifyNote(valueOf(parseNote(both)), [mine.key])).toMatchObject({ ok: true });
    const { signatures } = valueOf(parseNote(both));
    const spoilt = { text: 'other\n', signatures };
    expect(await verifyNote(spoilt, [mine.key])).toEqual({ ok: false, fault: 'note.bad-signature' });
  });

  it('are accepted with sixteen signatures', async () => {
    const keys = await Promise.all(Array.from({ length: 16 }, (_, at) => newKey(`witness${at}.example`)));
    const note = valueOf(parseNote(await signNote('text\n', keys)));
    expect(
      await verifyNote(
        note,
        [keys[15]?.key ?? keys[0]?.key].filter((key) => key !== undefined),
      ),
    ).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ['no signature', 'text\n\n'],
    ['no empty line', 'text\n— a AAAAAAA=\n'],
    ['a plus in the name', 'text\n\n— a+b AAAAAAA=\n'],
    ['a hyphen for the dash', 'text\n\n- a AAAAAAA=\n'],
    ['a control character', 'te\u0007xt\n\n— a AAAAAAA=\n'],
    ['a carriage return', 'text\r\n\n— a AAAAAAA=\n'],
    ['base64 in another spelling', 'text\n\n— a AAAAAAB=\n'],
    ['no final newline', 'text\n\n— a AAAAAAA='],
    ['a signature of no bytes', 'text\n\n— a AAAAAA==\n'],
  ])('are malformed with %s', (_, note) => {
    expect(parseNote(note).ok).toBe(false);
  });

  it('never make the parsers throw', () => {
    const text = fc.string({
      unit: fc.constantFrom('\n', '\n\n', '— ', 'a', ' ', '+', 'AAAA', '=', '0', '1', 'index '),
    });
    fc.assert(
      fc.property(text, (note) => {
        parseNote(note);
        parseCheckpoint(note);
        parseProof(note);
        parseVerifierKey(note);
      }),
    );
  });
});

describe('checkpoints', () => {
  it('survive the round trip', async () => {
    const key = await newKey('log.example/2026');
    const root = hashLeaf(new Uint8Array());
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, (1n << 64n) - 1n), async (size) => {
        const checkpoint = { origin: 'log.example/2026', size, root };
        const opened = await openCheckpoint(await signCheckpoint(checkpoint, key), key.key);
        expect(opened).toEqual({ ok: true, value: checkpoint });
      }),
      { numRuns: 20 },
    );
  });

  it('of another origin are refused, though the key is right', async () => {
    const key = await newKey('log.example/2026');
    const foreign = await signCheckpoint({ origin: 'log.example/2025', size: 0n, root: new Uint8Array(32) }, key);
    expect(await openCheckpoint(foreign, key.key)).toEqual({ ok: false, fault: 'checkpoint.foreign' });
  });

  it.each(['01', '-1', '1e3', '', '18446744073709551616'])('with the size %j are malformed', (size) => {
    const text = formatCheckpoint({ origin: 'log.example', size: 5n, root: new Uint8Array(32) });
    expect(parseCheckpoint(text).ok).toBe(true);
    expect(parseCheckpoint(text.replace('\n5\n', `\n${size}\n`)).ok).toBe(false);
  });
});

describe('proof texts', () => {
  it('survive the round trip', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const extra = fc.option(fc.uint8Array({ maxLength: 40 }));
    const parts = fc.tuple(fc.bigInt(0n, 1n << 63n), fc.array(hash, { maxLength: 64 }), extra);
    fc.assert(
      fc.property(parts, ([index, hashes, extra]) => {
        const proof = { index, hashes, extra, checkpoint: 'log.example\n5\nroot\n\n— log.example AAAA\n' };
        expect(parseProof(formatProof(proof))).toEqual({ ok: true, value: proof });
      }),
    );
  });

  it.each([
    'c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\n',
    'c2sp.org/tlog-proof@v1\nindex nought\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex 01\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nextra !!\nindex 0\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\ncheckpoint\n',
    'c2sp.org/tlog-proof@v1\nindex 0\ncheckpoint\n',
  ])('that are malformed are refused: %j', (text) => {
    expect(parseProof(text)).toEqual({ ok: false, fault: 'proof.malformed' });
  });
});

async function newKey(name: string) {
  return openLogKey(name, randomBytes(32));
}

function valueOf<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error('refused');
  return result.value;
}
