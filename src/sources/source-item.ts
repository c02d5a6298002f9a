import type { Split } from '../contracts/artifacts/example.ts';
import type { SourceNotes } from './source-notes.ts';

/** Bounds on what an archive may expand to, and on what is fetched. */
export interface SourceLimits {
  maxBytes: number;
  maxEntries: number;
}

/** A photo of a source, not yet read. */
export interface SourceItem {
  /** Path inside the source, NFC, forward slashes; for messages and records, not for opening. */
  filename: string;
  /** NFC. Undefined = the source gives none. */
  label?: string;
  /** Line of the manifest, from 1. */
  line?: number;
  /** Given by the source. */
  split?: Split;
  /** Further columns of a manifest; `folder` for a subfolder of a label folder. */
  attributes: Record<string, string>;
  /** Photos of one object share it, if the source gives it. */
  group?: string;
  /** The local file of this photo alone, if there is one. */
  path?: string;
  /** The photo's bytes. May be called after the iteration has ended. @throws MitateError the reason to reject this photo */
  read(): Promise<Uint8Array>;
}

export interface SourceOptions {
  /** `optional`: a flat folder or a manifest without labels is fine (BulkInferrer). Default `required`. */
  labels?: 'required' | 'optional';
  /** Manifests may name http(s) URLs. Default false. */
  allowUrls?: boolean;
  limits?: SourceLimits;
  /** Downloads are kept below it. Absent = not kept. */
  cacheDir?: string;
  signal?: AbortSignal;
  notes?: SourceNotes;
  /** `host:port` pairs that downloads may reach although they are not public. Not settable by a parameter. */
  permittedHosts?: ReadonlySet<string>;
}

export interface OpenOptions extends SourceOptions {
  labels: 'required' | 'optional';
  limits: SourceLimits;
}

/** Largest accepted image file: 64 MiB. A 50-megapixel JPEG has 10 to 30. */
export const maxFileBytes = 64 * 2 ** 20;
