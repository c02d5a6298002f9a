import { digestOf } from '../../codecs/digest.ts';
import type { Capabilities, CapabilityName, ComponentSpec } from '../../contracts/component.ts';
import { goldenPath } from '../golden-files.ts';
import type { RunFrame } from './frame.ts';

type Tools = Pick<RunFrame, 'store' | 'workspace'>;

interface Provider<K extends CapabilityName> {
  provide(tools: Tools): Capabilities[K];
  /** What it adds to the cache key. */
  keyParts?(tools: Tools): Promise<Record<string, string>>;
}

const providers: { [K in CapabilityName]: Provider<K> } = {
  golden: {
    provide: ({ store, workspace }) => ({
      photos: () => store.goldenPhotos(),
      fileOf: (photo) => goldenPath({ workspace, project: store.project }, photo),
    }),
    // none without golden photos, so that results from before the first one stay cached
    async keyParts({ store }): Promise<Record<string, string>> {
      const lines = (await store.goldenPhotos()).map(({ set, sha256, label }) => JSON.stringify([set, sha256, label]));
      return lines.length === 0 ? {} : { golden: digestOf(lines.sort()) };
    },
  },
  erasures: { provide: ({ store }) => ({ among: (photos) => store.erasedPhotos(photos) }) },
};

/** The capabilities that the spec declares, and no others. */
export function provide({ capabilities = [] }: ComponentSpec, tools: Tools): Partial<Capabilities> {
  return Object.fromEntries(capabilities.map((name) => [name, providers[name].provide(tools)]));
}

export async function capabilityKeyParts(
  { capabilities = [] }: ComponentSpec,
  tools: Tools,
): Promise<Record<string, string>> {
  const parts = await Promise.all(capabilities.map((name) => providers[name].keyParts?.(tools)));
  return Object.assign({}, ...parts);
}
