import { describe, expect, it } from 'vitest';
import { evidencePairs } from '../../src/bench/evidence-pairs.node.ts';
import { openEvidenceSamples } from '../../src/bench/evidence-samples.node.ts';
import type { Workload } from '../../src/bench/messages.ts';
import { type Pair, pairRows, playPairs } from '../../src/bench/play-pairs.node.ts';
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
    const { ratios } = toReport({ mode: 'quick', cores: 2, connections: 32, turns, large: [], ...noPairs });
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
      ...noPairs,
    });
    expect(workloads[0]).toMatchObject({ perSecond: 10, serverCpuMsEach: 2, databaseCpuMsEach: null });
  });

  it('judges memory by how far it rises, and large uploads by their time', () => {
    const large: readonly LargeTurn[] = [
      { round: 0, to: 'gateway', seconds: 4, bytes: 2 ** 30, riseBytes: 70 * 2 ** 20 },
      { round: 0, to: 'honoRaw', seconds: 3, bytes: 2 ** 30, riseBytes: 0 },
    ];
    const { ratios } = toReport({ mode: 'full', cores: 2, connections: 32, turns: [], large, ...noPairs });
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

const noPairs = { pairs: [], pairRatios: [] };

describe('pairs of the bench', () => {
  const nothing = () => Promise.resolve();
  const pair = (goal: Pair['goal']): Pair => ({
    name: 'X',
    what: 'ours / theirs',
    goal,
    ours: nothing,
    theirs: nothing,
  });
  const turns = [
    { name: 'X', round: 0, oursPerCpuSecond: 30, theirsPerCpuSecond: 100 },
    { name: 'X', round: 1, oursPerCpuSecond: 10, theirsPerCpuSecond: 10 },
    { name: 'X', round: 2, oursPerCpuSecond: 20, theirsPerCpuSecond: 40 },
  ];

  it('are judged by the median of their ratios, by their own rate, or not at all', () => {
    const rows = [{ ratio: 0.6 }, { ratio: 0.5 }, { perCpuSecond: 20 }, { perCpuSecond: 21 }, null].flatMap((goal) =>
      pairRows([pair(goal)], turns),
    );
    expect(rows.map(({ ratio, lowest, highest, isMet }) => [ratio, lowest, highest, isMet])).toEqual([
      [0.5, 0.3, 1, false],
      [0.5, 0.3, 1, true],
      [0.5, 0.3, 1, true],
      [0.5, 0.3, 1, false],
      [0.5, 0.3, 1, null],
    ]);
  });

  it('have their turns one after the other, and an act that fails ends the run', async () => {
    const seen: string[] = [];
    const named = (name: string) => () => {
      if (seen.at(-1) !== name) seen.push(name);
      return Promise.resolve();
    };
    const plan = { rounds: 2, seconds: 0.005, warmUpSeconds: 0.001 };
    const played = await playPairs([{ ...pair(null), ours: named('ours'), theirs: named('theirs') }], plan);
    expect(seen).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
    expect(
      played.every(({ oursPerCpuSecond, theirsPerCpuSecond }) => oursPerCpuSecond > 0 && theirsPerCpuSecond > 0),
    ).toBe(true);
    const broken = { ...pair(null), ours: () => Promise.reject(new Error('refused')) };
    await expect(playPairs([broken], plan)).rejects.toThrow('refused');
  });
});

describe('the evidence that the bench measures', () => {
  it('is good in every act, ours and theirs', async () => {
    const samples = await openEvidenceSamples();
    try {
      const pairs = await evidencePairs(samples);
      expect(pairs.map(({ name }) => name)).toEqual(['PDF', 'B8', 'B8 new', 'B10']);
      for (const { ours, theirs } of pairs) await Promise.all([ours(), theirs()]);
    } finally {
      await samples.close();
    }
  }, 30_000);
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
