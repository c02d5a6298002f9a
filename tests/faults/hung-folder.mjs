// Preloaded by NODE_OPTIONS: as on a file system whose server is gone, a folder of this name does not answer.
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { opendir } = promises;
promises.opendir = (path, ...rest) =>
  String(path).endsWith('hung-folder') ? new Promise(() => setInterval(() => {}, 1_000)) : opendir(path, ...rest);
syncBuiltinESMExports();
