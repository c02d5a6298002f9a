/** Loaded by every process that a test starts. V8 would optimize PGlite's parser of SQL in each of them: 0.5 s of the processor and 550 MB, for less than it takes to run the test. */
const { setFlagsFromString } = require('node:v8');

setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');
