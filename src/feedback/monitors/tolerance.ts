import { z } from 'zod';

/**
 * Largest change that is no breach, in units of the monitor's statistic, 0..1: days differ by more than the chance of a sample, as the mix of
 * plants, places and people moves. p is the chance of the window's statistic when the change is as large as this.
 */
export const tolerance = (usual: number) => z.number().min(0).max(1).default(usual);
