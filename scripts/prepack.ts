/**
 * Before `npm pack` and `npm publish`: ONNX Runtime goes into the package (bundleDependencies) without its install script, which fetches
 * hundreds of MB of CUDA files from another host and fails without a network. The CPU libraries are in it. The packages that only this script needs are
 * left out. Nothing else of it is changed. A package without the weights of the best backbone is not published.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('../node_modules/onnxruntime-node/package.json', import.meta.url));
const manifest = JSON.parse(await readFile(path, 'utf8'));
delete manifest.scripts?.postinstall;
for (const name of ['adm-zip', 'global-agent']) delete manifest.dependencies?.[name];
await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);

// `npm pack` may do without it; what is published has the best backbone
if (process.env.npm_command === 'publish') {
  const { readBundled } = await import('../src/backbones/bundled.ts');
  await readBundled('efficientnet-lite0');
}
