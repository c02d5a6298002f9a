import { MitateError } from '../errors/index.ts';
import type { DeploymentPlan } from './endpoint.ts';

type Version = Pick<DeploymentPlan, 'modelName' | 'version'>;

const isSame = (a: Version, b: Version) => a.modelName === b.modelName && a.version === b.version;

/** In any order. */
export function isSamePlan(a: readonly DeploymentPlan[], b: readonly DeploymentPlan[]): boolean {
  const text = (plan: readonly DeploymentPlan[]) =>
    plan.map(({ modelName, version, role, traffic }) => `${role} ${modelName}@${version} ${traffic}`).sort();
  return text(a).join() === text(b).join();
}

/** An empty plan undeploys everything. @throws TRAFFIC_INVALID */
export function checkPlan(endpoint: string, plan: readonly DeploymentPlan[]): void {
  if (plan.length === 0) return;
  const fail = (reason: string) => {
    throw new MitateError('TRAFFIC_INVALID', { endpoint, reason });
  };
  const answering = plan.filter(({ role }) => role !== 'shadow');
  const stable = answering.filter(({ role }) => role === 'stable');
  if (stable.length !== 1) fail(`${stable.length} deployments are stable, expected one`);
  const wrong = plan.find(({ traffic }) => !Number.isInteger(traffic) || traffic < 0 || traffic > 100);
  if (wrong) fail(`${wrong.modelName}@${wrong.version} gets ${wrong.traffic} %, expected a whole number from 0 to 100`);
  const sum = answering.reduce((total, { traffic }) => total + traffic, 0);
  if (sum !== 100) fail(`the traffic of stable and canary deployments sums to ${sum} %, expected 100 %`);
  const twice = plan.find((one, index) => plan.slice(index + 1).some((other) => isSame(one, other)));
  if (twice) fail(`${twice.modelName}@${twice.version} is deployed twice`);
}

/** The version becomes stable, with the traffic of the replaced stable version and of its own canary; other canaries stay. */
export function promotedPlan(plan: readonly DeploymentPlan[], { modelName, version }: Version): DeploymentPlan[] {
  const left = plan.filter((each) => each.role !== 'stable' && !isSame(each, { modelName, version }));
  return [{ modelName, version, role: 'stable', traffic: 100 - shareOfCanaries(left) }, ...left];
}

/** The earlier plan, without a version that was promoted since: it gets no traffic, not even as a canary. */
export function rolledBackPlan(
  before: readonly DeploymentPlan[],
  now: readonly DeploymentPlan[],
): readonly DeploymentPlan[] {
  const [then, stable] = [before, now].map((plan) => plan.find(({ role }) => role === 'stable'));
  if (then === undefined || stable === undefined || isSame(then, stable)) return before;
  const left = before.filter((each) => each.role !== 'stable' && !isSame(each, stable));
  return [{ ...then, traffic: 100 - shareOfCanaries(left) }, ...left];
}

/** Without a deployment; a canary's traffic returns to the stable one. */
export function planWithout(plan: readonly DeploymentPlan[], gone: Version): DeploymentPlan[] {
  const left = plan.filter((each) => !isSame(each, gone));
  return balanced(left);
}

/** With a deployment added or changed; a canary's traffic comes from the stable one. */
export function planWith(plan: readonly DeploymentPlan[], added: DeploymentPlan): DeploymentPlan[] {
  const others = plan.filter((each) => !isSame(each, added));
  if (added.role === 'stable') return promotedPlan(plan, added);
  return balanced([...others, added]);
}

/** The stable deployment gets the traffic that the canaries leave. */
function balanced(plan: readonly DeploymentPlan[]): DeploymentPlan[] {
  const rest = 100 - shareOfCanaries(plan);
  return plan.map((each) => (each.role === 'stable' ? { ...each, traffic: rest } : each));
}

function shareOfCanaries(plan: readonly DeploymentPlan[]): number {
  return plan.filter(({ role }) => role === 'canary').reduce((sum, { traffic }) => sum + traffic, 0);
}
