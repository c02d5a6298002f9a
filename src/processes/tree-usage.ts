import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;
const pageBytes = 4_096;

export interface TreeUsage {
  /** Of this process and of all that it started, ended ones too. */
  cpuSeconds: number;
  /** That they hold now; what processes share counts once, and a database in a process of its own does not. */
  memoryBytes: number;
}

/** CPU time and memory of this process and its descendants, from /proc; elsewhere than on Linux, of this process alone. */
export function treeUsage(): TreeUsage {
  const total: TreeUsage = { cpuSeconds: 0, memoryBytes: 0 };
  const waiting = [process.pid];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const stat = read(pid, 'stat');
    if (stat === null || read(pid, 'cmdline')?.includes('pglite-process')) continue;
    // the name in parentheses may have spaces: fields are counted from behind it
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
    const [, resident = 0, shared = 0] = (read(pid, 'statm') ?? '').split(' ').map(Number);
    total.cpuSeconds += ticks / ticksPerSecond;
    total.memoryBytes += (pid === process.pid ? resident : Math.max(0, resident - shared)) * pageBytes;
    waiting.push(...(read(pid, `task/${pid}/children`)?.split(' ').filter(Boolean).map(Number) ?? []));
  }
  if (total.memoryBytes > 0) return total;
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, memoryBytes: process.memoryUsage.rss() };
}

function read(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}
