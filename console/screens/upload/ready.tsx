import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { Command } from '../../parts/command.tsx';
import { whole } from '../../parts/numbers.ts';
import { placesQuery, type UploadDetail } from './data.ts';
import { LabelCounts } from './label-counts.tsx';
import { uploadTexts } from './texts.ts';

/** A finished upload is a source like any other: a run reads it. */
export function Ready({ upload, again }: { upload: UploadDetail; again: () => void }) {
  const texts = useTexts(uploadTexts);
  const navigate = useNavigate();
  const { source, labels, photos, name } = upload;
  const slug =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'upload';
  return (
    <>
      <section className="upload-part">
        <h2>{texts.ready}</h2>
        <p>{texts.readyLead(whole(photos))}</p>
        <LabelCounts counts={labels} />
      </section>
      <section className="upload-part">
        <h2>{texts.start}</h2>
        <Start source={source} />
        <p className="quiet">{texts.command}</p>
        <Command text={`npx mitate data import '${source.replaceAll("'", "'\\''")}' --name ${slug}`} />
      </section>
      <p>
        <Button
          kind="quiet"
          onPress={() => {
            again();
            void navigate({ to: '/photos/upload', search: {} });
          }}
        >
          {texts.more}
        </Button>
      </p>
    </>
  );
}

function Start({ source }: { source: string }) {
  const texts = useTexts(uploadTexts);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data: places } = useQuery(placesQuery);
  const [chosen, setChosen] = useState<string>();
  if (places === undefined) return null;
  const place = places.find(({ value }) => value === chosen) ?? places[0];
  if (!place) return <p>{texts.noPipeline}</p>;
  return (
    <>
      <p>{texts.startLead}</p>
      <div className="row">
        <Choice
          label={texts.pipeline}
          value={place.value}
          options={places.map(({ value, pipeline, parameter }) => ({ value, text: `${pipeline} · ${parameter}` }))}
          onChange={setChosen}
        />
        <Button
          kind="main"
          onPress={async () => {
            const { pipeline, parameter } = place;
            await client.runs.start({ pipeline, parameters: { [parameter]: source } });
            await queries.invalidateQueries({ queryKey: ['runs'] });
            await navigate({ to: '/runs' });
          }}
        >
          {texts.startNow}
        </Button>
      </div>
    </>
  );
}
