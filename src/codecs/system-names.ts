/** Folders and files that operating systems and tools write beside others. */
const systemName =
  /^(~\$|__MACOSX$|Thumbs\.db$|ehthumbs|desktop\.ini$|Icon\r$|@(eaDir|Recycle|tmp)$|#(recycle|snapshot)$|\$RECYCLE\.BIN$|System Volume Information$|lost\+found$|LOST\.DIR$|FOUND\.\d{3}$|Network Trash Folder$|Temporary Items$)/i;
/** As Windows XP wrote it; a label may be "recycler". */
const recycler = /^RECYCLER$/;

/** Whether a folder or file is one that an operating system or tool writes. */
export function isSystemName(name: string): boolean {
  return systemName.test(name) || recycler.test(name);
}
