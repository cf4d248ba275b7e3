import { describe, expect, it } from 'vitest';
import { parseCertificateCode } from '../../src/certificates/issue/code.ts';

const code = 'ABCDEFGH234567AB';

describe('the code on a certificate, as it is typed', () => {
  it.each([
    code,
    ' abcd efgh 2345 67ab ',
    'ABCD-EFGH-2345-67AB',
    'ＡＢＣＤ－ＥＦＧＨ　２３４５６７ａｂ',
    'ABCD–EFGH−2345ー67AB',
    `https://gateway.example/c/${code}`,
    `https://gateway.example/c/${code}?lang=ja#top`,
  ])('is read from %j', (typed) => {
    expect(parseCertificateCode(typed)).toEqual({ ok: true, value: code });
  });

  it.each([
    ['', 'empty'],
    [' 　-', 'empty'],
    ['2026-000017', 'number'],
    ['２０２６－０００４０２', 'number'],
    ['ABCDEFGH234567A', 'length'],
    [`${code}A`, 'length'],
    ['ABCDEFGH23456780', 'characters'],
    ['ABCDEFGH234567Aé', 'characters'],
    [`https://gateway.example/verify#${code}`, 'characters'],
  ])('of %j says what is wrong: %s', (typed, problem) => {
    expect(parseCertificateCode(typed)).toEqual({ ok: false, fault: problem });
  });
});
