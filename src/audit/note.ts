import { ok, type Result, refuse } from '../result.ts';
import { concatBytes, equalBytes, fromBase64, fromHex, toBase64, toHex } from './bytes.ts';
import { sha256 } from './hash.ts';

/** A key that may have signed a note (C2SP signed-note); `type` 0x01 is Ed25519 over the text. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly type: number;
  readonly publicKey: Uint8Array;
}

/** Whoever signs the log's checkpoints; the private key never shows. */
export interface NoteSigner {
  readonly key: VerifierKey;
  /** Ed25519 over the bytes, 64 bytes. */
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

const ed25519Type = 0x01;

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name) || publicKey.length !== 32) throw new RangeError('not a name and an Ed25519 key');
  const id = sha256(utf8(`${name}\n`), Uint8Array.of(ed25519Type), publicKey).subarray(0, 4);
  return { name, id, type: ed25519Type, publicKey };
}

/** `<name>+<key id, hex>+<base64 of type ‖ key>`, the spelling that Go's note tools and tlog-policy use. */
export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${toHex(id)}+${toBase64(concatBytes([Uint8Array.of(type), publicKey]))}`;
}

export function parseVerifierKey(text: string): Result<VerifierKey, 'key.malformed'> {
  const [name = '', idHex = '', ...rest] = text.split('+');
  // Base64 may hold plus signs itself.
  const encoded = fromBase64(rest.join('+'));
  if (!isKeyName(name) || encoded?.length !== 33 || encoded[0] !== ed25519Type) return refuse('key.malformed');
  const key = verifierKey(name, encoded.subarray(1));
  const id = fromHex(idHex);
  return id !== null && equalBytes(id, key.id) ? ok(key) : refuse('key.malformed');
}

/** The text with one signature line per signer. */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  if (!text.endsWith('\n') || hasControls(text)) throw new RangeError('not the text of a note');
  const lines: string[] = [];
  for (const signer of signers) {
    const signature = await signer.sign(utf8(text));
    lines.push(`— ${signer.key.name} ${toBase64(concatBytes([signer.key.id, signature]))}\n`);
  }
  return `${text}\n${lines.join('')}`;
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
    if (!(await verifyEd25519(key, line.signature, utf8(note.text)))) return refuse('note.bad-signature');
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
