import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { MitateError } from '../../errors/index.ts';
import type { HeldGraph, Job, JobAnswer, LoadAnswer, Reply, Request } from './messages.ts';
import { unpackError } from './sent-error.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
const stderrTail = 2_000;

/** Why a process ended: exit code or signal, and the end of what it wrote to stderr. */
export interface Ending {
  reason: string;
  stderr: string;
}

/** Thrown into the calls that were open when the process ended. */
export class ProcessEnded extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(ending.reason);
    this.ending = ending;
  }
}

interface Call {
  resolve(answer: Reply['answer']): void;
  reject(error: unknown): void;
}

/** One child process and the calls that are open in it. */
export class WorkerProcess {
  /** Up and able to take calls. Rejects with ProcessEnded. */
  readonly started: Promise<void>;
  readonly ended: Promise<Ending>;
  /** Keys of the graphs that it holds. */
  readonly graphs = new Set<string>();
  #child: ChildProcess;
  #calls = new Map<number, Call>();
  #nextId = 1;
  #stderr = '';
  #ending: Ending | undefined;

  /** @param nice 0 (as its parent) .. 19 */
  constructor(nice = 0) {
    this.#child = fork(entry, {
      serialization: 'advanced',
      // One thread each: other threads that collect garbage take 3 % from the neighbours.
      execArgv: ['--disable-warning=ExperimentalWarning', '--single-threaded-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // Before it has threads: on Linux each thread has a nice value of its own, inherited from the thread that starts it.
    if (nice > 0 && this.#child.pid) setPriority(this.#child.pid, nice);
    this.started = new Promise((resolve, reject) => this.#calls.set(0, { resolve: () => resolve(), reject }));
    this.started.catch(() => {});
    this.ended = new Promise((resolve) => this.#watch(resolve));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  /** @returns the graph as the next process should take it */
  async load(graph: HeldGraph): Promise<HeldGraph> {
    await this.started;
    const { optimised } = await this.#call<LoadAnswer>((id) => ({ kind: 'load', id, graph }));
    this.graphs.add(graph.key);
    return optimised ? { ...graph, bytes: optimised, isOptimised: true } : graph;
  }

  async unload(graph: string): Promise<void> {
    this.graphs.delete(graph);
    await this.#call<void>((id) => ({ kind: 'unload', id, graph }));
  }

  /** @throws what the worker threw, or ProcessEnded */
  async run(job: Job): Promise<JobAnswer> {
    return this.#call<JobAnswer>((id) => ({ kind: 'job', id, job }));
  }

  /** At once, whatever it does (a stopped or spinning process too). */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Lets it end by itself; kills it after a grace of 2 s. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.kill(), 2_000);
    await this.ended;
    clearTimeout(timer);
  }

  #call<T>(request: (id: number) => Request): Promise<T> {
    if (this.#ending) return Promise.reject(new ProcessEnded(this.#ending));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve: (answer) => resolve(answer as T), reject });
      // A send that fails is followed by the exit event, which rejects the call.
      this.#child.send(request(id), () => {});
    });
  }

  #watch(resolve: (ending: Ending) => void): void {
    const end = (reason: string) => {
      if (this.#ending) return;
      this.#ending = { reason, stderr: this.#stderr.trim() };
      for (const call of this.#calls.values()) call.reject(new ProcessEnded(this.#ending));
      this.#calls.clear();
      resolve(this.#ending);
    };
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrTail);
    });
    this.#child.on('message', (reply: Reply) => this.#settle(reply));
    this.#child.on('error', (error) => end(error.message));
    // Not 'close': Node 24 does not send it after a disconnect from this side.
    this.#child.on('exit', (code, signal) => {
      const reason = signal ? `signal ${signal}` : `exit code ${code}`;
      if (this.#child.stderr?.closed) end(reason);
      else this.#child.stderr?.once('close', () => end(reason));
    });
  }

  #settle({ id, answer, error }: Reply): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) call?.reject(unpackError(error));
    else call?.resolve(answer);
  }
}

export function crashed(subject: string, { reason, stderr }: Ending): MitateError {
  return new MitateError('INFERENCE_PROCESS_CRASHED', { subject, reason, stderr });
}
