import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { bytesText, whole } from '../../parts/numbers.ts';
import { Check } from './check.tsx';
import { Choose } from './choose.tsx';
import { photosThere, type UploadDetail } from './data.ts';
import { type Gathered, nothing } from './gather.ts';
import { type Planned, planOf } from './plan.ts';
import { Sender } from './sender.ts';
import { uploadTexts } from './texts.ts';

const mostShown = 20;

/** @param begun one that nobody finished */
export function NewUpload({ begun }: { begun?: UploadDetail }) {
  const texts = useTexts(uploadTexts);
  const [gathered, setGathered] = useState<Gathered>(nothing);
  const [common, setCommon] = useState('');
  const [name, setName] = useState(begun?.name ?? '');
  const [sending, setSending] = useState<{ id: string; sender: Sender; photos: readonly Planned[] } | null>(null);
  const plan = useMemo(
    () => planOf(gathered.files, { labels: gathered.labels, common: common.trim() }),
    [gathered, common],
  );
  if (sending) return <Sending {...sending} />;
  const hasChosen = gathered !== nothing;
  const send = async () => {
    const { id } = begun ?? (await client.uploads.create({ name: name.trim() }));
    const there = begun ? await photosThere(id) : new Map<string, number>();
    setSending({ id, photos: plan.photos, sender: new Sender(id, plan.photos, there) });
  };
  return (
    <>
      {begun && !hasChosen && (
        <section className="upload-part">
          <h2>{texts.goOn(begun.name, whole(begun.photos))}</h2>
          <p>{texts.goOnLead}</p>
          {begun.photos > 0 && <Finish id={begun.id} photos={begun.photos} />}
        </section>
      )}
      <Choose gathered={gathered} choose={setGathered} />
      {hasChosen && (
        <>
          <Check plan={plan} gathered={gathered} common={common} setCommon={setCommon} />
          <section className="upload-part">
            <h2>{texts.send}</h2>
            {!begun && (
              <TextField
                label={texts.name}
                hint={texts.nameHint}
                value={name}
                maxLength={100}
                onChange={({ target }) => setName(target.value)}
              />
            )}
            <Button
              kind="main"
              disabledBecause={
                plan.photos.length === 0 ? texts.nothingToSend : name.trim() === '' ? texts.nameNeeded : null
              }
              onPress={send}
            >
              {texts.sendNow(whole(plan.photos.length))}
            </Button>
          </section>
        </>
      )}
    </>
  );
}

function Sending({ id, sender, photos }: { id: string; sender: Sender; photos: readonly Planned[] }) {
  const texts = useTexts(uploadTexts);
  const { state, sent, sentBytes, failures, why } = useSyncExternalStore(sender.subscribe, sender.progress);
  const bytes = useMemo(() => photos.reduce((sum, photo) => sum + photo.bytes, 0), [photos]);
  const isOffline = why instanceof TypeError;
  useEffect(() => {
    sender.resume();
    return sender.pause;
  }, [sender]);
  useEffect(() => {
    if (state === 'done') return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    const goOn = () => isOffline && sender.resume();
    addEventListener('beforeunload', warn);
    addEventListener('online', goOn);
    return () => {
      removeEventListener('beforeunload', warn);
      removeEventListener('online', goOn);
    };
  }, [state, isOffline, sender]);
  return (
    <section className="upload-part">
      <h2>{texts.send}</h2>
      <div className="upload-progress">
        <p role="status">
          <strong>{texts.sending(whole(sent), whole(photos.length))}</strong>{' '}
          <span className="quiet">{texts.size(bytesText(sentBytes), bytesText(bytes))}</span>
        </p>
        <progress value={sent + failures.length} max={photos.length} aria-label={texts.send} />
      </div>
      {state === 'sending' && <Button onPress={sender.pause}>{texts.pause}</Button>}
      {state === 'paused' && (
        <>
          <p>{texts.paused}</p>
          {isOffline ? <p className="quiet">{texts.offline}</p> : why !== null && <Fault error={why} />}
          <Button kind="main" onPress={sender.resume}>
            {texts.resume}
          </Button>
        </>
      )}
      {failures.length > 0 && (
        <details className="upload-list" open={failures.length <= mostShown}>
          <summary>{texts.failures(failures.length)}</summary>
          <ul>
            {failures.slice(0, mostShown).map(({ path, error }) => (
              <li key={path}>
                <p className="mono small">
                  <bdi>{path}</bdi>
                </p>
                <Fault error={error} />
              </li>
            ))}
          </ul>
          {failures.length > mostShown && <p className="quiet">{texts.moreFiles(failures.length - mostShown)}</p>}
        </details>
      )}
      {state === 'done' && sent > 0 && <Finish id={id} photos={sent} />}
    </section>
  );
}

function Finish({ id, photos }: { id: string; photos: number }) {
  const texts = useTexts(uploadTexts);
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <Button
      kind="main"
      onPress={async () => {
        await client.uploads.finish(id);
        await queries.invalidateQueries({ queryKey: ['data', 'uploads'] });
        await navigate({ to: '/photos/upload', search: { upload: id } });
      }}
    >
      {texts.finishNow(whole(photos))}
    </Button>
  );
}
