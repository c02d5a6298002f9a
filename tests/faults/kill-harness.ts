import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../../src/orchestrator/events.ts';
import type { RunSummary } from '../../src/orchestrator/summary.ts';
import { sourceFlags } from '../support/source-flags.ts';

export interface Subject {
  /** Absolute path. */
  pipelineFile: string;
  parameters: Record<string, unknown>;
}

/** Where in a step the process dies. `published`: the artifact has its name, the database may not know yet. */
export const moments = ['started', 'inside', 'published', 'ended'] as const;
export type Moment = (typeof moments)[number];
export interface KillPoint {
  step: string;
  moment: Moment;
}

const child = fileURLToPath(new URL('./child.ts', import.meta.url));

function start(workspace: string, { pipelineFile, parameters }: Subject): ChildProcess {
  const args = [...sourceFlags, child, workspace, pipelineFile, JSON.stringify(parameters)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Reads a child's events to its end; `onEvent` may kill it. */
async function follow(running: ChildProcess, onEvent: (event: RunEvent) => void): Promise<RunSummary | null> {
  let summary: RunSummary | null = null;
  const exited = new Promise((resolve) => running.once('exit', resolve));
  for await (const line of createInterface({ input: running.stdout! })) {
    // the line that the process died on may be half there
    if (!line.endsWith('}')) continue;
    const event = JSON.parse(line) as RunEvent;
    if (event.type === 'run-finished') summary = event.summary;
    onEvent(event);
  }
  await exited;
  return summary;
}

/** Runs to the end. */
export async function runUndisturbed(workspace: string, subject: Subject): Promise<RunSummary> {
  const summary = await follow(start(workspace, subject), () => {});
  if (!summary) throw new Error('the undisturbed run did not finish');
  return summary;
}

function hasEnded(event: RunEvent): boolean {
  return event.type === 'step-finished' || event.type === 'step-cached';
}

/** Published artifacts of a step: `<workspace>/artifacts/<pipeline>/<step>/<key>/<execution>`. */
function publishedBy(workspace: string, step: string): number {
  const root = join(workspace, 'artifacts');
  const list = (path: string) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []);
  const steps = list(root).map((pipeline) => join(pipeline, step));
  return steps.flatMap(list).flatMap(list).length;
}

/**
 * Starts a run and kills it with SIGKILL at a point; `insideMs` is when a step that tells no progress counts as under way. Answers whether
 * it died there: a step that was too quick is killed at its end, so that what follows is still to be run.
 */
export async function runAndKill(
  workspace: string,
  subject: Subject,
  { step, moment }: KillPoint,
  insideMs: number,
): Promise<boolean> {
  const running = start(workspace, subject);
  let diedAt: Moment | null = null;
  const kill = (at: Moment) => {
    if (diedAt === null && running.kill('SIGKILL')) diedAt = at;
  };
  const before = publishedBy(workspace, step);
  const watch = () => publishedBy(workspace, step) > before && kill('published');
  const timers: NodeJS.Timeout[] = moment === 'published' ? [setInterval(watch, 1)] : [];
  await follow(running, (event) => {
    if (!('step' in event) || event.step !== step) return;
    if (event.type === 'step-started' && moment === 'started') kill('started');
    if (event.type === 'step-started' && moment === 'inside') timers.push(setTimeout(() => kill('inside'), insideMs));
    if (event.type === 'step-progress' && moment === 'inside') kill('inside');
    if (hasEnded(event)) kill('ended');
  });
  timers.forEach(clearTimeout);
  return diedAt === moment;
}

/** step.key -> digest, of all artifacts of a run. */
export function digestsOf({ steps }: RunSummary): Record<string, string> {
  const entries = steps.flatMap(({ name, artifacts }) =>
    Object.entries(artifacts).map(([key, { digest }]) => [`${name}.${key}`, digest] as const),
  );
  return Object.fromEntries(entries);
}

/**
 * Kills one workspace's run at every moment of every step, one after the other: each start goes on where the last one died. Then lets it
 * finish. `missed` are the moments that a step was too quick for.
 */
export async function killEverywhere(
  workspace: string,
  subject: Subject,
  calm: RunSummary,
): Promise<{ summary: RunSummary; killed: KillPoint[]; missed: KillPoint[] }> {
  const killed: KillPoint[] = [];
  const missed: KillPoint[] = [];
  for (const { name: step, seconds } of calm.steps) {
    for (const moment of moments) {
      const point = { step, moment };
      const isKilled = await runAndKill(workspace, subject, point, seconds * 500);
      (isKilled ? killed : missed).push(point);
    }
  }
  return { summary: await runUndisturbed(workspace, subject), killed, missed };
}
