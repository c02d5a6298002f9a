/** Condition of a drawn leaf. */
export type Condition = 'healthy' | 'spot' | 'blight' | 'mildew' | 'yellowing';

/** Label (`species_condition`) -> what is drawn. */
export const sampleLabels = {
  elm_blight: { species: 'elm', condition: 'blight' },
  elm_healthy: { species: 'elm', condition: 'healthy' },
  elm_yellowing: { species: 'elm', condition: 'yellowing' },
  oak_healthy: { species: 'oak', condition: 'healthy' },
  oak_mildew: { species: 'oak', condition: 'mildew' },
  pear_healthy: { species: 'pear', condition: 'healthy' },
  pear_mildew: { species: 'pear', condition: 'mildew' },
  pear_spot: { species: 'pear', condition: 'spot' },
  rowan_healthy: { species: 'rowan', condition: 'healthy' },
  rowan_spot: { species: 'rowan', condition: 'spot' },
} as const satisfies Record<string, { species: string; condition: Condition }>;

export type SampleLabel = keyof typeof sampleLabels;
export const sampleLabelNames = Object.keys(sampleLabels) as SampleLabel[];
