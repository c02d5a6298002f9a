const document = (tag: string) => (summary: string) => ({ schema: { tags: [tag], summary } });

/** These protocols are specified elsewhere, bodies included. */
export const originalDocument = document("the original system's API");
export const vertexDocument = document('Vertex AI: projects.locations.endpoints');
export const oipDocument = document('Open Inference Protocol v2');
export const kserveDocument = document('KServe protocol v1');
