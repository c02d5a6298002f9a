import '../processes/no-inspector.ts';
import { createProgram, exitThrough } from './program.ts';
import { makePrivate } from './user-files.ts';

makePrivate();
const program = await createProgram(process.argv.slice(2));
exitThrough(program, (code) => process.exit(code));
// A closed pipe (| head) ends the program.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await program.parseAsync();
// The command is done. What is left open, such as a timer, must not keep a cron job alive for ever; output that a reader has not taken may.
setInterval(() => {
  if (process.stdout.writableLength === 0) process.exit();
}, 2_000).unref();
