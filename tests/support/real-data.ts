import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Photos of PlantVillage and beans, and the original system's TFRecords, in a folder beside the repository. A clone has none: what they show
 * besides is tested on drawn photos, and tests on real ones are registered where they are.
 */
export const realData = new URL('../../../shared/data/', import.meta.url);
export const hasRealData = existsSync(realData);
export const realFolder = (path: string): string => fileURLToPath(new URL(path, realData));
