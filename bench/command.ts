import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { treeMemory } from './process-tree.ts';

const bin = fileURLToPath(new URL('../bin/mitate.js', import.meta.url));

export interface CommandResult {
  seconds: number;
  /** Bytes, sampled 10 times a second over the whole process tree. */
  peakMemory: number;
  /** Last line of stdout, as JSON. */
  json: unknown;
  code: number | null;
}

/** Runs the built command as a user would (`mitate ... --json`) and watches its memory. */
export async function mitate(args: readonly string[]): Promise<CommandResult> {
  const started = performance.now();
  const child = spawn(process.execPath, [bin, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  let peakMemory = 0;
  const sampler = setInterval(() => {
    peakMemory = Math.max(peakMemory, treeMemory(child.pid as number));
  }, 100);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(sampler);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`mitate ${args.join(' ')} ended with ${code}:\n${stderr.slice(-2000)}`);
  const last = stdout.trim().split('\n').at(-1) ?? 'null';
  return { seconds, peakMemory, json: JSON.parse(last), code };
}
