import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { bytesText, whole } from '../../parts/numbers.ts';
import { ActSheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import { type Upload, uploadsQuery } from './data.ts';
import { uploadTexts } from './texts.ts';

/** What was uploaded before. @param open the one that is shown above */
export function Uploads({ open }: { open: string | undefined }) {
  const texts = useTexts(uploadTexts);
  const may = useMay();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(uploadsQuery);
  const [removed, setRemoved] = useState<Upload | null>(null);
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data || data.length === 0) return null;
  return (
    <section className="upload-part upload-others">
      <h2>{texts.others}</h2>
      <DataTable
        label={texts.others}
        rows={data}
        keyOf={({ id }) => id}
        columns={[
          {
            key: 'name',
            title: texts.name,
            cell: ({ id, name }) => (
              <Link to="/photos/upload" search={{ upload: id }} aria-current={id === open ? 'true' : undefined}>
                <bdi>{name}</bdi>
              </Link>
            ),
          },
          { key: 'photos', title: texts.count, isNumber: true, cell: ({ photos }) => whole(photos) },
          { key: 'size', title: texts.sizeTitle, isNumber: true, cell: ({ bytes }) => bytesText(bytes) },
          {
            key: 'state',
            title: texts.state,
            cell: ({ finishedAt }) =>
              finishedAt === null ? texts.unfinished : <span className="quiet">{texts.finished}</span>,
          },
          { key: 'when', title: texts.begun, cell: ({ createdAt }) => <When at={createdAt} /> },
          {
            key: 'acts',
            title: '',
            cell: (upload) =>
              may('operate') && (
                <Button kind="quiet" label={texts.removeOf(upload.name)} onPress={() => setRemoved(upload)}>
                  {texts.remove}
                </Button>
              ),
          },
        ]}
      />
      <p className="quiet small">{texts.sweep}</p>
      {removed && (
        <ActSheet
          isOpen
          close={() => setRemoved(null)}
          title={texts.removeOf(removed.name)}
          verb={texts.remove}
          hasWhy={false}
          act={async () => {
            await client.uploads.remove(removed.id);
            if (removed.id === open) await navigate({ to: '/photos/upload', search: {} });
            await queries.invalidateQueries({ queryKey: ['data', 'uploads'] });
          }}
        >
          <p>{texts.removeLead(whole(removed.photos))}</p>
        </ActSheet>
      )}
    </section>
  );
}
