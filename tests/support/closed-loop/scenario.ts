import { everyPage } from '../../../src/client/index.ts';
import { bootstrap, type Interval } from '../../../src/math/stats/bootstrap.ts';
import { ClosedLoop, type LoopOptions, loop } from './drive.ts';
import type { SeenPhoto, World } from './world.ts';

export interface LoopStory {
  /** Requests since the world changed until an alert was open, in windows of the monitors. */
  windowsToAlert: number;
  alert: string;
  /** From the alert, while labels still come in, to the promoted version. */
  driftToPromotedS: number;
  /** States that the promotion went through. */
  states: string[];
  /** Times that a version was given the traffic: 1 when all is well. */
  promotes: number;
  /** Heard and not there, or twice. */
  lostLabels: number;
  accuracy: Record<'before' | 'after' | 'everything', number>;
  /** Accuracy of a model trained on everything - of the promoted one, on the same held-back photos. */
  behind: Interval;
}

export interface Telling {
  /** Share of the photos of which somebody says what they show, 0..1. */
  labelled: number;
  /** For the retraining, and again for the promotion. */
  withinS: number;
  log?: (text: string) => void;
  /** What goes on meanwhile, until it is told to end. */
  meanwhile?: (driven: ClosedLoop, over: AbortSignal) => Promise<void>;
}

/**
 * The world changes under a served model, people say what some photos show, and nothing else is done by hand: from the first alert to the
 * promoted version.
 */
export async function closeTheLoop(world: World, options: LoopOptions & Telling): Promise<LoopStory> {
  const { meanwhile = async () => {}, log = () => {} } = options;
  await using driven = new ClosedLoop(options);
  await driven.open(world);
  const before = await driven.answers(world.held);
  log('the first version is served');
  const over = new AbortController();
  const beside = meanwhile(driven, over.signal);
  const told = await changed(driven, world, { ...options, log }).finally(() => over.abort());
  await beside;
  const after = await driven.answers(world.held);
  const everything = await trainedOnEverything(driven, world, options);
  return {
    ...told,
    promotes: await promotesOf(driven),
    lostLabels: await lostLabels(driven),
    ...compared(world.held, { before, after, everything }),
  };
}

async function changed(
  driven: ClosedLoop,
  world: World,
  { labelled, withinS, log }: Required<Pick<Telling, 'labelled' | 'withinS' | 'log'>>,
) {
  const { windows, alert } = await driftToAlert(driven, world, labelled);
  log(`alert after ${windows} windows: ${alert}`);
  const changedAt = Date.now();
  await driven.send(world.field, { labelled });
  // the worker does one every minute
  await driven.sandbox.mitate('tick');
  const promotions = () => driven.ask(({ promotions }) => promotions.list({ endpoint: loop }));
  const candidate = await driven.until(
    'a promotion',
    world.field,
    async () => (await promotions()).items.at(-1) ?? null,
    { withinS, pauseMs: 1_000 },
  );
  log(`${candidate.modelName}@${candidate.version} stands for promotion`);
  const ended = await driven.until(
    'the end of the promotion',
    world.field,
    async () => {
      const details = await driven.ask(({ promotions }) => promotions.get(candidate.id));
      return details.endedAt === null ? null : details;
    },
    { withinS, pauseMs: 100 },
  );
  const driftToPromotedS = (Date.now() - changedAt) / 1000;
  log(`${ended.state} after ${driftToPromotedS.toFixed(0)} s: ${ended.why}`);
  return { windowsToAlert: windows, alert, driftToPromotedS, states: ended.decisions.map(({ state }) => state) };
}

/** Sends strangers, a window at a time, until an alert is open; and then the rest of them. */
async function driftToAlert(driven: ClosedLoop, { stranger }: World, labelled: number) {
  const { window } = driven.options;
  for (let sent = 0; sent < stranger.length; sent += window) {
    await driven.send(stranger.slice(sent, sent + window), { labelled });
    await driven.sandbox.mitate('tick');
    const { items } = await driven.ask(({ alerts }) => alerts.list({ endpoint: loop, state: 'open' }));
    const drift = items.find(({ monitor }) => monitor.endsWith('-by-count'));
    if (drift === undefined) continue;
    await driven.send(stranger.slice(sent + window), { labelled });
    return { windows: sent / window + 1, alert: drift.finding.said };
  }
  throw new Error(`no alert after ${stranger.length} photos of another kind`);
}

/** How often a version was given the traffic. */
async function promotesOf(driven: ClosedLoop): Promise<number> {
  const { items } = await driven.ask(({ endpoints }) => endpoints.timeline(loop, { limit: 100 }));
  return items.filter(({ action }) => action === 'promote').length;
}

/** Labels that were heard and are not there, or not once. */
async function lostLabels(driven: ClosedLoop): Promise<number> {
  const found = new Map<string, number>();
  for await (const { request, kind } of everyPage(driven.client.feedback.list, { endpoint: loop, limit: 500 }))
    if (kind === 'label') found.set(request, (found.get(request) ?? 0) + 1);
  return [...driven.labelled.keys()].filter((id) => found.get(id) !== 1).length;
}

/** The same pipeline, in a workspace of its own, on every photo that was sent and what each shows. */
async function trainedOnEverything(
  driven: ClosedLoop,
  { known, stranger, field, held }: World,
  options: LoopOptions,
): Promise<string[]> {
  await using best = new ClosedLoop(options);
  best.embedAs(driven);
  await best.train([...known, ...stranger, ...field]);
  return await best.predict(held);
}

function compared(held: readonly SeenPhoto[], answers: Record<'before' | 'after' | 'everything', readonly string[]>) {
  const right = (kind: keyof typeof answers) => held.map(({ label }, i) => Number(answers[kind][i] === label));
  const [before, after, everything] = [right('before'), right('after'), right('everything')];
  const share = (values: readonly number[], weights?: Float64Array) => {
    const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? values.length;
    return values.reduce((sum, value, i) => sum + value * (weights?.[i] ?? 1), 0) / total;
  };
  const { behind } = bootstrap(
    held.length,
    (weights) => ({ behind: share(everything, weights) - share(after, weights) }),
    { seed: 1 },
  );
  return { accuracy: { before: share(before), after: share(after), everything: share(everything) }, behind };
}
