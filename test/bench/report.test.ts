import { describe, expect, it } from 'vitest';
import type { Workload } from '../../src/bench/messages.ts';
import { type LargeTurn, type Turn, toReport } from '../../src/bench/report.ts';
import { openLargePng } from '../../src/bench/sample-files.node.ts';
import { median, percentile } from '../../src/bench/statistics.ts';
import { pngReader } from '../../src/records/inspect-png.ts';

describe('the report of the bench', () => {
  it('takes the median of the ratios of each round, not the ratio of medians', () => {
    const turns = [
      ...round(0, { package: 10, tus: 100 }),
      ...round(1, { package: 30, tus: 100 }),
      ...round(2, { package: 4, tus: 10 }),
    ];
    const { ratios } = toReport({ mode: 'quick', cores: 2, connections: 32, turns, large: [] });
    expect(ratios).toEqual([
      expect.objectContaining({ name: 'B1', ratio: 0.3, lowest: 0.1, highest: 0.4, isMet: false }),
    ]);
  });

  it('counts processor time for each act done', () => {
    const { workloads } = toReport({
      mode: 'quick',
      cores: 2,
      connections: 32,
      turns: round(0, { package: 10 }),
      large: [],
    });
    expect(workloads[0]).toMatchObject({ perSecond: 10, serverCpuMsEach: 2, databaseCpuMsEach: null });
  });

  it('judges memory by how far it rises, and large uploads by their time', () => {
    const large: readonly LargeTurn[] = [
      { round: 0, to: 'gateway', seconds: 4, bytes: 2 ** 30, riseBytes: 70 * 2 ** 20 },
      { round: 0, to: 'honoRaw', seconds: 3, bytes: 2 ** 30, riseBytes: 0 },
    ];
    const { ratios } = toReport({ mode: 'full', cores: 2, connections: 32, turns: [], large });
    expect(ratios.map(({ name, ratio, isMet }) => ({ name, ratio, isMet }))).toEqual([
      { name: 'B4', ratio: 0.75, isMet: true },
      { name: 'B4 memory', ratio: 70, isMet: false },
    ]);
  });

  it('knows medians and percentiles of odd, even and no values', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0]);
    expect([percentile([5, 1, 3], 0.5), percentile([1, 2], 0.99), percentile([], 0.5)]).toEqual([3, 2, 0]);
  });
});

describe('the large picture of the bench', () => {
  it('is a PNG in every check that an upload meets, and exactly as long as it says', async () => {
    const png = openLargePng(3 * 2 ** 20 + 5);
    const reader = pngReader();
    let bytes = 0;
    for await (const piece of png.read()) {
      bytes += piece.length;
      expect(reader.take(piece)).toBeUndefined();
    }
    expect(reader.end()).toBeUndefined();
    expect([bytes, png.bytes]).toEqual([3 * 2 ** 20 + 5, 3 * 2 ** 20 + 5]);
  });
});

/** Turns of one second each. */
function round(number: number, done: Partial<Record<Workload, number>>): Turn[] {
  return Object.entries(done).map(([workload, count]) => ({
    // Sound: the keys are workloads by the parameter's type.
    workload: workload as Workload,
    round: number,
    done: count,
    seconds: 1,
    medianMs: 1,
    p99Ms: 1,
    loadCpuMs: count,
    serverCpuMs: count * 2,
    databaseCpuMs: null,
  }));
}
