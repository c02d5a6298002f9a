import { type ChildProcess, fork } from 'node:child_process';
import { MitateError } from '../../errors/index.ts';
import type { BootMessage, BootOrder, Stage } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './boot-worker.ts' : './boot-worker.js', import.meta.url);
const stderrTail = 2000;

type Said<K extends BootMessage['kind']> = Extract<BootMessage, { kind: K }>;

/** What became of the boot. A stage that was not reached is absent. */
export interface BootReport {
  booted?: Said<'booted'>;
  answered?: Said<'answered'>;
  measured?: Said<'measured'>;
  /** Why it did not come to its end. */
  failure?: MitateError<'INFRA_BOOT_FAILED' | 'INFRA_BOOT_TIMEOUT'>;
}

/**
 * Boots a model in a process that never held one before. A model that ends its process, or hangs it, ends up in the report.
 * @throws CANCELLED
 */
export async function boot(order: BootOrder, timeoutMs: number, signal: AbortSignal): Promise<BootReport> {
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  const child = fork(entry, {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const kill = () => child.kill('SIGKILL');
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const report = await listen(child, order);
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    if (late) report.failure = new MitateError('INFRA_BOOT_TIMEOUT', { timeoutMs, what: openStage(report) });
    return report;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

function listen(child: ChildProcess, order: BootOrder): Promise<BootReport> {
  const report: BootReport = {};
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrTail);
  });
  return new Promise((resolve) => {
    const end = (reason: string) => {
      const why = [reason, stderr.trim()].filter((part) => part !== '').join(': ');
      if (!report.measured) report.failure ??= bootFailed(openStage(report), why);
      resolve(report);
    };
    // It is ended from here once it has said its last word: a process that ends itself may be seen to end before it is heard.
    child.on('message', (message: BootMessage) => {
      note(report, message);
      if (report.measured || report.failure) child.kill('SIGKILL');
    });
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, killedBy) =>
      end(killedBy ? `ended by signal ${killedBy}` : `ended with exit code ${code}`),
    );
    child.send(order, (error) => error && end(error.message));
  });
}

function note(report: BootReport, message: BootMessage): void {
  if (message.kind === 'booted') report.booted = message;
  else if (message.kind === 'answered') report.answered = message;
  else if (message.kind === 'measured') report.measured = message;
  else report.failure = bootFailed(message.stage, message.reason);
}

function bootFailed(what: Stage, reason: string) {
  return new MitateError('INFRA_BOOT_FAILED', { what, reason });
}

function openStage(report: BootReport): Stage {
  if (!report.booted) return 'load the model';
  return report.answered ? 'time the model' : 'answer';
}
