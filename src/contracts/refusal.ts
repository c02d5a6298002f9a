import { z } from 'zod';

/**
 * A photo this many times as far from the training photos as one that counts as unlike them shows no subject of the model at all. Of 70 flat
 * colours, noise, texts, drawn faces and rooms, 59 lie above, all but the rooms; of leaves of another plant, and of training photos, none.
 */
export const usualRefuseAbove = 3;

export const refusalSchema = z.object({
  reason: z.literal('unlike-training'),
  /** For the photographer. */
  advice: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

const unlikeTraining: Refusal = {
  reason: 'unlike-training',
  advice:
    'This photo does not look like the photos that the model was trained on. Photograph the subject alone, close and in good light. If it is a new kind of subject, the model has to learn it from photos first.',
};

/** @param score distance from the training photos, 1 = unlike them; null = not scored @param above 0 = never refuse */
export function refusalOf(score: number | null | undefined, above: number): Refusal | null {
  return above > 0 && typeof score === 'number' && score > above ? unlikeTraining : null;
}
