import { Readable } from 'node:stream';
import { vi } from 'vitest';
import { createProgram, exitThrough } from '../../src/cli/program.ts';

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** `mitate ...` in this process: a process of its own takes a second more. Not for commands that last. */
export async function runHere(args: readonly string[], input = '') {
  const signals = (['SIGINT', 'SIGTERM'] as const).map((name) => [name, process.listeners(name)] as const);
  const ran = { code: 0 as typeof process.exitCode, stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      ran[stream] += text;
      return true;
    }),
  );
  const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([input]) as typeof process.stdin);
  try {
    const program = await createProgram(args);
    exitThrough(program, (code) => {
      throw new Exit(code);
    });
    await program.parseAsync(args, { from: 'user' });
    ran.code = process.exitCode;
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    ran.code = error.code;
  } finally {
    process.exitCode = 0;
    for (const spy of [...spies, stdin]) spy.mockRestore();
    for (const [name, before] of signals)
      for (const listener of process.listeners(name))
        if (!before.includes(listener)) process.removeListener(name, listener);
  }
  return ran;
}
