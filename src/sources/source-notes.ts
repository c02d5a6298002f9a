/** What a source contains besides photos, filled in while it is read. */
export class SourceNotes {
  /** Files and folders that are neither photos nor broken ones: sidecars, notes, system folders. */
  readonly passedOver = { count: 0, first: [] as string[] };
  /** Labels that have a folder, with or without photos. */
  readonly labelFolders = new Set<string>();
  /** Folders that were read as splits. */
  splitFolders: string[] = [];
  readonly #folders = new Set<string>();
  #last = '';

  /** @param path counted once if it comes several times in succession, as a folder does in a list of files */
  passOver(path: string): void {
    if (path === this.#last) return;
    this.#last = path;
    this.passedOver.count++;
    if (this.passedOver.first.length < 10) this.passedOver.first.push(path);
  }

  /** Notes a folder that may have no photos. Below the third, none is a label. */
  addFolder(folders: readonly string[]): void {
    this.#folders.add(folders.slice(0, 3).join('/'));
  }

  /** Call when all folders are known. */
  addLabels(labelOf: (folders: string[]) => string | undefined): void {
    for (const folder of this.#folders) {
      const label = labelOf(folder.split('/'));
      if (label !== undefined) this.labelFolders.add(label);
    }
  }
}
