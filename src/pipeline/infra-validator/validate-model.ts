import { readImages } from '../../artifacts/examples/read-examples.ts';
import type { Blessing, Check } from '../../contracts/artifacts/blessing.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { isMitateError, type MitateError } from '../../errors/index.ts';
import { type BootReport, boot } from './boot.ts';
import { type Candidate, readCandidate, readWarmup, type Warmup } from './candidate.ts';
import { checkAccuracy, checkReplay } from './checks/answers.ts';
import { checkCosts } from './checks/costs.ts';
import { checkNumbers } from './checks/numbers.ts';
import { checkShapes } from './checks/shapes.ts';
import { failedCheck, passedCheck } from './checks/verdict.ts';
import type { Answered } from './messages.ts';
import { referenceModel } from './reference.ts';
import { type InfraBudget, infraBudgetSchema } from './spec.ts';

export interface ValidateOptions {
  /** Default: the defaults of InfraValidator's parameters. */
  budget?: InfraBudget;
  /** Examples artifact whose eval photos are classified, too. */
  examplesUri?: string | undefined;
  signal?: AbortSignal;
}

interface LabelledPhoto {
  example: Example;
  image: Uint8Array;
}

/**
 * Boots the exported model of a Model artifact in a new process and decides whether it may serve: each check with its value, threshold and, if it
 * failed, error code. A defect of the model is a failed check, not an exception.
 * @throws CANCELLED, EXAMPLES_CORRUPT, BACKBONE_NOT_BUILT
 */
export async function validateModel(modelUri: string, options: ValidateOptions = {}): Promise<Blessing> {
  const budget = options.budget ?? infraBudgetSchema.parse({});
  const found: Check[] = [];
  try {
    const candidate = await readCandidate(modelUri);
    found.push(passedCheck('files as signed'));
    const warmup = await readWarmup(modelUri, candidate.signature);
    found.push(passedCheck('warm-up requests', warmup.length, 1));
    const photos = await evalPhotos(options.examplesUri, budget.photos);
    const report = await bootCandidate(candidate, warmup, photos, budget, options.signal);
    found.push(...judge(candidate, warmup, photos, report, budget));
  } catch (error) {
    if (!isDefect(error)) throw error;
    found.push(failedCheck(found.length === 0 ? 'files as signed' : 'warm-up requests', error));
  }
  return verdict(found);
}

/** Whether the model's own files caused the error. */
function isDefect(error: unknown): error is MitateError {
  return isMitateError(error) && /^(MODEL_(FILE|SIGNATURE|DIGEST)|INFRA_)/.test(error.code);
}

async function evalPhotos(examplesUri: string | undefined, most: number): Promise<LabelledPhoto[]> {
  const photos: LabelledPhoto[] = [];
  if (examplesUri === undefined || most === 0) return photos;
  for await (const photo of readImages(examplesUri, 'eval')) {
    photos.push(photo);
    if (photos.length === most) break;
  }
  return photos;
}

async function bootCandidate(
  { signature, model, explainer }: Candidate,
  warmup: Warmup[],
  photos: LabelledPhoto[],
  { repeats, bootTimeoutMs }: InfraBudget,
  signal = new AbortController().signal,
): Promise<BootReport> {
  const images = [...warmup, ...photos].map(({ image }) => image);
  const reference = await referenceModel(signature);
  const order = { model, explainer, reference, preprocess: signature.preprocess, images, repeats };
  return boot(order, bootTimeoutMs, signal);
}

function judge(
  { signature }: Candidate,
  warmup: Warmup[],
  photos: LabelledPhoto[],
  { booted, answers, measured, failure }: BootReport,
  budget: InfraBudget,
): Check[] {
  const checks: Check[] = [];
  if (booted) checks.push(...checkShapes(signature, booted));
  if (answers) checks.push(...judgeAnswers(signature, warmup, photos, answers, budget));
  if (measured) checks.push(...checkCosts(measured, budget));
  checks.push(failure ? failedCheck('boots', failure) : passedCheck('boots'));
  return checks;
}

function judgeAnswers(
  signature: Candidate['signature'],
  warmup: Warmup[],
  photos: LabelledPhoto[],
  answers: Answered[],
  budget: InfraBudget,
): Check[] {
  const numbers = checkNumbers(signature, answers);
  if (numbers.some((check) => !check.passed)) return numbers;
  const replay = checkReplay(warmup, answers.slice(0, warmup.length), budget);
  if (photos.length === 0) return [...numbers, ...replay];
  const examples = photos.map(({ example }) => example);
  return [...numbers, ...replay, checkAccuracy(signature, examples, answers.slice(warmup.length), budget)];
}

function verdict(checks: Check[]): Blessing {
  const failed = checks.find((check) => !check.passed);
  const message = failed ? `${failed.code}: ${failed.message}` : `all ${checks.length} checks passed`;
  return { blessed: !failed, message, checks };
}
