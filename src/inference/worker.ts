/** Entry of an inference process: holds graphs, answers jobs, ends with its parent. */
import { MitateError } from '../errors/index.ts';
import { createSession } from '../onnx/session.ts';
import type { HeldGraph, JobAnswer, Reply, Request } from './messages.ts';
import { type OpenGraph, runJob } from './run-job.ts';
import { packError } from './sent-error.ts';

const graphs = new Map<string, OpenGraph>();

async function load({ key, name, bytes, preprocess }: HeldGraph): Promise<void> {
  try {
    graphs.set(key, { name, preprocess, session: await createSession(bytes) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MitateError('MODEL_LOAD_FAILED', { name, reason }, { cause });
  }
}

async function unload(key: string): Promise<void> {
  await graphs.get(key)?.session.release();
  graphs.delete(key);
}

async function handle(request: Request): Promise<JobAnswer | undefined> {
  if (request.kind === 'load') return void (await load(request.graph));
  if (request.kind === 'unload') return void (await unload(request.graph));
  const graph = graphs.get(request.job.graph);
  if (!graph) throw new MitateError('MODEL_NOT_LOADED', { name: request.job.graph, loaded: graphs.size });
  return runJob(graph, request.job);
}

function reply(message: Reply): void {
  if (process.connected) process.send?.(message);
}

process.on('message', (request: Request) => {
  handle(request).then(
    (answer) => reply({ id: request.id, answer }),
    (error) => reply({ id: request.id, error: packError(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the parent decides when its children end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
reply({ id: 0 });
