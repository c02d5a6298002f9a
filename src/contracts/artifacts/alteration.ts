import { z } from 'zod';

/** What the Evaluator does to test photos to see whether the answers stay right. */
export const alterationKinds = ['blur', 'darker', 'brighter', 'jpeg', 'crop', 'rotation', 'background'] as const;
export const alterationKindSchema = z.enum(alterationKinds);
export type AlterationKind = z.infer<typeof alterationKindSchema>;
