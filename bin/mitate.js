#!/usr/bin/env node

// Plain old JavaScript: it must parse and print under a Node that is too old for the rest.
var required = [22, 18];
var version = process.versions.node.split('.').map(Number);
if (version[0] < required[0] || (version[0] === required[0] && version[1] < required[1])) {
  process.stderr.write(
    'mitate needs Node ' +
      required.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').\n' +
      'To fix it: install Node 24 LTS, or inside this repository use "npx mitate ..." or "npm run mitate -- ...",\n' +
      'which use the Node 24 that npm installed (in your own project: npm install --save-dev node@24).\n',
  );
  process.exit(2);
}
// V8 sets the size of its young generation when a process begins. Under load, its default keeps 150 MB more in a server's processes.
// And no signal may open the inspector of one: see quick-start.ts.
var youngGeneration = '--max-semi-space-size';
var isServer = ['serve', 'up', 'worker'].some((name) => process.argv.indexOf(name) > 1);
var isSized =
  process.execArgv
    .concat(process.env.NODE_OPTIONS || '')
    .join(' ')
    .indexOf(youngGeneration) >= 0;
if (isServer && !isSized && process.execve && !process.channel) {
  process.execve(
    process.execPath,
    [process.execPath, youngGeneration + '=4', '--disable-sigusr1'].concat(process.execArgv, process.argv.slice(1)),
    process.env,
  );
}
import('../dist/processes/quick-start.js')
  .then(() => import('../dist/cli/main.js'))
  .catch((error) => {
    if (error && error.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).indexOf('quick-start.js') >= 0) {
      process.stderr.write('mitate is not built. To fix it: npm run build\n');
    } else {
      process.stderr.write(String((error && error.stack) || error) + '\n');
    }
    process.exit(1);
  });
