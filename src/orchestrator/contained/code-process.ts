import type { Capabilities, ComponentModule, RunContext } from '../../contracts/component.ts';
import type { Logger } from '../../contracts/logger.ts';
import { MitateError, reasonOf } from '../../errors/index.ts';
import { serveParent, tellParent } from '../../processes/serve-parent.ts';
import { componentTable } from '../components.ts';
import { compilePipeline } from '../define/compile.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import { loadPipeline } from '../define/load-pipeline.ts';
import { substitute } from '../define/placeholder.ts';
import type { Step } from '../define/step.ts';
import { requireSound } from '../lint/lint.ts';
import type { ParameterValues } from '../lint/parameters.ts';
import type { CodeEvent, CodeRequest, Done, SentContext } from './protocol.ts';

/** The process of one run, or of one of its steps: it loads the pipeline file, and runs the components that the file brings. */
let pipeline: Pipeline;
let values: ParameterValues;
const modules = new Map<string, Promise<ComponentModule>>();
const aborts = new Map<string, AbortController>();
const asked = new Map<number, (photos: readonly string[]) => void>();

serveParent<CodeRequest>(async (request) => {
  switch (request.kind) {
    case 'open': {
      pipeline = await loadPipeline(request.source);
      const { name, seed, parameters } = pipeline;
      return { name, seed, parameters };
    }
    case 'describe':
      requireSound(pipeline);
      return compilePipeline(pipeline);
    case 'prepare':
      values = request.values;
      return await prepare();
    case 'load':
      return { fingerprint: (await moduleOf(request.step)).fingerprint !== undefined };
    case 'fingerprint':
      return await withContext(request, async ({ fingerprint }, context) => ({
        ...(fingerprint && { fingerprint: await fingerprint(context.parameters, context) }),
      }));
    case 'run':
      return await withContext(request, async (module, context) => ({ result: (await module.run(context)) as object }));
    case 'abort':
      return aborts.get(request.step)?.abort();
    case 'erased':
      return asked.get(request.ask)?.(request.photos);
  }
});

async function prepare() {
  requireSound(pipeline, values);
  const components = pipeline.steps.map((step) => {
    const { spec } = step.component;
    const builtIn = componentTable.find((each) => each.spec === (spec as unknown));
    if (builtIn) return [step.name, { builtIn: builtIn.spec.name }];
    return [step.name, { spec: { ...spec, parameters: undefined }, parameters: parametersOf(step) }];
  });
  // now, not when a step needs it: the files may have changed by then. Its error is the step's
  const own = components.filter(([, component]) => typeof component === 'object' && 'spec' in component);
  await Promise.allSettled(own.map(([name]) => moduleOf(name as string)));
  return { definition: compilePipeline(pipeline), components: Object.fromEntries(components) };
}

const parametersOf = ({ component, parameters }: Step) =>
  component.spec.parameters.parse(substitute(JSON.parse(JSON.stringify(parameters)), values)) as Record<
    string,
    unknown
  >;

const stepOf = (name: string) => pipeline.steps.find((step) => step.name === name) as Step;

function moduleOf(step: string): Promise<ComponentModule> {
  const loaded = modules.get(step) ?? stepOf(step).component.load();
  modules.set(step, loaded);
  return loaded;
}

type Context = RunContext & Capabilities;

async function withContext(
  { step, context }: { step: string; context: SentContext },
  work: (module: ComponentModule, context: Context) => Promise<Done>,
): Promise<Done> {
  const abort = new AbortController();
  aborts.set(step, abort);
  try {
    return await work(await moduleOf(step), contextOf(step, context, abort.signal));
  } catch (error) {
    if (error instanceof MitateError) throw error;
    const { stack, code, path, permission, resource } = (error ?? {}) as NodeJS.ErrnoException & Record<string, string>;
    const denied = code === 'ERR_ACCESS_DENIED' || code === 'ERR_DLOPEN_DISABLED';
    return {
      thrown: {
        reason: reasonOf(error),
        stack,
        code,
        path,
        ...(denied && { denied: resource || permission || 'a native module' }),
      },
    };
  } finally {
    aborts.delete(step);
  }
}

function contextOf(step: string, { run, golden, erasures, cacheDir }: SentContext, signal: AbortSignal): Context {
  const progress = (done: number, total: number, unit: string) => tell({ step, done, total, unit });
  const context = {
    ...run,
    ...{ cacheDir, signal, progress, logger: loggerOf(step), parameters: parametersOf(stepOf(step)) },
    now: () => new Date(),
    ...(golden && { golden: goldenOf(golden) }),
    ...(erasures && {
      erasures: { among: async (photos: readonly string[]) => new Set(await erasedAmong(step, photos)) },
    }),
  };
  return context as unknown as Context;
}

function goldenOf(photos: NonNullable<SentContext['golden']>): Capabilities['golden'] {
  const key = ({ set, sha256 }: { set: string; sha256: string }) => `${set}/${sha256}`;
  const files = new Map(photos.map(({ photo, file }) => [key(photo), file]));
  return { photos: async () => photos.map(({ photo }) => photo), fileOf: (photo) => files.get(key(photo)) as string };
}

function erasedAmong(step: string, photos: readonly string[]): Promise<readonly string[]> {
  const ask = asked.size;
  return new Promise((resolve) => {
    asked.set(ask, resolve);
    tell({ step, ask, photos: [...photos] });
  });
}

function loggerOf(step: string): Logger {
  const at = (level: keyof Logger) => (message: string, fields?: Record<string, unknown>) =>
    tell({ step, level, message, ...(fields && { fields }) });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

const tell = (event: CodeEvent) => tellParent({ event });
