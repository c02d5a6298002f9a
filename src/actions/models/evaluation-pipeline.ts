/** Name of the pipeline that reads the photos. */
export const evaluationPipeline = 'evaluate';
