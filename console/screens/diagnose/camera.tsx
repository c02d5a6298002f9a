import { useCallback, useEffect, useRef, useState } from 'react';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import type { Frame } from '../../workers/quality.ts';
import qualityWorker from '../../workers/quality.ts?worker&url';
import { scoped } from './scoped-worker.ts';
import type { Capture } from './shelf.ts';
import { diagnoseTexts } from './texts.ts';

type Hint = 'too-dark' | 'too-bright' | 'blurred' | 'too-small';

const framesMs = 200;
const measuredSide = 256;
/** What the server decodes. */
const accepted = 'image/jpeg,image/png,image/webp';

/** The camera with live coaching, or a file where there is no camera. */
export function Camera({ capture, onPhoto }: { capture: Capture; onPhoto: (photo: Blob) => Promise<unknown> }) {
  const texts = useTexts(diagnoseTexts);
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState<'none' | 'refused' | 'missing'>('none');
  const hint = useHint(video, stream, capture);
  const canStream = navigator.mediaDevices !== undefined;

  const start = useCallback(async () => {
    try {
      const video = { facingMode: 'environment', width: { ideal: 4_096 }, height: { ideal: 4_096 } };
      setStream(await navigator.mediaDevices.getUserMedia({ video, audio: false }));
      setProblem('none');
    } catch (error) {
      setProblem((error as DOMException).name === 'NotAllowedError' ? 'refused' : 'missing');
    }
  }, []);

  // who allowed it before is not asked again
  useEffect(() => {
    if (!canStream) return;
    navigator.permissions
      ?.query({ name: 'camera' as PermissionName })
      .then(({ state }) => (state === 'granted' ? start() : undefined))
      .catch(() => {});
  }, [canStream, start]);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
    return () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [stream]);

  return (
    <div className="camera">
      <div className={`camera-frame ${stream && hint === null ? 'camera-good' : ''}`}>
        {stream ? (
          <video ref={video} autoPlay playsInline muted aria-label={texts.viewfinder} />
        ) : (
          <p className="camera-empty">{texts.howTo}</p>
        )}
      </div>
      <p className="camera-hint" role="status">
        {stream
          ? hint === null
            ? texts.good
            : texts.hints[hint]
          : problem === 'none'
            ? texts.oneLeaf
            : texts[problem]}
      </p>
      <div className="camera-acts">
        {stream ? (
          <button
            type="button"
            className="camera-shutter"
            aria-label={texts.shutter}
            onClick={async () => onPhoto(await shot(stream, video.current!))}
          />
        ) : (
          canStream && (
            <Button kind="main" onPress={start}>
              {texts.useCamera}
            </Button>
          )
        )}
        <FileButton label={texts.choose} isMain={!canStream} onPhoto={onPhoto} />
      </div>
    </div>
  );
}

/** A phone without a live camera opens its own by it. */
export function FileButton({
  label,
  isMain = false,
  onPhoto,
}: {
  label: string;
  isMain?: boolean;
  onPhoto: (photo: Blob) => Promise<unknown>;
}) {
  return (
    <label className={isMain ? 'button button-main' : 'button'}>
      {label}
      <input
        className="visually-hidden"
        type="file"
        accept={accepted}
        onChange={async ({ target }) => {
          const [file] = target.files ?? [];
          target.value = '';
          if (file) await onPhoto(file);
        }}
      />
    </label>
  );
}

/** At the resolution of the sensor where the browser can, else a frame of the video. */
async function shot(stream: MediaStream, video: HTMLVideoElement): Promise<Blob> {
  const [track] = stream.getVideoTracks();
  const Capturer = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => { takePhoto(): Promise<Blob> } })
    .ImageCapture;
  if (track && Capturer) {
    const photo = await new Capturer(track).takePhoto().catch(() => null);
    if (photo && photo.size > 0) return photo;
  }
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
}

/** One hint at a time, five times a second. */
function useHint(
  video: React.RefObject<HTMLVideoElement | null>,
  stream: MediaStream | null,
  { input }: Capture,
): Hint | null {
  const [hint, setHint] = useState<Hint | null>(null);
  useEffect(() => {
    if (stream === null) return;
    const worker = new Worker(scoped(qualityWorker), { type: 'module' });
    let isBusy = false;
    worker.onmessage = ({ data }: MessageEvent<Hint[]>) => {
      isBusy = false;
      setHint(data[0] ?? null);
    };
    const canvas = new OffscreenCanvas(measuredSide, measuredSide);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    const timer = setInterval(() => {
      const { videoWidth = 0, videoHeight = 0 } = video.current ?? {};
      if (isBusy || videoWidth === 0 || video.current === null) return;
      isBusy = true;
      const scale = Math.min(1, measuredSide / Math.max(videoWidth, videoHeight));
      const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
      context.drawImage(video.current, 0, 0, width, height);
      const { buffer } = context.getImageData(0, 0, width, height).data;
      const full = { width: videoWidth, height: videoHeight };
      worker.postMessage({ rgba: buffer as ArrayBuffer, width, height, full, input } satisfies Frame, [
        buffer as ArrayBuffer,
      ]);
    }, framesMs);
    return () => {
      clearInterval(timer);
      worker.terminate();
    };
  }, [stream, input, video]);
  return hint;
}
