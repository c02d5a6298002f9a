/** Where an artifact belongs. The folder is named after its execution, so attempts never meet. */
export interface ArtifactPlace {
  pipeline: string;
  step: string;
  /** Output key. */
  key: string;
  executionId: string;
}

export interface Published {
  /** Absolute path of the artifact's folder. */
  uri: string;
  /** See tree-digest.ts; lower-case hex. */
  digest: string;
  sizeBytes: number;
}

/** Keeps the artifacts' files. An artifact is visible whole or not at all, and never changes. */
export interface ArtifactStore {
  /** A new empty local folder to write the artifact into. */
  stage(place: ArtifactPlace): Promise<string>;
  /**
   * Makes the staged folder visible at its URI: digest, fsync, rename. When a killed attempt left something there, it is replaced.
   * @throws DISK_FULL, ARTIFACT_ENTRY_INVALID
   */
  publish(place: ArtifactPlace): Promise<Published>;
  /** Removes what an execution staged and did not publish. */
  discard(executionId: string): Promise<void>;
  /**
   * Reads everything again.
   * @throws ARTIFACT_MISSING, ARTIFACT_DIGEST_MISMATCH
   */
  verify(uri: string, digest: string): Promise<void>;
  /** Bytes; 0 when it is not there. */
  size(uri: string): Promise<number>;
  /** The artifact vanishes at once, then its files. Deleting what is not there is no error. */
  delete(uri: string): Promise<void>;
  /** Every published artifact, whether anyone knows it or not. */
  list(): Promise<string[]>;
  /** Folders of executions that staged something and neither published nor discarded it. */
  listStaged(): Promise<{ executionId: string; path: string }[]>;
}
