import { defineErrors } from '../define-errors.ts';

export const exampleGenErrors = defineErrors({
  SOURCE_NOT_FOUND: {
    status: 400,
    when: 'the photos to import do not exist at the given path',
    message: 'Source {source}: there is no such file or folder.',
    remedy: 'Check the path. It is taken relative to the folder you run in.',
  },
  SOURCE_UNREADABLE: {
    status: 400,
    when: 'a file or folder of the source exists but the system refuses to read it',
    message: 'Source {source}: {path} cannot be read ({reason}).',
    remedy: 'Give the user who runs Mitate read permission on it (chmod -R u+rX), or take it out of the source.',
  },
  SOURCE_KIND_UNKNOWN: {
    status: 400,
    when: 'a source is a file that is neither ZIP, CSV, JSONL nor TFRecord',
    message:
      'Source {source}: expected a folder, ZIP, CSV, JSONL or TFRecord, got a file that starts with bytes {firstBytes}.',
    remedy:
      'Point to a folder with one subfolder per label, to a .zip of one, to a .csv or .jsonl manifest, or to TFRecord shards.',
  },
  SOURCE_EMPTY: {
    status: 400,
    when: 'a source holds no photo at all',
    message: 'Source {source}: no photos found.',
    remedy:
      'Put JPEG, PNG or WebP photos into one subfolder per label (photos/healthy/1.jpg), or run "mitate data sample <folder>".',
  },
  SOURCE_UNLABELLED: {
    status: 400,
    when: 'a folder or ZIP holds photos but no subfolders that would label them',
    message: 'Source {source}: {photos} photos lie in it without a label (first: {first}).',
    remedy:
      'Move the photos into one subfolder per label ({source}/healthy/1.jpg), or write a CSV beside them with the columns path,label and give that file as the source.',
  },
  SOURCE_LABEL_MISSING: {
    status: 400,
    when: 'one photo of a labelled source has no label',
    message: '{filename}: no label.',
    remedy: 'Move the photo into a label folder, or fill its label in the manifest.',
  },
  SOURCE_SINGLE_LABEL: {
    status: 400,
    when: 'all photos of a source carry the same label',
    message: 'Source {source}: expected two labels or more, got only "{label}" ({photos} photos){hint}.',
    remedy: 'Add photos of at least one other label, in a folder of its own.',
  },
  SOURCE_TOO_MANY_REJECTED: {
    status: 400,
    when: 'more files of a source were rejected than maxRejectedShare allows',
    message: 'Source {source}: {rejected} of {total} files rejected, limit {limit}. {list}',
    remedy: 'Mend or remove these files as said above, or raise maxRejectedShare to go on without them.',
  },
  SOURCE_FILE_TOO_LARGE: {
    status: 413,
    when: 'one image file is larger than the limit',
    message: '{filename}: more than {limitBytes} bytes.',
    remedy: 'Save the photo as JPEG with quality 90 or scale it down; photos need no more than 2,000 pixels a side.',
  },
  SOURCE_TOO_LARGE: {
    status: 413,
    when: 'an archive expands, or downloads add up, to more bytes than the limit',
    message: 'Source {source}: expanded to more than {limitBytes} bytes.',
    remedy:
      'If the source is what you expect it to be, raise limits.maxBytes; a small archive that expands this far may be hostile.',
  },
  SOURCE_TOO_MANY_ENTRIES: {
    status: 413,
    when: 'an archive or list of URLs has more entries than the limit',
    message: 'Source {source}: more than {limit} entries.',
    remedy: 'If the source is what you expect it to be, unpack it to a folder or raise limits.maxEntries.',
  },
  SOURCE_CHANGED: {
    status: 409,
    when: 'a photo changed or vanished while the source was being imported',
    message: '{filename} changed while it was being imported.',
    remedy: 'Run again when nothing writes to the source any more.',
  },
  SOURCE_ZIP_CORRUPT: {
    status: 400,
    when: 'a ZIP cannot be read',
    message: 'Source {source}: damaged ZIP: {reason}',
    remedy: 'Copy or download the archive again, and test it with "unzip -t".',
  },
  SOURCE_ZIP_UNSAFE: {
    status: 400,
    when: 'a ZIP holds a symbolic link, or a name that leads outside of it',
    message: 'Source {source}: refused because of entry "{entry}": {reason}',
    remedy: 'Do not trust this archive. If it is yours, pack it again with relative names and without links.',
  },
  SOURCE_ZIP_ENTRY: {
    status: 400,
    when: 'one file inside a ZIP cannot be expanded',
    message: '{filename}: cannot be expanded: {reason}',
    remedy: 'Pack this file again, without a password and with the method "deflate".',
  },
  SOURCE_TFRECORD_CORRUPT: {
    status: 400,
    when: 'a TFRecord shard of a source has a wrong checksum, a length past its end, or no tf.Example inside',
    message: 'Source {source}, record {record} at byte {offset}: {reason}',
    remedy: 'Copy or write the shard again; records after the damage cannot be trusted.',
  },
  SOURCE_TFRECORD_NO_IMAGE: {
    status: 400,
    when: 'a tf.Example holds no image under a known key',
    message: '{filename}: expected image/encoded or image_raw, got the keys {keys}.',
    remedy:
      'Write the image bytes under image/encoded and the label under image/class/text, or under image_raw and label.',
  },
  MANIFEST_INVALID: {
    status: 400,
    when: 'a CSV or JSONL manifest cannot be parsed',
    message: 'Manifest {source}, line {line}: {reason}',
    remedy: 'Save the manifest as UTF-8 CSV with a header line, or as one JSON object a line.',
  },
  MANIFEST_COLUMN_MISSING: {
    status: 400,
    when: 'a manifest lacks the column for paths or labels',
    message: 'Manifest {source}: expected a column {expected}, got {got}.',
    remedy: 'Name the columns "path" (or "url") and "label" in the first line.',
  },
  MANIFEST_PATH_OUTSIDE: {
    status: 400,
    when: "a manifest names a file outside the manifest's own folder, also through a symbolic link",
    message: 'Manifest {source}, line {line}: {path} leads out of the folder of the manifest.',
    remedy: 'Put the manifest beside or above the photos, and use paths relative to it.',
  },
  MANIFEST_FILE_MISSING: {
    status: 400,
    when: 'a file that a manifest names does not exist',
    message: '{filename}: no such file (manifest line {line}).',
    remedy: 'Correct the path; it is taken relative to the folder of the manifest.',
  },
  URL_NOT_ALLOWED: {
    status: 400,
    when: 'a manifest names a URL but downloads are off',
    message: 'Manifest {source}, line {line}: {url} is a URL, and downloads are off.',
    remedy: 'Set allowUrls: true if you trust this manifest, or download the photos first and name their paths.',
  },
  URL_NOT_PUBLIC: {
    status: 400,
    when: 'a URL points, directly or by redirect or DNS, to an address that is not public',
    message: '{url}: refused, {reason}.',
    remedy: 'Use the http(s) URL of a public host, or download the photo first and name its path.',
  },
  URL_FAILED: {
    status: 502,
    when: 'a photo could not be downloaded',
    message: '{url}: {reason}.',
    remedy: 'Open the URL in a browser. If it works there, run again; what was downloaded is kept.',
  },
  SPAN_NOT_FOUND: {
    status: 400,
    when: 'no path matches the span pattern of the source',
    message: 'Source {source}: nothing matches span {span}.',
    remedy:
      'Check the pattern: in braces, SPAN stands for digits, SPAN:04 for digits padded to four places, VERSION for the version within a span.',
  },
  SPLIT_TOO_SMALL: {
    status: 400,
    when: 'a label has too few photos, or groups of photos, for at least one in each split',
    message: 'Label "{label}": too few photos for {wanted}: {photos}, in groups: {groups}; none is left for {split}.',
    remedy:
      'Add photos of "{label}" (other objects, not the same one again), take the label out, or set the share of a split to 0 in "splits".',
  },
  SPLIT_TEST_LABEL: {
    status: 400,
    when: 'the test source and the training source do not have the same labels',
    message: 'Label "{label}" is only in the {place} source.',
    remedy: 'Name the label folders alike in both sources, and have each label in both.',
  },
  GROUP_ATTRIBUTE_MISSING: {
    status: 400,
    when: 'groupBy names an attribute that no photo has',
    message: 'groupBy: expected the attribute "{attribute}", got {got}.',
    remedy: 'Add the column to the manifest, or use groupBy: "near-duplicate".',
  },
  EXAMPLES_CORRUPT: {
    status: 500,
    when: 'a file of an Examples artifact is damaged or missing',
    message: 'Examples {path}: {reason}',
    remedy: 'Run the pipeline again; the launcher writes the examples anew when their digest does not hold.',
  },
});
