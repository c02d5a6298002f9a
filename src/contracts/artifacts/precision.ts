import { z } from 'zod';

/** How near the int8 model's predictions for eval photos are to those of the float32 model. */
const paritySchema = z.object({
  photos: z.int(),
  /** Share with the same most probable label, 0..1. */
  sameLabel: z.number(),
  /** Largest difference of a probability, 0..1. */
  largestDifference: z.number(),
  /** |AUC int8 - AUC float32| of the question, else the mean over labels, one against the rest; null when it is not defined. */
  aucDifference: z.number().nullable(),
});
export type Parity = z.infer<typeof paritySchema>;

/** What int8 must keep to be served. */
export const leastSameLabel = 0.995;
export const mostAucDifference = 0.0005;

/** Numbers that the served graph computes with. Absent in models that were not asked for int8: float32. */
export const precisionSchema = z.object({
  served: z.enum(['float32', 'int8']),
  /** Why not int8; null = it is. */
  reason: z.string().nullable(),
  /** Of dense convolutions; null = float32. */
  weightBits: z.union([z.literal(7), z.literal(8)]).nullable(),
  /** Of the last int8 model that was tried; null when there was none. */
  parity: paritySchema.nullable(),
});
export type Precision = z.infer<typeof precisionSchema>;

/** `99.6 % the same label, largest probability difference 0.012, AUC difference 0.0001, on 263 eval photos` */
export function parityText({ photos, sameLabel, largestDifference, aucDifference }: Parity): string {
  const auc = aucDifference === null ? '' : `, AUC difference ${aucDifference.toFixed(4)}`;
  return `${(100 * sameLabel).toFixed(1)} % the same label, largest probability difference ${largestDifference.toFixed(3)}${auc}, on ${photos} eval photos`;
}

/** `int8, weights of 7 bits (...)`, or `float32: <why not int8>` */
export function precisionText({ served, reason, weightBits, parity }: Precision): string {
  if (served === 'float32') return `float32, not int8: ${reason}`;
  return `int8, weights of ${weightBits} bits${parity ? ` (${parityText(parity)})` : ''}`;
}
