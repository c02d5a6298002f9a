/** What fills an empty workspace. */
export const firstCommands = 'npx mitate init leaf && cd leaf\nnpx mitate run pipeline.ts';
