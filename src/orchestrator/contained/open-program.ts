import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isUrl } from '../../codecs/url-place.ts';
import type { Capabilities, ComponentModule, RunContext, RunResult } from '../../contracts/component.ts';
import { MitateError, reasonOf } from '../../errors/index.ts';
import { componentTable } from '../components.ts';
import type { PipelineDefinition } from '../define/definition.ts';
import { substitute } from '../define/placeholder.ts';
import type { AnyComponent } from '../define/step.ts';
import { whyAborted } from '../launcher/deadline.ts';
import type { RunStep } from '../launcher/frame.ts';
import type { Program } from '../launcher/program.ts';
import type { ParameterValues } from '../lint/parameters.ts';
import { codeDigestOf } from '../release/collect-code.ts';
import { checkedCopies } from './checked-copies.ts';
import { CodeChild } from './code-child.ts';
import type { Containment } from './containment.ts';
import {
  type CodeEvent,
  type Done,
  describedSchema,
  doneSchema,
  loadedSchema,
  openedSchema,
  preparedSchema,
  type SentContext,
} from './protocol.ts';
import { requireOutside } from './require-outside.ts';
import { forkOptions } from './rights.ts';

const loadMs = 60_000;
/** For a component to stop by itself. */
const abortMs = 3_000;
const attempts = 3;
type Context = RunContext & Partial<Capabilities>;
type OwnComponent = Extract<z.output<typeof preparedSchema>['components'][string], { spec: unknown }>;

export interface OpenedProgram extends Program, AsyncDisposable {
  /** The pipeline as data, linted without the values of a run. @throws PIPELINE_INVALID */
  describe(): Promise<PipelineDefinition>;
}

/**
 * Loads a pipeline in a process of its own, where its components run too. Built-in components, artifacts, lineage and the store stay in this process.
 * @throws PIPELINE_FILE_INVALID, RUN_CODE_ENDED, RUN_MEMORY_EXCEEDED
 */
export async function openProgram(source: string, containment: Containment): Promise<OpenedProgram> {
  const process = new CodeOfRun(source, containment);
  try {
    return await process.open();
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}

class CodeOfRun implements AsyncDisposable {
  readonly #source: string;
  readonly #containment: Containment;
  readonly #children = new Set<CodeChild>();
  /** Of the steps in progress. */
  readonly #contexts = new Map<string, Context>();
  #main!: CodeChild;
  #codeDigest: string | null = null;
  #values: ParameterValues = {};

  constructor(source: string, containment: Containment) {
    this.#source = source;
    this.#containment = containment;
  }

  async open(): Promise<OpenedProgram> {
    this.#codeDigest = await codeDigestOf(this.#source);
    const opened = await this.#openMain();
    return {
      ...(opened as Pick<Program, 'name' | 'seed' | 'parameters'>),
      describe: () => this.#ask(this.#main, { kind: 'describe' }, describedSchema),
      prepare: async (values) => {
        this.#values = values;
        for (let attempt = 1; ; attempt++) {
          const prepared = await this.#prepare(this.#main);
          const after = await codeDigestOf(this.#source);
          if (after === this.#codeDigest) return { ...prepared, codeDigest: after };
          if (attempt === attempts) throw new MitateError('PIPELINE_CHANGES', { path: this.#source });
          // edited while it was loaded: what is recorded must be what runs
          this.#codeDigest = after;
          await this.#end(this.#main);
          await this.#openMain();
        }
      },
      [Symbol.asyncDispose]: () => this[Symbol.asyncDispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.#end(child)));
  }

  async #openMain() {
    this.#main = this.#fork([], []);
    return await this.#open(this.#main);
  }

  async #open(child: CodeChild) {
    return await this.#ask(child, { kind: 'open', source: this.#source }, openedSchema);
  }

  #fork(read: readonly string[], write: readonly string[]): CodeChild {
    const { memoryMb, env, isReleased } = this.#containment;
    const options = forkOptions(this.#source, { env, files: isReleased ? { read, write } : null });
    const child = new CodeChild({ memoryMb }, options, (event, from) => {
      this.#hear(event, from).catch((error) => from.kill(reasonOf(error)));
    });
    this.#children.add(child);
    return child;
  }

  /** Folder of the project's golden sets. */
  get #golden(): string {
    const { workspace, project } = this.#containment;
    return join(workspace.golden, encodeURIComponent(project));
  }

  /** Another one after it ended, with the same code: a step may have retries. */
  async #living(): Promise<CodeChild> {
    if (this.#main.ending === undefined) return this.#main;
    await this.#openMain();
    await this.#prepare(this.#main);
    if ((await codeDigestOf(this.#source)) === this.#codeDigest) return this.#main;
    throw new MitateError('PIPELINE_CHANGES', { path: this.#source });
  }

  async #end(child: CodeChild): Promise<void> {
    this.#children.delete(child);
    await child.stop();
  }

  async #ask<S extends z.ZodType>(child: CodeChild, request: Parameters<CodeChild['request']>[0], schema: S) {
    const { signal } = this.#containment;
    return await child.request(request, schema, { ...(signal && { signal }), timeoutMs: loadMs });
  }

  async #prepare(child: CodeChild) {
    const { isReleased, workspace, writes } = this.#containment;
    const request = { kind: 'prepare', values: this.#values } as const;
    const { components, ...prepared } = await this.#ask(child, request, preparedSchema);
    // records of any text have no prototype, and placeholders are looked for in plain objects
    const definition: PipelineDefinition = JSON.parse(JSON.stringify(prepared.definition));
    const steps = definition.steps.map((step): RunStep => {
      const { name } = step;
      const component = components[name];
      const within = (of: AnyComponent) => (isReleased ? checkedCopies(name, of, writes) : of);
      if (component && 'spec' in component)
        return { name, definition: step, component: within(this.#own(name, component)) };
      const builtIn = componentTable.find(({ spec }) => spec.name === component?.builtIn);
      if (!builtIn)
        throw new MitateError('COMPONENT_INVALID', { component: name, reason: 'there is no such component' });
      if (isReleased) {
        const own = builtIn.spec.name === 'Pusher' ? null : dirname(this.#source);
        const allowed = { golden: this.#golden, own, reads: this.#containment.reads };
        requireOutside(name, substitute(step.parameters, this.#values), workspace.dir, allowed);
      }
      return { name, definition: step, component: within(builtIn as unknown as AnyComponent) };
    });
    return { definition, steps };
  }

  /** A component whose code runs in the process. */
  #own(step: string, { spec, parameters }: OwnComponent): AnyComponent {
    return {
      spec: { ...spec, parameters: z.unknown().transform(() => parameters) } as AnyComponent['spec'],
      load: async (): Promise<ComponentModule> => {
        const { fingerprint } = await this.#ask(await this.#living(), { kind: 'load', step }, loadedSchema);
        const run = async (context: Context) => await this.#run(step, context);
        if (!fingerprint) return { run };
        return { run, fingerprint: async (_, context) => await this.#fingerprint(step, context as Context) };
      },
    };
  }

  async #fingerprint(step: string, context: Context): Promise<string> {
    const sent = await this.#sent(context);
    const child = await this.#living();
    const answer = await this.#within(step, context, (signal) =>
      child.request({ kind: 'fingerprint', step, context: sent }, doneSchema, { signal }),
    );
    return (answer as { fingerprint?: string }).fingerprint ?? '';
  }

  async #run(step: string, context: Context): Promise<RunResult> {
    const { inputs, outputs, run, seed, processes } = context;
    const sent = { ...(await this.#sent(context)), run: { inputs, outputs, run, seed, processes } };
    const child = await this.#childFor(context, sent.cacheDir);
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      child.request({ kind: 'abort', step }, z.unknown()).catch(() => {});
      timer = setTimeout(() => child.kill(), abortMs);
    };
    context.signal.addEventListener('abort', abort);
    try {
      const request = { kind: 'run', step, context: sent } as const;
      const answer = await this.#within(step, context, () => child.request(request, doneSchema));
      return ((answer as { result?: RunResult }).result ?? {}) as RunResult;
    } finally {
      clearTimeout(timer);
      context.signal.removeEventListener('abort', abort);
      if (child !== this.#main) await this.#end(child);
    }
  }

  /** Released code has a process for each step, which can open the files of that step alone. */
  async #childFor({ inputs, outputs, golden }: Context, cacheDir: string): Promise<CodeChild> {
    const { isReleased, reads } = this.#containment;
    if (!isReleased) return await this.#living();
    const artifacts = Object.values(inputs).flatMap((artifact) => (artifact ? [artifact.uri] : []));
    const photos = golden ? [this.#golden] : [];
    const folders = reads.filter((place) => !isUrl(place));
    const child = this.#fork([...artifacts, ...photos, ...folders], [...Object.values(outputs), cacheDir]);
    await this.#open(child);
    await this.#prepare(child);
    return child;
  }

  async #sent({ golden, erasures, cacheDir }: Context): Promise<SentContext> {
    const photos = golden && (await golden.photos());
    return {
      cacheDir: await this.#cacheFor(cacheDir),
      golden: photos ? photos.map((photo) => ({ photo, file: golden.fileOf(photo) })) : null,
      erasures: erasures !== undefined,
    };
  }

  /** The common one has files of all projects. */
  async #cacheFor(common: string): Promise<string> {
    const { isReleased, project } = this.#containment;
    if (!isReleased) return common;
    const own = join(common, 'released', encodeURIComponent(project));
    await mkdir(own, { recursive: true });
    return own;
  }

  async #within(step: string, context: Context, ask: (signal: AbortSignal) => Promise<Done>): Promise<Done> {
    if (context.signal.aborted) throw whyAborted(context.signal);
    this.#contexts.set(step, context);
    try {
      const done = await ask(context.signal);
      if (!('thrown' in done)) return done;
      const { reason, denied, ...fields } = done.thrown;
      if (denied !== undefined) throw new MitateError('RUN_CODE_DENIED', { step, denied });
      throw Object.assign(new Error(reason), fields);
    } finally {
      this.#contexts.delete(step);
    }
  }

  async #hear(event: CodeEvent, from: CodeChild): Promise<void> {
    const context = this.#contexts.get(event.step);
    if (context === undefined) return;
    if ('level' in event) context.logger[event.level](event.message, event.fields);
    else if ('unit' in event) context.progress(event.done, event.total, event.unit);
    else {
      const photos = [...((await context.erasures?.among(event.photos)) ?? [])];
      await from.request({ kind: 'erased', ask: event.ask, photos }, z.unknown()).catch(() => {});
    }
  }
}
