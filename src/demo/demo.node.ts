import { playDemo } from './story/play.node.ts';

/** `npm run demo`: the whole job in a fresh world; ends with 0 only when all of it held. */
const began = performance.now();
const folder = process.env['DEMO_DIRECTORY'] ?? '.data';
const print = (text: string) => console.log(text);
print('引継ぎ Hikitsugi — 実演 / demonstration');
try {
  const failures = await playDemo({ folder, print });
  const seconds = Math.round((performance.now() - began) / 1000);
  if (failures.length === 0) {
    print(
      `\n✓ すべて成り立ちました（${seconds} 秒）。結果は ${folder}/demo/ にあります / all of it held; see ${folder}/demo/`,
    );
  } else {
    print(`\n✗ 成り立たなかったこと / what did not hold:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
    process.exitCode = 1;
  }
} catch (error) {
  print('\n✗ 実演を続けられませんでした / the demonstration could not go on');
  console.error(error);
  process.exitCode = 1;
}
