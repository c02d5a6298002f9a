// Preloaded by NODE_OPTIONS: as on a file system whose server is gone, a folder of this name does not answer.
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readdir } = promises;
promises.readdir = (path, ...rest) =>
  String(path).endsWith('hung-folder') ? new Promise(() => setInterval(() => {}, 1_000)) : readdir(path, ...rest);
syncBuiltinESMExports();
