import { bootstrap, type Interval } from '../../../src/math/stats/bootstrap.ts';
import { ClosedLoop, type LoopOptions, loop } from './drive.ts';
import type { SeenPhoto, World } from './world.ts';

export interface LoopStory {
  /** Requests since the world changed until an alert was open, in windows of the monitors. */
  windowsToAlert: number;
  alert: string;
  /** From the first field photo to the promoted version, seconds. */
  driftToPromotedS: number;
  /** Of the retraining's label count on. */
  firingToPromotedS: number;
  /** States that the promotion went through. */
  states: string[];
  accuracy: Record<'before' | 'after' | 'everything', number>;
  /** Accuracy of a model trained on everything - of the promoted one, on the same held-back photos. */
  behind: Interval;
}

/**
 * The world changes under a served model, people say what some photos show, and nothing else is done by hand: from the first alert to the
 * promoted version.
 */
export async function closeTheLoop(
  world: World,
  options: LoopOptions & { labelled: number; withinS: number; log?: (text: string) => void },
): Promise<LoopStory> {
  const { labelled, withinS, log = () => {} } = options;
  await using driven = new ClosedLoop(options);
  await driven.open(world);
  const before = await driven.answers(world.held);
  log('the first version is served');

  const { windows, alert } = await driftToAlert(driven, world, labelled);
  log(`alert after ${windows} windows: ${alert}`);
  const changedAt = Date.now();
  await driven.send(world.field, { labelled });
  const enough = Date.now();
  const { client } = driven;
  const [promotion] = await driven.until(
    'a promotion',
    world.field,
    async () => {
      const { items } = await client.promotions.list({ endpoint: loop });
      return items.length > 0 ? items : null;
    },
    withinS,
  );
  log('a new version stands for promotion');
  const ended = await driven.until(
    'the end of the promotion',
    world.field,
    async () => {
      const details = await client.promotions.get(promotion!.id);
      return details.endedAt === null ? null : details;
    },
    withinS,
  );
  const promotedAt = Date.now();
  log(`${ended.state} after ${Math.round((promotedAt - enough) / 1000)} s`);
  const after = await driven.answers(world.held);
  const everything = await trainedOnEverything(world, options);
  return {
    windowsToAlert: windows,
    alert,
    driftToPromotedS: (promotedAt - changedAt) / 1000,
    firingToPromotedS: (promotedAt - enough) / 1000,
    states: ended.decisions.map(({ state }) => state),
    ...compared(world.held, { before, after, everything }),
  };
}

/** Sends strangers until an alert is open. */
async function driftToAlert(driven: ClosedLoop, { stranger }: World, labelled: number) {
  const { window } = driven.options;
  for (let sent = 0; sent < stranger.length; sent += window) {
    await driven.send(stranger.slice(sent, sent + window), { labelled });
    await driven.desk.mitate('tick');
    const { items } = await driven.client.alerts.list({ endpoint: loop, state: 'open' });
    const drift = items.filter(({ monitor }) => monitor.endsWith('-by-count'));
    if (drift.length === 0) continue;
    await driven.send(stranger.slice(sent + window), { labelled });
    return { windows: sent / window + 1, alert: drift[0]!.finding.said };
  }
  throw new Error(`no alert after ${stranger.length} photos of another kind`);
}

/** The same pipeline, in a workspace of its own, on every photo that was sent and what each shows. */
async function trainedOnEverything({ known, stranger, field, held }: World, options: LoopOptions): Promise<string[]> {
  await using best = new ClosedLoop(options);
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
