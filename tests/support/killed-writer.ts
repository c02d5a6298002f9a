import { S3Objects } from '../../src/network/bucket/s3-objects.ts';
import { GoogleObjects } from '../../src/network/google/google-objects.ts';
import { FolderObjects } from '../../src/store/shared/folder-objects.ts';
import { LocalCopies } from '../../src/store/shared/local-copies.ts';
import { SharedArtifacts } from '../../src/store/shared/shared-artifacts.ts';

// Publishes a folder, and is killed when so many files are written: killed-writer.ts <folder> <uri> <copies> <files>
const [folder, uri, copies, files] = process.argv.slice(2) as [string, string, string, string];
let left = Number(files);
for (const { prototype } of [S3Objects, GoogleObjects, FolderObjects]) {
  const { write } = prototype;
  prototype.write = async function (this: never, key, object) {
    const written = await write.call(this, key, object);
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return written;
  };
}
const shared = new SharedArtifacts(await LocalCopies.open(copies, 1e9), new AbortController().signal);
await shared.publish(folder, uri, 'killed');
