import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of the embedded PostgreSQL and all its processes, living and gone; null where there is no /proc. */
export async function databaseCpuMs(clusterFolder: string): Promise<number | null> {
  const server = Number((await readFile(join(clusterFolder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const names = await readdir('/proc').catch(() => []);
  let ticks: number | null = null;
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // proc(5): the fields after the name in parentheses; 4 is the parent, 14–17 the times, also of waited-for children.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(name) !== server && Number(fields[1]) !== server) continue;
    const times = Number(name) === server ? fields.slice(11, 15) : fields.slice(11, 13);
    ticks = times.reduce((sum, time) => sum + Number(time), ticks ?? 0);
  }
  // USER_HZ is 100 on every Linux that Node runs on.
  return ticks === null ? null : ticks * 10;
}
