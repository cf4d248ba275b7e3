/** Hand-made PDFs, for what no library would write. Texts are latin1; lengths and offsets are computed unless given. */

export type Objects = Readonly<Record<number, string | Buffer>>;

export const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
const pages = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>';
/** One empty page; objects 1 to 3. */
export const onePage: Objects = { 1: catalog, 2: pages, 3: page };

export function stream(dictionary: string, data: Buffer | string): Buffer {
  const bytes = Buffer.from(data);
  return Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${bytes.length} >>\nstream\n`, 'latin1'),
    bytes,
    Buffer.from('\nendstream'),
  ]);
}

interface Body {
  readonly bytes: Buffer;
  readonly offsets: ReadonlyMap<number, number>;
}

/** Objects one after the other, behind what is there already. */
export function writeObjects(before: Buffer, objects: Objects): Body {
  const parts = [before];
  let length = before.length;
  const offsets = new Map<number, number>();
  for (const [number, content] of Object.entries(objects)) {
    offsets.set(Number(number), length);
    const part = Buffer.concat([
      Buffer.from(`${number} 0 obj\n`),
      Buffer.from(typeof content === 'string' ? Buffer.from(content, 'latin1') : content),
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(part);
    length += part.length;
  }
  return { bytes: Buffer.concat(parts), offsets };
}

export function table(offsets: ReadonlyMap<number, number>): string {
  const lines = [...offsets].map(([number, offset]) => `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`);
  return `xref\n0 1\n0000000000 65535 f \n${lines.join('')}`;
}

export const header = Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1');

/** A file of one revision with a table. */
export function makePdf(objects: Objects, trailer = '/Root 1 0 R /Size 99'): Buffer {
  return addRevision(header, objects, trailer);
}

/** A further revision behind a file, or the first behind a header. */
export function addRevision(file: Buffer, objects: Objects, trailer: string): Buffer {
  const { bytes, offsets } = writeObjects(file, objects);
  return Buffer.concat([
    bytes,
    Buffer.from(`${table(offsets)}trailer\n<< ${trailer} >>\nstartxref\n${bytes.length}\n%%EOF\n`, 'latin1'),
  ]);
}

export function startOfXref(file: Buffer): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file.toString('latin1'))?.[1]);
}

/** Content of an object stream: header and objects. */
export function objectStream(inner: Readonly<Record<number, string>>): {
  readonly first: number;
  readonly data: Buffer;
} {
  const places: string[] = [];
  let body = '';
  for (const [number, content] of Object.entries(inner)) {
    places.push(`${number} ${body.length}`);
    body += `${content} `;
  }
  const head = `${places.join(' ')} `;
  return { first: head.length, data: Buffer.from(head + body, 'latin1') };
}

type Entry = readonly [type: number, second: number, third: number];

/** A cross-reference stream in the widths 1, 4, 2. */
export function xrefStream(entries: ReadonlyMap<number, Entry>, more: string): Buffer {
  const index = [...entries.keys()].map((number) => `${number} 1`).join(' ');
  const rows = [...entries.values()].map(([type, second, third]) => {
    const row = Buffer.alloc(7);
    row.writeUInt8(type, 0);
    row.writeUInt32BE(second, 1);
    row.writeUInt16BE(third, 5);
    return row;
  });
  return stream(`/Type /XRef /W [1 4 2] /Index [${index}] /Size 99 ${more}`, Buffer.concat(rows));
}
