import { z } from 'zod';

/** Names the pipeline file in a bundle; in placed code it marks the project's folder. */
export const manifestName = 'mitate-release.json';

export const manifestSchema = z.object({ formatVersion: z.literal(1), entry: z.string() });

export const manifestOf = ({ entry }: { entry: string }) => JSON.stringify({ formatVersion: 1, entry });
