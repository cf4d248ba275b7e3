import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatDate,
  formatDateTime,
  formatDay,
  formatEraDay,
  formatMonth,
  formatNumber,
} from '../../src/web/format.ts';

describe('times', () => {
  it('are told as in Japan, whatever the zone of the server', () => {
    const at = new Date('2027-03-24T15:05:00Z');
    expect(formatDateTime('ja', at)).toBe('2027年3月25日 00:05');
    expect(formatDateTime('en', at)).toBe('25 March 2027, 00:05');
    expect(formatDate('ja', at)).toBe('2027年3月25日');
  });

  it('keep a calendar day as it is', () => {
    expect(formatDay('ja', '2027-04-01')).toBe('2027年4月1日');
    expect(formatDay('en', '2027-04-01')).toBe('1 April 2027');
    expect(formatDay('ja', 'unknown')).toBe('unknown');
  });

  it('name a month', () => {
    expect([formatMonth('ja', '2027-03-01'), formatMonth('en', '2027-03-01')]).toEqual(['2027年3月', 'March 2027']);
    expect([formatMonth('ja', '2027-03-01', 'axis'), formatMonth('en', '2027-03-01', 'axis')]).toEqual(['3月', 'Mar']);
  });

  it('know the eras of Japan', () => {
    expect(formatEraDay('2027-03-25')).toBe('令和9年3月25日');
    expect(formatEraDay('2019-04-30')).toBe('平成31年4月30日');
    expect(formatEraDay('2019-05-01')).toBe('令和元年5月1日');
    expect(formatEraDay('x')).toBe('x');
  });
});

describe('numbers', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KB'],
    [1_500_000, '1.4 MB'],
    [20 * 1024 * 1024, '20 MB'],
    [3 * 1024 ** 4, '3 TB'],
    [5000 * 1024 ** 4, '5,000 TB'],
  ])('tell %d bytes as %s', (bytes, text) => {
    expect(formatBytes('ja', bytes)).toBe(text);
  });

  it('are grouped', () => {
    expect(formatNumber('ja', 35_000)).toBe('35,000');
  });
});
