/** By how much the average confidence of the candidate's answers may be lower. */
export const confidenceTolerance = 0.05;
