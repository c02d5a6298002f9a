import { useTexts } from '../../app/texts.ts';
import { TextField } from '../../parts/field.tsx';
import { bytesText, whole } from '../../parts/numbers.ts';
import type { Gathered } from './gather.ts';
import { LabelCounts } from './label-counts.tsx';
import type { Plan } from './plan.ts';
import { uploadTexts } from './texts.ts';
import { ZipError } from './zip.ts';

const mostFiles = 50;

/** How the labels are read, and what is left out, before anything is sent. */
export function Check(props: { plan: Plan; gathered: Gathered; common: string; setCommon: (common: string) => void }) {
  const { plan, gathered, common, setCommon } = props;
  const texts = useTexts(uploadTexts);
  const { photos, labels, unlabelled, skipped, rowsWithoutPhoto } = plan;
  const bytes = photos.reduce((sum, photo) => sum + photo.bytes, 0);
  return (
    <section className="upload-part">
      <h2>{texts.check}</h2>
      <p role="status">
        <strong>{texts.summary(whole(photos.length), bytesText(bytes))}</strong>
      </p>
      {gathered.labels && <p>{texts.fromCsv(whole(gathered.labels.size))}</p>}
      {rowsWithoutPhoto > 0 && <p className="upload-note">{texts.rowsWithoutPhoto(whole(rowsWithoutPhoto))}</p>}
      {gathered.badTables.map((name) => (
        <p key={name} className="upload-note">
          {texts.badTable(name)}
        </p>
      ))}
      {gathered.badArchives.map(({ name, error }) => (
        <p key={name} className="upload-note" role="alert">
          {texts.archives[error instanceof ZipError ? error.why : 'damaged'](name)}
        </p>
      ))}
      {labels.length > 0 && <LabelCounts counts={labels} />}
      {labels.length === 1 && <p className="upload-note">{texts.oneLabel}</p>}
      {(unlabelled.length > 0 || common !== '') && (
        <div className="upload-head">
          {unlabelled.length > 0 && <p className="upload-note">{texts.unlabelled(whole(unlabelled.length))}</p>}
          <TextField
            label={texts.common}
            hint={texts.commonHint}
            value={common}
            maxLength={100}
            onChange={({ target }) => setCommon(target.value)}
          />
        </div>
      )}
      {skipped.length > 0 && (
        <details className="upload-list">
          <summary>{texts.skipped(skipped.length)}</summary>
          <ul>
            {skipped.slice(0, mostFiles).map(({ path, why }) => (
              <li key={path} className="upload-skipped small">
                <bdi className="mono">{path}</bdi>
                <span className="quiet">{texts.whys[why]}</span>
              </li>
            ))}
          </ul>
          {skipped.length > mostFiles && <p className="quiet">{texts.moreFiles(skipped.length - mostFiles)}</p>}
        </details>
      )}
    </section>
  );
}
