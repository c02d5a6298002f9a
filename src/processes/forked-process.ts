import { type ChildProcess, fork, spawn } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { childEntry } from './child-entry.ts';
import { readLines, writeLine } from './line-channel.ts';

const stderrTail = 2_000;
const quickStart = childEntry('./quick-start.ts', import.meta.url).href;

/** Why a process ended, and the end of its stderr. */
export interface Ending {
  /** "exit code 1", "signal SIGKILL", "no answer within 500 ms". */
  reason: string;
  stderr: string;
}

export interface ForkOptions {
  args?: readonly string[];
  /** Node flags besides `quick-start`. Default: `--disable-warning=ExperimentalWarning` alone. */
  execArgv?: readonly string[];
  /** Added to this process's nice value. Default 0. */
  nice?: number;
  /** Default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** Default: this process's. */
  cwd?: string;
  /** A command that starts Node, with its arguments; only with `lines`. */
  startedBy?: readonly string[];
  /** `lines` of JSON for a child that is not trusted. Default: Node's own. */
  channel?: 'node' | 'lines';
  /** `inherit`: the child writes to this process's stderr, and `Ending.stderr` is empty. Default `pipe`. */
  stderr?: 'pipe' | 'inherit';
  onMessage?: (message: unknown) => void;
}

/** A child process with a channel: it has one ending, and can be stopped. */
export class ForkedProcess {
  readonly ended: Promise<Ending>;
  protected readonly child: ChildProcess;
  #stderr = '';
  #killReason: string | undefined;
  #ending: Ending | undefined;
  #lines: Duplex | undefined;
  readonly #listeners: ((message: unknown) => void)[] = [];

  constructor(entry: URL | string, options: ForkOptions = {}) {
    const {
      args = [],
      execArgv = ['--disable-warning=ExperimentalWarning'],
      nice = 0,
      stderr = 'pipe',
      channel = 'node',
      cwd,
      env,
      startedBy = [],
      onMessage,
    } = options;
    const flags = [...execArgv, '--disable-sigusr1', '--import', quickStart];
    const place = { ...(cwd !== undefined && { cwd }), ...(env && { env }) };
    if (channel === 'lines') {
      const [command = '', ...words] = [...startedBy, process.execPath, ...flags, pathOf(entry), ...args];
      this.child = spawn(command, words, { ...place, stdio: ['ignore', 'ignore', stderr, 'pipe'] });
      this.#lines = this.child.stdio[3] as Duplex;
    } else
      this.child = fork(entry, args, {
        ...place,
        serialization: 'advanced',
        execArgv: flags,
        stdio: ['ignore', 'ignore', stderr, 'ipc'],
      });
    // Before it has threads: on Linux each thread has a nice value of its own, inherited from the thread that starts it.
    if (nice > 0 && this.child.pid) setPriority(this.child.pid, Math.min(19, getPriority() + nice));
    this.#listen();
    if (onMessage) this.#listeners.push(onMessage);
    this.ended = new Promise((resolve) => this.#watch(resolve));
  }

  protected onMessage(take: (message: unknown) => void): void {
    this.#listeners.push(take);
  }

  /** One that fails is followed by the end of the process. */
  protected send(message: object): void {
    if (this.#lines) writeLine(this.#lines, message);
    else this.child.send(message, () => {});
  }

  #listen(): void {
    const take = (message: unknown) => {
      for (const listener of this.#listeners) listener(message);
    };
    if (this.#lines) readLines(this.#lines, take, (reason) => this.kill(reason));
    else this.child.on('message', take);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** At once, also a stopped or spinning process. */
  kill(reason?: string): void {
    this.#killReason ??= reason;
    this.child.kill('SIGKILL');
  }

  /** Closes the channel, or sends `signal`; kills it after `graceMs`. */
  async stop(graceMs = 2_000, signal?: NodeJS.Signals): Promise<Ending> {
    this.child.ref();
    if (signal) this.child.kill(signal);
    else if (this.#lines) this.#lines.destroy();
    else if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.kill(), graceMs);
    const ending = await this.ended;
    clearTimeout(timer);
    return ending;
  }

  /** Lets this process end before the child does. */
  unref(): void {
    this.child.unref();
    this.child.channel?.unref();
    (this.child.stderr as { unref?: () => void } | null)?.unref?.();
  }

  #watch(resolve: (ending: Ending) => void): void {
    const { child } = this;
    const end = (reason: string) => {
      this.#ending ??= { reason: this.#killReason ?? reason, stderr: this.#stderr.trim() };
      resolve(this.#ending);
    };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrTail);
    });
    child.on('error', (error) => child.pid === undefined && end(error.message));
    // Not 'close': Node 24 does not send it after a disconnect from this side.
    child.on('exit', (code, signal) => {
      const reason = signal ? `signal ${signal}` : `exit code ${code}`;
      if (!child.stderr || child.stderr.closed) end(reason);
      else child.stderr.once('close', () => end(reason));
    });
  }
}

const pathOf = (entry: URL | string) => (entry instanceof URL ? fileURLToPath(entry) : entry);
