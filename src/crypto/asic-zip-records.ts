/** The records of a ZIP file that we write (APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.3.16). */

export interface ZipRecord {
  readonly name: string;
  /** 0 stored, 8 deflate. */
  readonly method: 0 | 8;
  /** When the CRC is not known before the bytes, it follows them. */
  readonly crcFollows: 'yes' | 'no';
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

// 1 January 1980, the first moment of DOS time: the same content gives the same container.
const dosDate = 0x0021;
const versionNeeded = 20;
/** APPNOTE 4.4.4: bit 3, sizes and CRC in a descriptor behind the data. */
const descriptorFlag = 0x0008;

export function localHeader(record: ZipRecord): Uint8Array {
  const known = record.crcFollows === 'no' ? record : { crc: 0, compressed: 0, size: 0 };
  return withName(30, record.name, (view) => {
    view.setUint32(0, 0x04034b50, true);
    commonFields(view, 4, record);
    sizes(view, 14, known);
    view.setUint16(26, record.name.length, true);
  });
}

export function dataDescriptor(record: ZipRecord): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, 0x08074b50, true);
  sizes(view, 4, record);
  return new Uint8Array(view.buffer);
}

export function centralHeader(record: ZipRecord): Uint8Array {
  return withName(46, record.name, (view) => {
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(4, versionNeeded, true);
    commonFields(view, 6, record);
    sizes(view, 16, record);
    view.setUint16(28, record.name.length, true);
    view.setUint32(42, record.offset, true);
  });
}

export function endRecord(input: {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}): Uint8Array {
  const view = new DataView(new ArrayBuffer(22));
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, input.entries, true);
  view.setUint16(10, input.entries, true);
  view.setUint32(12, input.bytes, true);
  view.setUint32(16, input.offset, true);
  return new Uint8Array(view.buffer);
}

function commonFields(view: DataView, at: number, record: ZipRecord): void {
  view.setUint16(at, versionNeeded, true);
  view.setUint16(at + 2, record.crcFollows === 'yes' ? descriptorFlag : 0, true);
  view.setUint16(at + 4, record.method, true);
  view.setUint16(at + 8, dosDate, true);
}

function sizes(view: DataView, at: number, record: Pick<ZipRecord, 'crc' | 'compressed' | 'size'>): void {
  view.setUint32(at, record.crc, true);
  view.setUint32(at + 4, record.compressed, true);
  view.setUint32(at + 8, record.size, true);
}

function withName(fixed: number, name: string, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(fixed + name.length);
  fill(new DataView(bytes.buffer));
  bytes.set(new TextEncoder().encode(name), fixed);
  return bytes;
}
