import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { JPKI_AUTHENTICATION_POLICY, JPKI_SIGNATURE_POLICY } from '../../../src/crypto/x509/jpki.ts';
import { jpkiHolder, markSubstitutes } from '../../../src/crypto/x509/jpki-holder.ts';
import { hex, oid, tlv, utf8 } from './der-writer.ts';
import { parsed } from './make.ts';
import { alternatives, policies, type TestWorld, testWorld } from './test-world.ts';

const name = '東海林　鷗';
const address = '長野県白樺平市見本１－２－３';
const usual: Fields = {
  1: name,
  2: '00000',
  3: '2',
  4: '420080429',
  5: address,
  6: '0'.repeat(Array.from(address).length),
};

/** By the last arc of 1.2.392.200149.8.5.5.x; a value that is no text goes as it is. */
type Fields = Readonly<Record<number, string | Uint8Array | undefined>>;

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});

function field(number: number, value: string | Uint8Array): Uint8Array {
  const inner = typeof value === 'string' ? utf8(value) : value;
  return tlv(0xa0, oid(`1.2.392.200149.8.5.5.${number}`), tlv(0xa0, inner));
}

async function read(fields: Fields, order = Object.keys(fields).map(Number), policy = JPKI_SIGNATURE_POLICY) {
  const names = order.flatMap((number) => {
    const value = fields[number];
    return value === undefined ? [] : [field(number, value)];
  });
  const twice = [policies(policy), ...(names.length === 0 ? [] : [alternatives(...names)])];
  return jpkiHolder(parsed(await world.leaf({ twice })));
}

describe('the holder of a JPKI signature certificate', () => {
  it('is read with name, sex, birth date and address', async () => {
    expect(await read(usual)).toEqual({
      ok: true,
      value: {
        name: { text: name, substituted: [] },
        nameParts: ['東海林', '鷗'],
        sex: 'female',
        birthDate: '2008-04-29',
        address: { text: address, substituted: [] },
      },
    });
  });

  it('is read in whatever order the card has put the fields', async () => {
    const expected = await read(usual);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }), async (order) => {
        expect(await read(usual, order)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('says which characters stand for others, also outside the basic plane', async () => {
    const holder = await read({ ...usual, 1: '𠮷田　花', 2: '1000' });
    if (!holder.ok) throw new Error(holder.fault);
    expect(holder.value.name.substituted).toEqual([0]);
    expect(markSubstitutes(holder.value.name)).toBe('〓田　花');
    expect(holder.value.nameParts).toEqual(['𠮷田', '花']);
    const silent = await read({ ...usual, 2: undefined });
    expect(silent).toMatchObject({ value: { name: { substituted: null } } });
  });

  it('may have one name, or several, and none of them empty', async () => {
    const partsOf = async (text: string) => {
      const holder = await read({ ...usual, 1: text, 2: undefined });
      return holder.ok ? holder.value.nameParts : null;
    };
    expect(await partsOf('ブッダ')).toEqual(['ブッダ']);
    expect(await partsOf('ＤＥ　ＬＡ　ＣＲＵＺ')).toEqual(['ＤＥ', 'ＬＡ', 'ＣＲＵＺ']);
    expect(await partsOf('　一　　一　')).toEqual(['一', '一']);
  });

  it('reads the Gregorian date behind the era digit, and no day that does not exist', async () => {
    const birthDateOf = async (text: string) => {
      const holder = await read({ ...usual, 4: text });
      return holder.ok ? holder.value.birthDate : holder.fault;
    };
    expect(await birthDateOf('319890107')).toBe('1989-01-07');
    expect(await birthDateOf('419890108')).toBe('1989-01-08');
    expect(await birthDateOf('520240229')).toBe('2024-02-29');
    expect(await birthDateOf('520230229')).toBeNull();
    expect(await birthDateOf('319450000')).toBeNull();
    for (const wrong of ['20080429', '4200804290', 'H20080429', '４２００８０４２９', '']) {
      expect(await birthDateOf(wrong)).toBe('holder-malformed');
    }
  });

  it('is refused when a field is missing, comes twice, is no text or has flags of another length', async () => {
    for (const missing of [1, 3, 4, 5]) {
      expect(await read({ ...usual, [missing]: undefined })).toMatchObject({ fault: 'holder-missing' });
    }
    expect(await read({})).toMatchObject({ fault: 'holder-missing' });
    expect(await read(usual, [1, 2, 3, 4, 5, 6, 1])).toMatchObject({ fault: 'holder-malformed' });
    for (const wrong of [hex('1603414243'), hex('0500')]) {
      expect(await read({ ...usual, 1: wrong })).toMatchObject({ fault: 'holder-malformed' });
    }
    for (const flags of ['0000', '000000', '0000x', '']) {
      expect(await read({ ...usual, 2: flags })).toMatchObject({ fault: 'holder-malformed' });
    }
  });

  it('is never read out of an authentication certificate', async () => {
    const order = Object.keys(usual).map(Number);
    const refused = { fault: 'not-a-signature-certificate' };
    expect(await read(usual, order, JPKI_AUTHENTICATION_POLICY)).toMatchObject(refused);
    expect(await read(usual, order, '1.2.3')).toMatchObject(refused);
  });
});
