import { join } from 'node:path';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Properties } from '../../contracts/artifact.ts';
import type { Intent } from '../../contracts/intent.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import { MitateError } from '../../errors/index.ts';
import { copyTree } from '../artifacts/copy-tree.ts';
import { eqIf } from '../database/conditions.ts';
import type { Queryable } from '../database/connect.ts';
import type { UriCodec } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import { artifacts, executionInputs, modelVersions } from '../database/schema.ts';
import { deployStable, listDeployments } from '../endpoints/deployments.ts';
import { appendAlias, currentAliases } from '../models/aliases.ts';
import { lockModel } from '../models/repository.ts';
import { openPromotion } from '../promotions/open.ts';

interface IntentContext {
  project: string;
  execution: { id: string; runId: string; step: string };
  who: string;
  at: Date;
  uris: UriCodec;
}

/** Effect of an intent on the outputs of its execution. */
export interface IntentEffect {
  /** An existing artifact becomes the output `key`. */
  resolved?: { key: string; artifactId: string };
  /** Additional properties of the output `key`. */
  properties?: { key: string; values: Properties };
}

export function applyIntent(tx: Queryable, intent: Intent, context: IntentContext): Promise<IntentEffect> {
  return intent.kind === 'resolve-model' ? resolveModel(tx, intent, context) : pushModel(tx, intent, context);
}

async function resolveModel(
  tx: Queryable,
  intent: Extract<Intent, { kind: 'resolve-model' }>,
  { project }: IntentContext,
): Promise<IntentEffect> {
  const { strategy, modelName, output } = intent;
  const champion =
    strategy === 'champion'
      ? ((await currentAliases(tx, project, modelName)).find(({ alias }) => alias === 'champion')?.version ?? 0)
      : undefined;
  const [found] = await tx
    .select({ artifactId: modelVersions.artifactId })
    .from(modelVersions)
    .innerJoin(artifacts, and(eq(artifacts.id, modelVersions.artifactId), isNull(artifacts.deletedAt)))
    .where(
      and(
        eq(modelVersions.project, project),
        eq(modelVersions.name, modelName),
        strategy === 'latest-blessed' ? eq(modelVersions.blessed, true) : undefined,
        eqIf(modelVersions.version, champion),
      ),
    )
    .orderBy(desc(modelVersions.version))
    .limit(1);
  return found ? { resolved: { key: output, artifactId: found.artifactId } } : {};
}

type Push = Extract<Intent, { kind: 'push-model' }>;

async function pushModel(tx: Queryable, intent: Push, context: IntentContext): Promise<IntentEffect> {
  const { modelName, destination } = intent;
  const model = await inputModel(tx, intent, context);
  await lockModel(tx, context.project, modelName);
  const version = await registerVersion(tx, intent, model, context);
  const values: Properties = { modelName, version };
  if (intent.endpoint !== undefined) values.endpoint = intent.endpoint;
  if (destination !== undefined) {
    const pushed = join(destination, String(version));
    // before the commit: a registered version always has its copy; the next attempt reuses a copy without a version
    await copyTree(context.uris.decode(model.uri), pushed, model.digest);
    values.pushedDestination = pushed;
  }
  const promotion = await pointAliases(tx, intent, version, context);
  if (promotion) values.promotion = promotion.id;
  return { properties: { key: intent.output, values } };
}

async function inputModel(tx: Queryable, { input }: Push, { execution: { id, step } }: IntentContext) {
  const [model] = await tx
    .select({ id: artifacts.id, uri: artifacts.uri, digest: artifacts.digest })
    .from(executionInputs)
    .innerJoin(artifacts, eq(artifacts.id, executionInputs.artifactId))
    .where(and(eq(executionInputs.executionId, id), eq(executionInputs.key, input)));
  if (model === undefined) throw new MitateError('MODEL_INPUT_MISSING', { step, input, id });
  return model;
}

/** The same digest under the same name keeps its version. */
async function registerVersion(
  tx: Queryable,
  { modelName: name, blessed, metrics }: Push,
  model: { id: string; digest: string },
  { project, execution, at }: IntentContext,
): Promise<number> {
  const named = and(eq(modelVersions.project, project), eq(modelVersions.name, name));
  const [known] = await tx
    .select({ version: modelVersions.version })
    .from(modelVersions)
    .where(and(named, eq(modelVersions.digest, model.digest)));
  if (known !== undefined) return known.version;
  const newest = await tx
    .select({ version: sql<number>`coalesce(max(${modelVersions.version}), 0)` })
    .from(modelVersions)
    .where(named);
  const version = onlyRow(newest).version + 1;
  await tx.insert(modelVersions).values({
    project,
    name,
    version,
    artifactId: model.id,
    digest: model.digest,
    executionId: execution.id,
    runId: execution.runId,
    blessed,
    metrics,
    createdAt: at,
  });
  return version;
}

/** The first version becomes champion, later ones challenger without traffic. A new endpoint serves the champion. @returns the started promotion */
async function pointAliases(
  tx: Queryable,
  { modelName: name, endpoint, promotion: policy }: Push,
  version: number,
  { project, who, at, execution }: IntentContext,
): Promise<Promotion | null> {
  const known = (await currentAliases(tx, project, name)).find(({ alias }) => alias === 'champion')?.version;
  const champion = known ?? version;
  const why = known === undefined ? 'first version' : 'pushed';
  const alias = known === undefined ? 'champion' : 'challenger';
  const change = { name, alias, version, at, who, why: `${why}, run ${execution.runId}` };
  if (known !== version) await appendAlias(tx, project, change);
  if (endpoint === undefined) return null;
  const live = await listDeployments(tx, { project, endpoint });
  if (known === undefined || live.length === 0) {
    await deployStable(tx, { ...change, project, endpoint, live, modelName: name, version: champion });
    return null;
  }
  const stable = live.find(({ role }) => role === 'stable');
  const isStable = stable?.modelName === name && stable.version === version;
  if (!policy || isStable) return null;
  return await openPromotion(tx, { project, endpoint, modelName: name, version, policy, who, at, why: change.why });
}
