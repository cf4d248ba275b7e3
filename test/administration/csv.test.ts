import { describe, expect, it } from 'vitest';
import { charsetOf, decodeCsv, parseCsv, writeCsv } from '../../src/administration/csv.ts';

describe('a CSV', () => {
  const fieldsOf = (text: string) => {
    const parsed = parseCsv(text);
    return parsed.ok ? parsed.value.map(({ fields }) => fields) : parsed.fault;
  };

  it('is read with quotes, without, and with both; with every end of line, and none at the end', () => {
    const wanted = [
      ['a', 'b'],
      ['c,d', '"e"'],
    ];
    expect(fieldsOf('a,b\r\n"c,d","""e"""\r\n')).toEqual(wanted);
    expect(fieldsOf('"a","b"\n"c,d","""e"""')).toEqual(wanted);
    expect(fieldsOf('a, b \r"c,d","""e"""\r\r')).toEqual(wanted);
    expect(fieldsOf('a,\n,b')).toEqual([
      ['a', ''],
      ['', 'b'],
    ]);
    expect(fieldsOf('')).toEqual([]);
  });

  it('keeps the numbers of its lines, through empty ones and fields of several lines', () => {
    const parsed = parseCsv('a\n\n"b\nb"\nc\n');
    expect(parsed.ok && parsed.value.map(({ line }) => line)).toEqual([1, 3, 5]);
  });

  it('is refused when a quote is left open or stands in the middle', () => {
    expect(fieldsOf('a,"b\nc')).toBe('quotes');
    expect(fieldsOf('a"b,c')).toBe('quotes');
    expect(fieldsOf('"a"b,c')).toBe('quotes');
  });

  it('takes a long hostile file in its stride', () => {
    expect(fieldsOf(`"${'""'.repeat(30_000)}`)).toBe('quotes');
    expect(fieldsOf(','.repeat(60_000))).toEqual([]);
  });

  it('is written so that no spreadsheet runs it, and read back as it was', () => {
    const rows = [['=1+1', '+1', '-1', '@x', '\tx', "o'clock", 'say "no"', '髙橋　一郎', '']];
    const text = writeCsv(rows);
    expect(text).toContain('"\'=1+1","\'+1","\'-1","\'@x","\'\tx","o\'clock"');
    const bytes = new TextEncoder().encode(text);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const decoded = decodeCsv(bytes, 'auto');
    expect(decoded.ok && fieldsOf(decoded.value)).toEqual(rows);
  });

  it('is UTF-8 or cp932, as declared or as found', () => {
    // 髙橋①, with what Shift_JIS of JIS X 0208 does not have.
    const cp932 = new Uint8Array([0xfb, 0xfc, 0x8b, 0xb4, 0x87, 0x40]);
    const text = (bytes: Uint8Array, charset: Parameters<typeof decodeCsv>[1]) => {
      const decoded = decodeCsv(bytes, charset);
      return decoded.ok ? decoded.value : decoded.fault;
    };
    expect([text(cp932, 'auto'), text(cp932, 'cp932'), text(cp932, 'utf-8')]).toEqual(['髙橋①', '髙橋①', 'charset']);
    const utf8 = new TextEncoder().encode('髙橋①');
    expect([text(utf8, 'auto'), text(utf8, 'utf-8')]).toEqual(['髙橋①', '髙橋①']);
    expect(text(new Uint8Array([0xff, 0xff]), 'auto')).toBe('charset');
    expect(['text/csv; charset=Shift_JIS', 'text/csv;charset="windows-31j"', 'text/csv'].map(charsetOf)).toEqual([
      'cp932',
      'cp932',
      'auto',
    ]);
  });
});
