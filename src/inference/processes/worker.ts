/** Entry of an inference process: holds graphs and answers jobs. */
import { MitateError } from '../../errors/index.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import { thumbnail } from '../../vision/thumbnail.ts';
import { overlay } from '../explain/overlay.ts';
import { type OpenModel, openGraph } from '../open-model.ts';
import { graphOf, type HeldGraph, type Job, type JobAnswer, type LoadAnswer, type Request } from './messages.ts';
import { type OpenGraph, runJob } from './run-job.ts';
import { runServeJob } from './serve-job.ts';

/** One photo in the model, the next in the decoder; if all were decoded at once, the first would wait for the last. */
const slots = new Semaphore(2);
const graphs = new Map<string, OpenGraph | OpenModel>();

async function load(held: HeldGraph): Promise<LoadAnswer> {
  const { graph, optimised } = await openGraph(held);
  graphs.set(held.key, graph);
  return { optimised };
}

async function unload(key: string): Promise<void> {
  await graphs.get(key)?.session.release();
  graphs.delete(key);
}

function runOn(graph: OpenGraph | OpenModel | undefined, job: Job): Promise<JobAnswer> {
  if (job.kind === 'thumbnail') return thumbnail(job.image, job.size);
  if (job.kind === 'overlay') return overlay(job.image, job.explanation, job.options);
  if (graph && job.kind === 'run') return runJob(graph, job);
  if (graph && 'served' in graph && job.kind === 'serve') return runServeJob(graph, job);
  throw new MitateError('MODEL_NOT_LOADED', { name: job.graph, loaded: graphs.size });
}

serveParent(async (request: Request): Promise<JobAnswer | LoadAnswer | undefined> => {
  if (request.kind === 'load') return load(request.graph);
  if (request.kind === 'unload') return void (await unload(request.graph));
  const { job } = request;
  return slots.run(() => runOn(graphs.get(graphOf(job) ?? ''), job));
});
