import { useEffect, useState } from 'react';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { canKeep, dropModel, filesOf, keepModel, keptModel, type OfflineModel, offeredModel } from './kept-model.ts';
import { makeReady } from './on-device.ts';
import { diagnoseTexts } from './texts.ts';

/** Compressed: ONNX Runtime as WebAssembly. */
const runtimeBytes = 3_700_000;

/** Whether this device answers without a connection, and what that costs. A kept model follows the endpoint's. */
export function Offline({ endpoint, isOffered }: { endpoint: string; isOffered: boolean }) {
  const texts = useTexts(diagnoseTexts);
  const { kept, offered, begin, end } = useModel(endpoint, isOffered);
  if (kept) {
    return (
      <p className="offline quiet small">
        <span role="status">{texts.offlineReady(nameOf(kept))}</span>
        <Button kind="quiet" onPress={end}>
          {texts.offlineRemove}
        </Button>
      </p>
    );
  }
  if (!offered) return null;
  const bytes = filesOf(offered).reduce((sum, file) => sum + file.bytes, runtimeBytes);
  return (
    <div className="offline quiet small">
      <span>{texts.offlineWhy}</span>
      <Button kind="quiet" onPress={begin}>
        {texts.offlineKeep(Math.ceil(bytes / 1_000_000))}
      </Button>
    </div>
  );
}

function useModel(endpoint: string, isOffered: boolean) {
  const [kept, setKept] = useState<OfflineModel | null>(null);
  const [offered, setOffered] = useState<OfflineModel | null>(null);
  useEffect(() => {
    if (!canKeep()) return;
    let isShown = true;
    const follow = async () => {
      const before = await keptModel(endpoint);
      if (isShown) setKept(before);
      if (before === null && !isOffered) return;
      const now = await offeredModel(endpoint);
      if (isShown) setOffered(now);
      if (before === null) return;
      if (now === null) await dropModel(endpoint);
      else if (JSON.stringify(now) !== JSON.stringify(before)) await keepModel(now);
      if (isShown) setKept(now);
    };
    // without a connection: the version from before
    const again = () => void follow().catch(() => {});
    again();
    addEventListener('online', again);
    return () => {
      isShown = false;
      removeEventListener('online', again);
    };
  }, [endpoint, isOffered]);

  const begin = async () => {
    const now = offered!;
    await navigator.storage.persist?.();
    await keepModel(now);
    await makeReady(endpoint).catch(async (error) => {
      await dropModel(endpoint);
      throw error;
    });
    setKept(now);
  };
  const end = async () => {
    await dropModel(endpoint);
    setKept(null);
  };
  return { kept, offered, begin, end };
}

export const nameOf = ({ model: { name, version } }: { model: { name: string; version: number | null } }) =>
  `${name} v${version ?? '?'}`;
