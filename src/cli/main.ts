import { createProgram, exitThrough } from './program.ts';

const program = await createProgram(process.argv.slice(2));
exitThrough(program, (code) => process.exit(code));
// A closed pipe (| head) ends the program.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
await program.parseAsync();
