import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { uploadQuery } from './data.ts';
import { NewUpload } from './new-upload.tsx';
import { Ready } from './ready.tsx';
import { uploadTexts } from './texts.ts';
import { Uploads } from './uploads.tsx';
import './upload.css';

const route = getRouteApi('/photos/upload');

/** Photos from this device into a folder of the server: choose, check the labels, send, start a run. */
export function Screen() {
  const texts = useTexts(uploadTexts);
  const may = useMay();
  const { upload } = route.useSearch();
  const [started, setStarted] = useState(0);
  return (
    <div className="upload stack">
      <header className="upload-head">
        <p className="small">
          <Link to="/photos">{texts.back}</Link>
        </p>
        <h1>{texts.title}</h1>
        <p className="quiet">{may('operate') ? texts.lead : texts.mayNot}</p>
      </header>
      {may('operate') &&
        (upload === undefined ? (
          <NewUpload key={started} />
        ) : (
          <Begun key={upload} id={upload} again={() => setStarted(started + 1)} />
        ))}
      <Uploads open={upload} />
    </div>
  );
}

function Begun({ id, again }: { id: string; again: () => void }) {
  const { data, error, refetch } = useQuery(uploadQuery(id));
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  return data.finishedAt === null ? <NewUpload begun={data} /> : <Ready upload={data} again={again} />;
}
