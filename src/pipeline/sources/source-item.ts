/** Bounds on what an archive may expand to, and on what is fetched. */
export interface SourceLimits {
  maxBytes: number;
  maxEntries: number;
}

/** One photo that a source offers, not yet read. */
export interface SourceItem {
  /** Path inside the source, NFC, forward slashes. For messages and records, not for opening. */
  filename: string;
  /** NFC. Undefined: the source does not say. */
  label?: string;
  /** Further columns of a manifest; `folder` for a subfolder of a label folder. */
  attributes: Record<string, string>;
  /** Photos of one object, if the source says so. */
  group?: string;
  /** The local file that holds just this photo, if there is one. */
  path?: string;
  /** The photo's bytes. May be called after the iteration has ended. @throws MitateError a reason to reject this photo */
  read(): Promise<Uint8Array>;
}

export interface SourceOptions {
  /** `optional`: a flat folder or a manifest without labels is fine (BulkInferrer). Default `required`. */
  labels?: 'required' | 'optional';
  /** Manifests may name http(s) URLs. Default false. */
  allowUrls?: boolean;
  limits?: SourceLimits;
  /** Downloads are kept below it. Absent: not kept. */
  cacheDir?: string;
  signal?: AbortSignal;
  /** `host:port` pairs that downloads may reach though they are not public. Only code can set it; no parameter leads here. */
  permittedHosts?: ReadonlySet<string>;
}

export interface OpenOptions extends SourceOptions {
  labels: 'required' | 'optional';
  limits: SourceLimits;
}

/** Largest image file taken: 64 MiB. A 50-megapixel JPEG has 10 to 30. */
export const maxFileBytes = 64 * 2 ** 20;
