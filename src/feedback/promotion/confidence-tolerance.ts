/** How far the candidate's mean confidence may be below the champion's, 0..1. */
export const confidenceTolerance = 0.05;
