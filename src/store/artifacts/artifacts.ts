/** Place of an artifact. Its folder is named after the execution, so attempts never collide. */
export interface ArtifactPlace {
  pipeline: string;
  step: string;
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

/** Files of artifacts. An artifact appears atomically and never changes. */
export interface ArtifactStore {
  /** Returns a new empty local folder for the artifact. */
  stage(place: ArtifactPlace): Promise<string>;
  /**
   * Publishes the staged folder at its URI: digest, fsync, rename. Replaces what a killed attempt left.
   * @throws DISK_FULL, ARTIFACT_ENTRY_INVALID
   */
  publish(place: ArtifactPlace): Promise<Published>;
  /** Removes what an execution staged but did not publish. */
  discard(executionId: string): Promise<void>;
  /**
   * Reads all files again.
   * @throws ARTIFACT_MISSING, ARTIFACT_DIGEST_MISMATCH
   */
  verify(uri: string, digest: string): Promise<void>;
  /** Bytes; 0 when it does not exist. */
  size(uri: string): Promise<number>;
  /** The artifact disappears atomically, then its files. Ignores a missing one. @throws ARTIFACT_OUTSIDE */
  delete(uri: string): Promise<void>;
  /** Every published artifact, whether or not the database has it. */
  list(): Promise<string[]>;
  /** Folders of executions that staged something and neither published nor discarded it. */
  listStaged(): Promise<{ executionId: string; path: string }[]>;
}
