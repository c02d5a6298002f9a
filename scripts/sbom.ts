/**
 * `npm run sbom -- <file>`: the software bill of materials of the published package, as CycloneDX 1.5 JSON: every package that may be installed
 * with Mitate, on any platform, and the model weights that it brings. From package-lock.json: `npm sbom --omit dev` leaves out packages
 * that a tool of ours needs too.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

interface Locked {
  version: string;
  license?: string;
  integrity?: string;
  dev?: boolean;
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Usage: npm run sbom -- <file>');
  process.exit(2);
}
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const packages = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev);
const names = new Map(
  packages.map(([path, locked]) => [`${path.split('node_modules/').at(-1)}@${locked.version}`, locked]),
);
const components = [
  ...[...names].map(([id, locked]) => library(id, locked)),
  weights(lock.packages['node_modules/nsfwjs']!),
];
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: `urn:uuid:${randomUUID()}`,
  version: 1,
  metadata: {
    timestamp: new Date().toISOString(),
    component: {
      'bom-ref': `mitate@${version}`,
      type: 'application',
      name: 'mitate',
      version,
      purl: `pkg:npm/mitate@${version}`,
      licenses: [{ expression: 'Apache-2.0' }],
    },
  },
  components,
};
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${file}: ${components.length} components`);

/** @param id name@version */
function library(id: string, { license, integrity }: Locked) {
  const at = id.lastIndexOf('@');
  const [algorithm = '', digest = ''] = (integrity ?? '').split('-');
  return {
    'bom-ref': id,
    type: 'library',
    name: id.slice(0, at),
    version: id.slice(at + 1),
    // purl: the @ of a scope is percent-encoded
    purl: `pkg:npm/${id.replace(/^@/, '%40')}`,
    ...(license !== undefined && { licenses: [{ expression: license }] }),
    ...(digest && {
      hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }],
    }),
  };
}

/** `npm run prepare` converts them; nsfwjs itself is not installed with Mitate. */
function weights({ version }: Locked) {
  return {
    'bom-ref': `nsfwjs-weights@${version}`,
    type: 'machine-learning-model',
    name: 'nsfwjs weights of MobileNetV2 and InceptionV3',
    version,
    purl: `pkg:npm/nsfwjs@${version}`,
    licenses: [{ expression: 'MIT' }],
  };
}
