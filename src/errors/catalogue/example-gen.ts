import { defineErrors } from '../define-errors.ts';

export const exampleGenErrors = defineErrors({
  SOURCE_NOT_FOUND: {
    status: 400,
    when: 'the given source of photos does not exist',
    message: 'Source {source}: no such file or folder.',
    remedy: 'Check the path; it is relative to the current folder.',
  },
  CORRECTIONS_INVALID: {
    status: 400,
    when: 'a line of a file of corrected labels is not one that "mitate data relabel" writes',
    message: '{file}, line {line}: {place}: {reason}.',
    remedy:
      'Each line is a JSON object with sha256, label, given and filename. Correct the line, or delete it and use "mitate data relabel".',
  },
  CORRECTIONS_NOT_FOUND: {
    status: 400,
    when: '"mitate data import" is given a file of corrected labels that does not exist',
    message: '{file}: no such file of corrected labels.',
    remedy: 'Check the path; it is relative to the current folder. "mitate data relabel" writes the file.',
  },
  SOURCE_UNREADABLE: {
    status: 400,
    when: 'a file or folder of the source cannot be read: no permission, a link to nowhere or to itself, a name that is not UTF-8',
    message: 'Source {source}: {path} cannot be read ({reason}).',
    remedy: '{fix}, or remove it from the source.',
  },
  SOURCE_KIND_UNKNOWN: {
    status: 400,
    when: 'a source file is not ZIP, CSV, JSONL or TFRecord',
    message:
      'Source {source}: expected a folder, ZIP, CSV, JSONL or TFRecord, got a file that starts with the bytes {firstBytes}.',
    remedy: 'Give a folder with one subfolder per label, a .zip of one, a .csv or .jsonl manifest, or TFRecord shards.',
  },
  SOURCE_EMPTY: {
    status: 400,
    when: 'a source contains no photos',
    message: 'Source {source}: no photos found.',
    remedy:
      'Put JPEG, PNG or WebP photos into one subfolder per label (photos/healthy/1.jpg), or run "mitate data sample <folder>".',
  },
  SOURCE_UNLABELLED: {
    status: 400,
    when: 'a folder or ZIP contains photos but no label subfolders',
    message: 'Source {source}: {photos} photos are not in a label folder (first: {first}).',
    remedy:
      'Move the photos into one subfolder per label ({source}/healthy/1.jpg), or write a CSV with the columns path,label next to them and use it as the source.',
  },
  SOURCE_SPLITS_MIXED: {
    status: 400,
    when: 'some folders of a source are named like splits, and others are not, or photos in them have no label folder',
    message: 'Source {source}: {splits} are read as splits, but {problem}.',
    remedy:
      'Put a subfolder per label into each of train, val and test, and nothing beside them; or import only the folder with the labels. If these names are labels, write a manifest with the columns path,label.',
  },
  SOURCE_LABELS_CONFLICT: {
    status: 400,
    when: 'photos with several labels are left out, and fewer than two labels remain',
    message:
      'Source {source}: {conflicts} of {photos} photos have more than one label and are left out ({labels}; first: {first}). Labels that remain: {left}.',
    remedy: 'Keep each photo in one label folder: delete the folder or rows that repeat photos of other labels.',
  },
  SOURCE_LABEL_MISSING: {
    status: 400,
    when: 'a photo of a labelled source has no label',
    message: '{filename}: no label{where}.',
    remedy: 'Move the photo into a label folder, or add its label to the manifest.',
  },
  SOURCE_SINGLE_LABEL: {
    status: 400,
    when: 'all photos of a source have the same label',
    message: 'Source {source}: expected at least two labels, got only "{label}" ({photos} photos){hint}.',
    remedy: 'Add photos of at least one other label, in a separate folder.',
  },
  SOURCE_TOO_MANY_REJECTED: {
    status: 400,
    when: 'more files of a source were rejected than maxRejectedShare allows',
    message: 'Source {source}: {rejected} of {total} files rejected, limit {limit}. {list}',
    remedy: 'Fix or remove these files, or raise maxRejectedShare to continue without them.',
  },
  SOURCE_FILE_TOO_LARGE: {
    status: 413,
    when: 'an image file is larger than the limit',
    message: '{filename}: larger than {limitBytes} bytes.',
    remedy: 'Save the photo as JPEG with quality 90, or scale it down: 2,000 pixels on the longer side are enough.',
  },
  SOURCE_TOO_LARGE: {
    status: 413,
    when: 'an archive expands to, or downloads add up to, more bytes than the limit',
    message: 'Source {source}: more than {limitBytes} bytes when expanded.',
    remedy: 'If you trust the source, raise limits.maxBytes. A small archive that expands this far may be malicious.',
  },
  SOURCE_TOO_MANY_ENTRIES: {
    status: 413,
    when: 'an archive or list of URLs has more entries than the limit',
    message: 'Source {source}: more than {limit} entries.',
    remedy: 'If you trust the source, unpack it to a folder or raise limits.maxEntries.',
  },
  SOURCE_CHANGED: {
    status: 409,
    when: 'a photo changed or disappeared during the import',
    message: '{filename} changed during the import.',
    remedy: 'Run again when no other process writes to the source.',
  },
  SOURCE_ZIP_CORRUPT: {
    status: 400,
    when: 'a ZIP cannot be read',
    message: 'Source {source}: damaged ZIP: {reason}',
    remedy: 'Copy or download the archive again, and test it with "unzip -t".',
  },
  SOURCE_ZIP_UNSAFE: {
    status: 400,
    when: 'a ZIP contains a symbolic link, or an entry whose path leaves the archive',
    message: 'Source {source}: rejected because of entry "{entry}": {reason}',
    remedy: 'Do not trust this archive. If it is yours, repack it with relative paths and without links.',
  },
  SOURCE_ZIP_ENTRY: {
    status: 400,
    when: 'one file in a ZIP cannot be expanded',
    message: '{filename}: cannot be expanded: {reason}',
    remedy: 'Repack this file without a password, with the method "deflate".',
  },
  SOURCE_TFRECORD_CORRUPT: {
    status: 400,
    when: 'a TFRecord shard has a wrong checksum, a length beyond its end, or no tf.Example inside',
    message: 'Source {source}, record {record} at byte {offset}: {reason}',
    remedy: 'Copy or write the shard again; records after the damage cannot be trusted.',
  },
  SOURCE_TFRECORD_NO_IMAGE: {
    status: 400,
    when: 'a tf.Example has no image under a known key',
    message: '{filename}: expected image/encoded or image_raw, got the keys {keys}.',
    remedy:
      'Store the image bytes under image/encoded and the label under image/class/text, or use image_raw and label.',
  },
  MANIFEST_INVALID: {
    status: 400,
    when: 'a CSV or JSONL manifest cannot be parsed',
    message: 'Manifest {source}, line {line}: {reason}',
    remedy: 'Save the manifest as UTF-8 CSV with a header line, or as JSON Lines.',
  },
  MANIFEST_COLUMN_MISSING: {
    status: 400,
    when: 'a manifest lacks the column for paths or labels',
    message: 'Manifest {source}: expected a column {expected}, got {got}.',
    remedy: 'Name the columns "path" (or "url") and "label" in the first line.',
  },
  MANIFEST_PATH_OUTSIDE: {
    status: 400,
    when: 'a manifest names a file outside its own folder, directly or through a symbolic link',
    message: 'Manifest {source}, line {line}: {path} is outside the folder of the manifest.',
    remedy: 'Put the manifest next to or above the photos, and use relative paths.',
  },
  MANIFEST_FILE_MISSING: {
    status: 400,
    when: 'a file that a manifest names does not exist',
    message: '{filename}: no such file (manifest line {line}).',
    remedy: 'Correct the path; it is relative to the folder of the manifest.',
  },
  URL_NOT_ALLOWED: {
    status: 400,
    when: 'a manifest contains a URL but downloads are disabled',
    message: 'Manifest {source}, line {line}: {url} is a URL, and downloads are disabled.',
    remedy: 'Set allowUrls: true if you trust this manifest, or download the photos first and give their paths.',
  },
  URL_NOT_PUBLIC: {
    status: 400,
    when: 'a URL points, directly or by redirect or DNS, to an address that is not public',
    message: '{url}: rejected, {reason}.',
    remedy: 'Use the http(s) URL of a public host, or download the photo first and give its path.',
  },
  URL_FAILED: {
    status: 502,
    when: 'a photo could not be downloaded',
    message: '{url}: {reason}.',
    remedy: 'Open the URL in a browser. If it works there, run again; downloaded files are kept.',
  },
  SPAN_NOT_FOUND: {
    status: 400,
    when: 'no path matches the span pattern of the source',
    message: 'Source {source}: nothing matches span {span}.',
    remedy:
      'Check the pattern. In braces: SPAN stands for digits, SPAN:04 for digits padded to four places, VERSION for the version within a span.',
  },
  SPLIT_TOO_SMALL: {
    status: 400,
    when: 'a label has too few photos, or groups of photos, to put one in each split',
    message:
      'Label "{label}" has too few photos for {wanted}: {photos} photos in groups {groups}, none left for {split}.',
    remedy:
      'Add photos of "{label}" (of other objects), remove the label, or set the share of a split to 0 in "splits".',
  },
  SPLIT_TEST_LABEL: {
    status: 400,
    when: 'the test source and the training source have different labels',
    message: 'Label "{label}" exists only in the {place} source.',
    remedy: 'Use the same label folders in both sources.',
  },
  GROUP_ATTRIBUTE_MISSING: {
    status: 400,
    when: 'no photo has the attribute that groupBy names',
    message: 'groupBy: expected the attribute "{attribute}", got {got}.',
    remedy: 'Add the column to the manifest, or use groupBy: "near-duplicate".',
  },
  EXAMPLES_CORRUPT: {
    status: 500,
    when: 'a file of an Examples artifact is damaged or missing',
    message: 'Examples {path}: {reason}',
    remedy: 'Run the pipeline again: the launcher rewrites examples whose digest is wrong.',
  },
});
