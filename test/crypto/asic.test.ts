import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  type AsicEntry,
  AsicWriteError,
  asicBytes,
  asicLimits,
  asicMediaType,
  readAsic,
  writeAsic,
} from '../../src/crypto/asic.ts';
import { inflate } from '../../src/crypto/asic-inflate.ts';
import {
  asicManifest,
  asicManifestName,
  asicSignatureName,
  parseAsicManifest,
} from '../../src/crypto/asic-manifest.ts';
import { verifyAsic } from '../../src/crypto/asic-verify.ts';
import { signCades } from '../../src/crypto/cms/sign-cades.ts';
import { derToPem } from '../../src/crypto/x509/pem.ts';
import { crc32 } from '../../src/crypto/zip-crc32.ts';
import { now } from './support/authorities.ts';
import { hasTool, runTool } from './support/tools.ts';
import { createTestWorld, valueOf } from './support/trust.ts';

const { seal, time, anchors, timestampAnchors, revocation, timestamps } = await createTestWorld();
const { signer } = await seal.issue({ algorithm: 'ES256' });
const trust = { anchors, timestampAnchors, revocation, at: now };
const files = {
  'records/manifest.json': utf8('{"記録":"指導要録"}'),
  'records/01-record.pdf': utf8(Array.from({ length: 20_000 }, (_, at) => `${at * 7919} 0 obj`).join('')),
  'records/empty.txt': new Uint8Array(),
};
const good = await container(files);

describe('a container', () => {
  it('verifies in every part after it was written', async () => {
    const verdict = await verifyAsic({ ...trust, bytes: good });
    expect(verdict).toMatchObject({ structure: 'valid', reasons: [] });
    expect(verdict.files.map(({ name, status }) => [name, status])).toEqual(
      Object.keys(files).map((name) => [name, 'valid']),
    );
    expect(verdict.signatures).toHaveLength(1);
    expect(verdict.signatures[0]?.verdict).toMatchObject({
      integrity: 'valid',
      time: { status: 'valid', genTime: now },
    });
    expect(verdict.container?.files.map(({ content }) => content)).toEqual(Object.values(files));
  });

  it('begins with its media type, as file(1) and every ASiC reader look for it', () => {
    expect(text(good.subarray(30, 38))).toBe('mimetype');
    expect(text(good.subarray(38, 38 + asicMediaType.length))).toBe(asicMediaType);
  });

  it('is exactly as long as was announced, and the same every time', async () => {
    const manifest = asicManifest(references(files));
    const signature = { manifest, signature: utf8('signature') };
    const entries = entriesOf(files);
    const written = await collect(writeAsic(entries, signature));
    expect(written.length).toBe(asicBytes(entries, signature));
    expect(await collect(writeAsic(entriesOf(files), signature))).toEqual(written);
  });

  it('is written without holding more than one chunk of its source', async () => {
    let taken = 0;
    const chunk = new Uint8Array(65_536);
    const hash = createHash('sha256');
    for (let at = 0; at < 200; at += 1) hash.update(chunk);
    async function* source() {
      for (; taken < 200; taken += 1) yield await Promise.resolve(chunk);
    }
    const entry = {
      name: 'a',
      mediaType: 'a/b',
      sha256: hash.digest('hex'),
      size: 200 * chunk.length,
      bytes: source(),
    };
    let given = 0;
    for await (const piece of writeAsic([entry], { manifest: utf8('m'), signature: utf8('s') })) {
      given += piece.length;
      expect(taken * chunk.length - given).toBeLessThanOrEqual(chunk.length);
      expect(piece.length).toBeLessThanOrEqual(chunk.length);
    }
    expect(taken).toBe(200);
  });

  it('has the CRC that everybody computes', () => {
    expect(crc32(utf8('123456789'), 0)).toBe(0xcbf43926);
    expect(crc32(utf8('6789'), crc32(utf8('12345'), 0))).toBe(0xcbf43926);
  });

  it('comes back from any contents in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 90_000 }),
        fc.integer({ min: 0, max: 70_000 }),
        async (contents, chunk, padding) => {
          const some = Object.fromEntries(contents.map((content, at) => [`records/${at}.bin`, content]));
          some['records/big.bin'] = new Uint8Array(padding).fill(7);
          const signature = { manifest: asicManifest(references(some)), signature: utf8('x') };
          const bytes = await collect(writeAsic(entriesOf(some, chunk), signature));
          expect(bytes.length).toBe(asicBytes(entriesOf(some), signature));
          const read = valueOf(readAsic(bytes, { ...asicLimits, nestedArchives: 'kept' }));
          expect(Object.fromEntries(read.files.map(({ name, content }) => [name, content]))).toEqual(some);
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);

  it('breaks off instead of ending when a file is not what was announced', async () => {
    const bend: ((entry: AsicEntry) => AsicEntry)[] = [
      (entry) => ({ ...entry, size: entry.size + 1 }),
      (entry) => ({ ...entry, size: entry.size - 1 }),
      (entry) => ({ ...entry, sha256: '0'.repeat(64) }),
      (entry) => ({ ...entry, name: '../evil.txt' }),
      (entry) => ({ ...entry, name: 'META-INF/other.p7s' }),
      (entry) => ({ ...entry, name: 'records//x' }),
      (entry) => ({ ...entry, name: 'mimetype' }),
      (entry) => ({ ...entry, name: '記録.json' }),
      (entry) => ({ ...entry, name: 'records/01-RECORD.pdf' }),
      (entry) => ({ ...entry, size: 2 ** 33 }),
    ];
    for (const change of bend) {
      const [first, ...others] = entriesOf(files);
      if (first === undefined) throw new Error('no entry');
      const writing = collect(writeAsic([...others, change(first)], { manifest: utf8('m'), signature: utf8('s') }));
      await expect(writing).rejects.toThrow(AsicWriteError);
    }
  });
});

describe('a changed container', () => {
  it('is refused whichever byte is flipped, but for fields of ZIP that mean nothing', async () => {
    const free = meaninglessOffsets(good);
    const offsets = Array.from({ length: good.length }, (_, at) => at);
    const interesting = offsets.filter((at) => at < 400 || at > good.length - 9000);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...interesting), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = new Uint8Array(good);
        changed[at] = (changed[at] ?? 0) ^ mask;
        const verdict = await verifyAsic({ ...trust, bytes: changed });
        if (verdict.reasons.length === 0 && free.has(at)) {
          expect(verdict.container).toEqual(valueOf(readAsic(good)));
          return;
        }
        // A stamp whose name was changed is no stamp any more; the time is then absent, not proved.
        expect([verdict.reasons.length > 0, verdict.signatures[0]?.verdict.time.status]).not.toEqual([false, 'valid']);
      }),
      { numRuns: 600 },
    );
  }, 120_000);

  it('tells files that were changed, added, taken away and listed twice apart', async () => {
    const manifest = asicManifest(references(files));
    const signature = valueOf(await signCades({ content: manifest, signer, timestamps }));
    const build = async (present: Readonly<Record<string, Uint8Array>>) =>
      verifyAsic({ ...trust, bytes: await collect(writeAsic(entriesOf(present), { manifest, signature })) });
    const changed = await build({ ...files, 'records/empty.txt': utf8('x') });
    expect(changed).toMatchObject({ structure: 'invalid', reasons: ['file-mismatch'] });
    expect((await build({ ...files, 'records/more.txt': utf8('x') })).reasons).toEqual(['file-unlisted']);
    const { 'records/empty.txt': _, ...fewer } = files;
    expect((await build(fewer)).reasons).toEqual(['file-missing']);
    expect(changed.signatures[0]?.verdict.reasons).toEqual([]);
  });

  it('refuses a second signature file, a second manifest over the same files and a manifest without its signature', async () => {
    const manifest = asicManifest(references(files));
    const signature = valueOf(await signCades({ content: manifest, signer, timestamps: null }));
    const whole = { ...files, [asicManifestName]: manifest, [asicSignatureName]: signature };
    const reasons = async (present: Readonly<Record<string, Uint8Array>>) =>
      (await verifyAsic({ ...trust, bytes: foreignZip(present) })).reasons;
    expect(await reasons(whole)).toEqual([]);
    expect(await reasons({ ...whole, 'META-INF/signature002.p7s': signature })).toEqual(['meta-unlisted']);
    expect(await reasons({ ...whole, 'META-INF/ASiCManifest002.xml': manifest })).toEqual([
      'signature-shared',
      'file-listed-twice',
    ]);
    expect(await reasons({ ...files, [asicManifestName]: manifest })).toEqual(['signature-missing']);
    expect(await reasons({ ...files, [asicSignatureName]: signature })).toEqual(['asic-manifest-missing']);
    expect(await reasons({ ...whole, [asicManifestName]: utf8('<x/>') })).toContain('manifest-malformed');
  });
});

describe('a hostile ZIP', () => {
  const reason = (bytes: Uint8Array, limits = asicLimits) => {
    const read = readAsic(bytes, limits);
    return read.ok ? 'read' : read.fault;
  };
  const zip = (entries: Readonly<Record<string, Uint8Array>>) => reason(foreignZip(entries));

  it.each(['../evil.txt', '/etc/passwd', 'a/../../b', 'a\\b', 'C:evil', 'a//b', './a', 'a\u0007b', 'folder/'])(
    'is refused for the name %j',
    (name) => {
      expect(zip({ [name]: utf8('x') })).toBe('zip-name');
    },
  );

  it('is refused when two names are one on some computer', () => {
    expect(zip({ 'a.txt': utf8('1'), 'A.TXT': utf8('2') })).toBe('zip-duplicate');
    expect(zip({ 'が.txt': utf8('1'), 'か\u3099.txt': utf8('2') })).toBe('zip-duplicate');
  });

  it('is refused for its number, size, ratio and nesting before anything is inflated', () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`f${at}`, utf8('x')]));
    expect(zip(many)).toBe('zip-too-many-entries');
    expect(reason(foreignZip({ a: new Uint8Array(2000) }), { ...asicLimits, maxBytes: 1000 })).toBe('zip-too-large');
    expect(zip({ bomb: new Uint8Array(1_000_000) })).toBe('zip-ratio');
    expect(zip({ 'inner.zip': utf8('x') })).toBe('zip-nested');
    expect(zip({ 'inner.bin': zipSync({ a: utf8('x') }) })).toBe('zip-nested');
    const kept = { ...asicLimits, nestedArchives: 'kept' as const };
    expect(reason(foreignZip({ 'scans.zip': zipSync({ a: utf8('x') }) }), kept)).toBe('asic-manifest-missing');
  });

  it('is refused when it lies about the size of what it holds', () => {
    const bytes = foreignZip({ data: utf8('abc'.repeat(100)) });
    const lies = patchSizes(bytes, 'data', 299);
    expect(reason(lies)).toBe('zip-content');
    expect(inflate(new Uint8Array(deflateRawSync(new Uint8Array(5_000_000))), 100)).toBeNull();
    expect(inflate(new Uint8Array(deflateRawSync(utf8('abcabcabc'))), 9)).toEqual(utf8('abcabcabc'));
  });

  it('is refused with anything before, between or after its parts, encrypted, or spanning disks', () => {
    const bytes = foreignZip({ a: utf8('x') });
    const end = bytes.length - 22;
    expect(reason(new Uint8Array([1, ...bytes]))).toBe('zip-malformed');
    expect(reason(new Uint8Array([...bytes, 0]))).toBe('zip-malformed');
    expect(reason(changed(bytes, end + 20, 1))).toBe('zip-malformed');
    expect(reason(changed(bytes, end + 4, 1))).toBe('zip-malformed');
    expect(reason(changed(bytes, end + 10, 1))).toBe('zip-malformed');
    expect(reason(changed(bytes, 6, 1))).toBe('zip-encrypted');
    expect(reason(changed(bytes, 8, 12))).toBe('zip-unsupported');
    // The time in it is now, and may end in any byte.
    expect(reason(changed(bytes, 10, (bytes[10] ?? 0) ^ 1))).toBe('zip-headers-differ');
    expect(reason(new Uint8Array())).toBe('zip-malformed');
  });

  it('is no container without the media type in the right place', () => {
    expect(reason(zipSync({ a: utf8('x'), mimetype: utf8(asicMediaType) }, { level: 0 }))).toBe('asic-mimetype');
    expect(reason(zipSync({ mimetype: utf8(`${asicMediaType}\n`) }, { level: 0 }))).toBe('asic-mimetype');
    expect(reason(zipSync({ mimetype: utf8(asicMediaType) }))).toBe('asic-mimetype');
  });

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(30), (at, value, cut) => {
        const bent = changed(good.subarray(0, good.length - cut), Math.min(at, good.length - cut - 1), value);
        readAsic(bent);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('a container manifest', () => {
  const manifest = text(asicManifest(references(files)));

  it('is read back as it was written', () => {
    expect(parseAsicManifest(utf8(manifest))).toEqual({ signature: asicSignatureName, references: references(files) });
    const odd = [{ name: 'records/a b&"<ü>.txt', mediaType: 'text/plain; a="<&>"', sha256: 'ab'.repeat(32) }];
    expect(parseAsicManifest(asicManifest(odd))?.references).toEqual(odd);
  });

  it.each([
    ['a document type', manifest.replace('?>\n', '?>\n<!DOCTYPE x [<!ENTITY e "x">]>\n')],
    ['an entity', manifest.replace('records/empty', 'records/&e;')],
    ['a processing instruction', manifest.replace('</asic:ASiCManifest>', '<?x y?></asic:ASiCManifest>')],
    ['a comment', manifest.replace('</asic:ASiCManifest>', '<!-- x --></asic:ASiCManifest>')],
    ['a CDATA section', manifest.replace(/(<ds:DigestValue>)([^<]+)/, '$1<![CDATA[$2]]>')],
    ['text between elements', manifest.replace('</asic:ASiCManifest>', 'x</asic:ASiCManifest>')],
    ['an unknown attribute', manifest.replace('<asic:SigReference ', '<asic:SigReference x="y" ')],
    ['an unknown element', manifest.replace('</asic:ASiCManifest>', '<x/></asic:ASiCManifest>')],
    ['another namespace', manifest.replace('02918/v1.2.1#', '02918/v9#')],
    ['another hash', manifest.replace('xmlenc#sha256', 'xmlenc#sha512')],
    ['a short digest', manifest.replace(/<ds:DigestValue>[^<]+/, '<ds:DigestValue>AAAA')],
    ['a file twice', manifest.replace('records/empty.txt', 'records/manifest.json')],
    ['a broken percent escape', manifest.replace('records/empty.txt', 'records/%zz.txt')],
    ['an element left open', manifest.replace('</asic:ASiCManifest>', '')],
    ['two roots', `${manifest}<x/>`],
    ['nothing', ''],
  ])('is refused with %s', (_, xml) => {
    expect(xml).not.toBe(manifest);
    expect(parseAsicManifest(utf8(xml))).toBeNull();
  });

  it('is refused when it is not UTF-8', () => {
    expect(parseAsicManifest(new Uint8Array([...utf8(manifest), 0xff]))).toBeNull();
  });
});

describe.skipIf(!hasTool('unzip', '-v') || !hasTool('openssl', 'version'))('the tools of others', () => {
  const at = String(Math.floor(now.getTime() / 1000));

  it('unzip finds the container whole and takes every file out as it went in', () => {
    expect(runTool('unzip', ['-t', 'x.asice'], { 'x.asice': good }).output).toContain('No errors detected');
    for (const [name, content] of Object.entries(files)) {
      expect(runTool('unzip', ['-p', 'x.asice', name], { 'x.asice': good }).stdout).toEqual(content);
    }
  });

  it('OpenSSL verifies the signature and its time stamp from what unzip took out', () => {
    const manifest = runTool('unzip', ['-p', 'x.asice', asicManifestName], { 'x.asice': good }).stdout;
    const signature = runTool('unzip', ['-p', 'x.asice', asicSignatureName], { 'x.asice': good }).stdout;
    const command =
      'cms -verify -cades -inform DER -in s.p7s -content m.xml -binary -CAfile root.pem -purpose any -out o';
    const verified = runTool('openssl', [...command.split(' '), '-attime', at], {
      's.p7s': signature,
      'm.xml': manifest,
      'root.pem': derToPem(seal.root, 'CERTIFICATE'),
    });
    expect(verified.output).toContain('CAdES Verification successful');
    expect(time.root.length).toBeGreaterThan(0);
  });

  it.skipIf(!hasTool('java', '-version'))('the streaming reader of Java takes it', () => {
    const source =
      'import java.util.zip.*;import java.io.*;class R{public static void main(String[] a)throws Exception{' +
      'var z=new ZipInputStream(new FileInputStream("x.asice"));ZipEntry e;while((e=z.getNextEntry())!=null)' +
      'System.out.println(e.getName()+" "+z.readAllBytes().length);}}';
    const read = runTool('java', ['R.java'], { 'x.asice': good, 'R.java': source }).output;
    for (const [name, content] of Object.entries(files)) expect(read).toContain(`${name} ${content.length}`);
  });
});

function utf8(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function references(of: Readonly<Record<string, Uint8Array>>) {
  return entriesOf(of).map(({ name, mediaType, sha256 }) => ({ name, mediaType, sha256 }));
}

function entriesOf(of: Readonly<Record<string, Uint8Array>>, chunk = 50_000): AsicEntry[] {
  return Object.entries(of).map(([name, content]) => ({
    name,
    mediaType: 'application/octet-stream',
    sha256: createHash('sha256').update(content).digest('hex'),
    size: content.length,
    bytes: inChunks(content, chunk),
  }));
}

async function* inChunks(content: Uint8Array, chunk: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += chunk) yield await Promise.resolve(content.subarray(at, at + chunk));
}

async function chunksOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(Buffer.concat(await chunksOf(stream)));
}

async function container(of: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const manifest = asicManifest(references(of));
  const signature = valueOf(await signCades({ content: manifest, signer, timestamps }));
  return collect(writeAsic(entriesOf(of), { manifest, signature }));
}

/** A container as another program would zip it: deflated, but for the media type. */
function foreignZip(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const named = Object.entries(entries).map(([name, content]) => [name, [content, { level: 6 }]] as const);
  return zipSync({ mimetype: [utf8(asicMediaType), { level: 0 }], ...Object.fromEntries(named) });
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at] = value;
  return copy;
}

/** Writes another inflated size into both headers of an entry. */
function patchSizes(bytes: Uint8Array, name: string, size: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const local = copy.indexOf(name) - 30;
  const central = copy.lastIndexOf(name) - 46;
  copy.writeUInt32LE(size, local + 22);
  copy.writeUInt32LE(size, central + 24);
  return new Uint8Array(copy);
}

/** Of each directory header: who made it, and the attributes of the file on his disk. */
function meaninglessOffsets(bytes: Uint8Array): ReadonlySet<number> {
  const buffer = Buffer.from(bytes);
  const offsets = new Set<number>();
  const marker = Buffer.from([0x50, 0x4b, 1, 2]);
  for (let at = buffer.indexOf(marker); at !== -1; at = buffer.indexOf(marker, at + 1)) {
    for (const field of [4, 5, 36, 37, 38, 39, 40, 41]) offsets.add(at + field);
  }
  return offsets;
}
