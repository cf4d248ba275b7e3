import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDer, DerError, scanDer } from '../../src/crypto/der.ts';
import { countOf, namedBitsOf, oidOf, timeOf } from '../../src/crypto/der-reader.ts';
import { hex, oid, sequence, time, tlv, utf8 } from './x509/der-writer.ts';

describe('the strict DER scanner', () => {
  it.each([
    ['trailing bytes', '0500 00', 'der.trailing-bytes'],
    ['a length that is not the shortest', '04 81 01 00', 'der.length'],
    ['a length with a leading zero', `04 82 00 80 ${'00'.repeat(128)}`, 'der.length'],
    ['an indefinite length', '3080 0500 0000', 'der.length'],
    ['a length of five octets', '04 85 0100000000', 'der.length'],
    ['a value that ends too early', '04 05 00', 'der.truncated'],
    ['nothing at all', '', 'der.truncated'],
    ['BOOLEAN 01', '010101', 'der.boolean'],
    ['an INTEGER with nine zero bits', '02020001', 'der.integer'],
    ['an INTEGER with nine one bits', '0202ff80', 'der.integer'],
    ['an empty INTEGER', '0200', 'der.truncated'],
    ['a NULL with content', '050100', 'der.null'],
    ['an OID with a padded arc', '0603 2a8001', 'der.oid'],
    ['an OID that stops inside an arc', '0602 2a81', 'der.oid'],
    ['an empty OID', '0600', 'der.oid'],
    ['a BIT STRING with padding that is not zero', '03020101', 'der.bit-string'],
    ['a BIT STRING with eight unused bits', '03020800', 'der.bit-string'],
    ['an empty BIT STRING with unused bits', '030101', 'der.bit-string'],
    ['a constructed OCTET STRING', '24050403000000', 'der.tag'],
    ['a primitive SEQUENCE', '1000', 'der.tag'],
    ['a long tag number', '1f8101 00', 'der.tag'],
    ['an end-of-contents', '0000', 'der.tag'],
    ['an unsorted SET', '3106 020102 020101', 'der.set-order'],
    ['a UTF8String that is none', '0c02c080', 'der.utf8'],
    ['a surrogate in UTF-8', '0c03eda080', 'der.utf8'],
  ])('refuses %s', (_what, bytes, reason) => {
    expect(checkDer(hex(bytes))).toEqual({ ok: false, fault: reason });
  });

  it('accepts what is right', () => {
    for (const bytes of [
      '0101ff',
      '020100',
      '0202ff7f',
      '03020780',
      '030100',
      '3106020101020102',
      '3000',
      'a003020102',
    ]) {
      expect(checkDer(hex(bytes))).toEqual({ ok: true, value: true });
    }
  });

  it('stops at its limits of depth and size', () => {
    const nested = (depth: number): Uint8Array => (depth === 1 ? hex('0500') : sequence(nested(depth - 1)));
    expect(checkDer(nested(32))).toMatchObject({ ok: true });
    expect(checkDer(nested(33))).toEqual({ ok: false, fault: 'der.too-deep' });
    expect(checkDer(nested(3), { maxDepth: 2 })).toEqual({ ok: false, fault: 'der.too-deep' });
    expect(checkDer(hex('04020000'), { maxBytes: 3 })).toEqual({ ok: false, fault: 'der.too-large' });
  });

  it('answers every input, and what it accepts is spelled in one way only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const result = checkDer(bytes);
        if (result.ok) expect(scanDer(bytes).bytes).toEqual(bytes);
      }),
      { numRuns: 3_000 },
    );
  });

  it('accepts every tree written in DER and refuses it with anything behind it', () => {
    const { tree } = fc.letrec<{ tree: Uint8Array }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.uint8Array({ maxLength: 300 }).map((content) => tlv(0x04, content)),
        fc.string({ unit: 'binary' }).map((text) => utf8(text.toWellFormed())),
        fc.array(tie('tree'), { maxLength: 4 }).map((members) => sequence(...members)),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.uint8Array({ minLength: 1, maxLength: 3 }), (der, tail) => {
        expect(checkDer(der)).toEqual({ ok: true, value: true });
        expect(checkDer(Uint8Array.from([...der, ...tail])).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the DER readers', () => {
  it('reads object identifiers of any arc', () => {
    for (const text of [
      '2.5.29.15',
      '1.2.840.113549.1.1.11',
      '2.999.1',
      '0.9.2342.19200300.100.1.1',
      '1.2.392.200149.8.5.1.3.30',
    ]) {
      expect(oidOf(scanDer(oid(text)))).toBe(text);
    }
    expect(() => oidOf(scanDer(tlv(0x06, new Uint8Array(40).fill(0xff, 0, 39))))).toThrow(DerError);
  });

  it('reads both forms of time and no other spelling', () => {
    const dates = [
      '1950-01-01T00:00:00.000Z',
      '2049-12-31T23:59:59.000Z',
      '2050-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.000Z',
    ];
    for (const date of dates) expect(timeOf(scanDer(time(new Date(date)))).date.toISOString()).toBe(date);
    for (const text of ['260615120000+0900', '2606151200Z', '260230000000Z', '260615240000Z', '2606151200 0Z']) {
      expect(() => timeOf(scanDer(utf8(text, 0x17)))).toThrow(DerError);
    }
    expect(() => timeOf(scanDer(utf8('20260615120000.5Z', 0x18)))).toThrow(DerError);
  });

  it('reads named bits only without trailing zeros', () => {
    expect(namedBitsOf(scanDer(hex('03020106')))).toEqual([5, 6]);
    expect(namedBitsOf(scanDer(hex('0303070080')))).toEqual([8]);
    expect(() => namedBitsOf(scanDer(hex('03020006')))).toThrow(DerError);
    expect(() => namedBitsOf(scanDer(hex('0303000600')))).toThrow(DerError);
  });

  it('reads counts that are not negative and not huge', () => {
    expect(countOf(scanDer(hex('02047fffffff')))).toBe(2_147_483_647);
    expect(() => countOf(scanDer(hex('0201ff')))).toThrow(DerError);
    expect(() => countOf(scanDer(hex('020500ffffffff')))).toThrow(DerError);
    // Under an implicit tag the scanner cannot see that it is an INTEGER.
    expect(() => countOf(scanDer(hex('80020001')), 0x80)).toThrow(DerError);
  });
});
