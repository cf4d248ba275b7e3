import { ok, type Result, refuse } from '../result.ts';
import { concatBytes, equalBytes, fromBase64, fromHex, toBase64, toHex } from './bytes.ts';
import { sha256 } from './hash.ts';

/** 0x01: Ed25519 over the text (C2SP signed-note); 0x04: a witness's, over the time and the text (C2SP tlog-cosignature). */
export const keyTypes = { log: 0x01, witness: 0x04 } as const;
export type KeyType = (typeof keyTypes)[keyof typeof keyTypes];

/** A key that may have signed a note. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly type: KeyType;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Whoever signs or cosigns checkpoints; the private key never shows. */
export interface NoteSigner {
  readonly key: VerifierKey;
  /** What stands on the line after the key's id: 64 bytes of Ed25519, of a witness with 8 bytes of time before them. */
  sign(text: Uint8Array): Promise<Uint8Array>;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** Ends in a newline; these bytes are signed. Not to be believed before `verifyNote`. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export type NoteReason = 'note.malformed' | 'note.unknown-key' | 'note.bad-signature';

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
export function verifierKey(name: string, publicKey: Uint8Array, type: KeyType = keyTypes.log): VerifierKey {
  if (!isKeyName(name) || publicKey.length !== 32) throw new RangeError('not a name and an Ed25519 key');
  const id = sha256(utf8(`${name}\n`), Uint8Array.of(type), publicKey).subarray(0, 4);
  return { name, id, type, publicKey };
}

/** `<name>+<key id, hex>+<base64 of type ‖ key>`, the spelling that Go's note tools and tlog-policy use. */
export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${toHex(id)}+${toBase64(concatBytes([Uint8Array.of(type), publicKey]))}`;
}

export function parseVerifierKey(text: string, wanted: KeyType = keyTypes.log): Result<VerifierKey, 'key.malformed'> {
  const [name = '', idHex = '', ...rest] = text.split('+');
  // Base64 may hold plus signs itself.
  const encoded = fromBase64(rest.join('+'));
  if (!isKeyName(name) || encoded?.length !== 33 || encoded[0] !== wanted) return refuse('key.malformed');
  const key = verifierKey(name, encoded.subarray(1), wanted);
  const id = fromHex(idHex);
  return id !== null && equalBytes(id, key.id) ? ok(key) : refuse('key.malformed');
}

/** The text with one signature line per signer. */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  if (!text.endsWith('\n') || hasControls(text)) throw new RangeError('not the text of a note');
  const lines: string[] = [];
  for (const signer of signers) lines.push(await signatureLine(text, signer));
  return `${text}\n${lines.join('')}`;
}

export async function signatureLine(text: string, { key, sign }: NoteSigner): Promise<string> {
  return formatSignature({ name: key.name, id: key.id, signature: await sign(utf8(text)) });
}

export function formatSignature({ name, id, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concatBytes([id, signature]))}\n`;
}

export function parseNote(note: string): Result<SignedNote, 'note.malformed'> {
  // The text is separated from the signatures by the last empty line.
  const split = note.lastIndexOf('\n\n');
  if (note.length > maxNoteLength || hasControls(note) || split < 0 || !note.endsWith('\n')) {
    return refuse('note.malformed');
  }
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map(parseSignatureLine);
  if (signatures.length > maxSignatures || !signatures.every((line) => line !== null)) return refuse('note.malformed');
  return ok({ text: note.slice(0, split + 1), signatures });
}

/** Unknown keys are ignored; a known key's wrong line spoils the note; without any known key it is not believed. */
export async function verifyNote(
  note: SignedNote,
  keys: readonly VerifierKey[],
): Promise<Result<readonly VerifierKey[], NoteReason>> {
  const signedBy: VerifierKey[] = [];
  for (const line of note.signatures) {
    const key = keys.find(({ name, id }) => name === line.name && equalBytes(id, line.id));
    if (key === undefined) continue;
    if (!(await isSignedBy(key, line.signature, note.text))) return refuse('note.bad-signature');
    signedBy.push(key);
  }
  return signedBy.length > 0 ? ok(signedBy) : refuse('note.unknown-key');
}

/** Note text from bytes: UTF-8 without errors or a byte order mark silently dropped; `null` if it is not that. */
export function noteFromBytes(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const maxNoteLength = 1_000_000;
// Verifiers must accept at least 16 (C2SP signed-note).
const maxSignatures = 100;

function parseSignatureLine(line: string): NoteSignature | null {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  const bytes = fromBase64(encoded);
  if (dash !== '—' || rest.length > 0 || !isKeyName(name) || bytes === null || bytes.length < 5) return null;
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** What a witness signs (C2SP tlog-cosignature v1): when, in seconds, and the text. */
export function cosignedMessage(seconds: bigint, text: Uint8Array): Uint8Array {
  return concatBytes([utf8(`cosignature/v1\ntime ${seconds}\n`), text]);
}

async function isSignedBy(key: VerifierKey, signature: Uint8Array, text: string): Promise<boolean> {
  if (key.type === keyTypes.log) return verifyEd25519(key, signature, utf8(text));
  if (signature.length !== 72) return false;
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (seconds >= 1n << 63n) return false;
  return verifyEd25519(key, signature.subarray(8), cosignedMessage(seconds, utf8(text)));
}

async function verifyEd25519(key: VerifierKey, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(key.publicKey), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', imported, new Uint8Array(signature), new Uint8Array(data));
}

function isKeyName(name: string): boolean {
  // Unicode White_Space is `\s` less U+FEFF, and U+0085, which `\s` leaves out.
  return name !== '' && !/[\s\u0085+]/u.test(name);
}

/** Below U+0020 only the newline is allowed; and what is no Unicode has no UTF-8. */
function hasControls(text: string): boolean {
  return !text.isWellFormed() || Array.from(text).some((character) => character < ' ' && character !== '\n');
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
