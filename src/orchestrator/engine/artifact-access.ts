/** How a step reaches artifacts: the engine shows their bucket as a folder, or Mitate asks the storage itself. */
export const artifactAccesses = ['mounted', 'direct'] as const;
export type ArtifactAccess = (typeof artifactAccesses)[number];
