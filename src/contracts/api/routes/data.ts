import { z } from 'zod';
import { anomaliesSchema } from '../../artifacts/anomalies.ts';
import { statisticsSchema } from '../../artifacts/statistics.ts';
import { correctionSchema } from '../../loop/correction.ts';
import {
  addCorrectionsSchema,
  addedCorrectionsSchema,
  correctionsQuerySchema,
  correctionsSchema,
  dataPhotosSchema,
  dataSetDetailSchema,
  dataSetsQuerySchema,
  dataSetsSchema,
  exportCorrectionsSchema,
  exportedCorrectionsSchema,
  mapQuerySchema,
  mapRequestsQuerySchema,
  neighboursQuerySchema,
  neighboursSchema,
  dataSetParams as params,
  photoDetailSchema,
  photoImageQuerySchema,
  photoMapSchema,
  photosQuerySchema,
  rejectedFilesSchema,
  rejectedQuerySchema,
  requestsOnMapSchema,
  sha256Schema,
  suspiciousQuerySchema,
  suspiciousSchema,
} from '../data.ts';
import type { RouteIn, Routes } from '../route.ts';

const damaged = ['DATA_NOT_FOUND', 'FILE_UNREADABLE', 'ARTIFACT_FILE_INVALID'] as const;
const indexed = [...damaged, 'EXAMPLES_CORRUPT', 'PHOTOS_PROCESS_DIED', 'SERVER_BUSY'] as const;
const byPhoto = z.object({ sha256: sha256Schema });

export const dataRoutes = {
  'data.list': {
    summary: 'List data sets, newest first',
    description: 'Every span of every data set that still has its files, with photos per split.',
    needs: ['read'],
    query: dataSetsQuerySchema,
    answer: dataSetsSchema,
  },
  'data.get': {
    summary: 'Get a data set: photos by label and split, and how much of it was checked',
    description:
      'With decisions that stand, suspicious labels of the newest evaluation, and the corrections file that the next run reads.',
    needs: ['read'],
    params,
    answer: dataSetDetailSchema,
    errors: indexed,
  },
  'data.index': {
    summary: 'Get the binary index of a data set: 10 bytes a photo',
    description:
      'Columns of group, label, flags and mean colour, in the order of `data.photos`; the layout is that of `contracts/artifacts/photo-index.ts`, and `readPhotoIndex` of mitate/client reads it. A large data set is indexed at the first request.',
    needs: ['read'],
    params,
    answer: ['application/octet-stream'],
    errors: indexed,
  },
  'data.photos': {
    summary: 'List photos of a data set, by label, split, mark or group',
    description: 'In the order of the index: train, eval, test; then sha256. Or exactly the positions in `at`.',
    needs: ['read'],
    params,
    query: photosQuerySchema,
    answer: dataPhotosSchema,
    errors: [...indexed, 'HTTP_CURSOR_INVALID'],
  },
  'data.suspicious': {
    summary: 'List suspicious labels of a data set, most suspicious first',
    description: 'Labels that the other photos contradict, as the newest evaluation found them: all of them, in pages.',
    needs: ['read'],
    params,
    query: suspiciousQuerySchema,
    answer: suspiciousSchema,
    errors: [...indexed, 'SUSPICIOUS_NOT_SEARCHED'],
  },
  'data.statistics': {
    summary: 'Get the statistics of a data set',
    description: 'Histograms and quantiles of image properties, labels and attributes per split.',
    needs: ['read'],
    params,
    answer: statisticsSchema,
    errors: damaged,
  },
  'data.anomalies': {
    summary: 'Get what the ExampleValidator found in a data set',
    description:
      'Anomalies, drift between spans and splits, and whether eight pixels of the border give the label away.',
    needs: ['read'],
    params,
    answer: anomaliesSchema,
    errors: damaged,
  },
  'data.rejected': {
    summary: 'List files that did not become photos of a data set, and why',
    description: 'With the number of files per code of the error catalogue.',
    needs: ['read'],
    params,
    query: rejectedQuerySchema,
    answer: rejectedFilesSchema,
    errors: damaged,
  },
  'data.map': {
    summary: 'Get the photos of a data set on a plane, side by side where they look alike',
    description:
      'The first two principal components of the embeddings that its model was trained on: the same for the same photos.',
    needs: ['read'],
    params,
    query: mapQuerySchema,
    answer: photoMapSchema,
    errors: [...indexed, 'NEIGHBOURS_UNKNOWN', 'TRANSFORM_ARTIFACT_INVALID'],
  },
  'data.mapRequests': {
    summary: 'Get requests of an endpoint on the map of a data set',
    description:
      'The newest answered photos, placed among the training photos by the 64 numbers that the log keeps of each: where traffic lies beyond what was learned.',
    needs: ['read'],
    params,
    query: mapRequestsQuerySchema,
    answer: requestsOnMapSchema,
    errors: [...indexed, 'NEIGHBOURS_UNKNOWN', 'TRANSFORM_ARTIFACT_INVALID'],
  },
  'data.photo': {
    summary: 'Get what is known of a photo: labels, splits, corrections, and what versions answered',
    description: 'By the sha256 of its bytes. Searches the newest data set of each pipeline.',
    needs: ['read'],
    params: byPhoto,
    answer: photoDetailSchema,
    errors: [...indexed, 'PHOTO_UNKNOWN'],
  },
  'data.image': {
    summary: 'Get a photo of a data set as a small upright JPEG',
    description:
      'Made in an inference process while no prediction waits, and cached. A photo that only predictions have needs permission `label`.',
    needs: ['read'],
    params: byPhoto,
    query: photoImageQuerySchema,
    answer: ['image/jpeg'],
    errors: [
      ...indexed,
      'PHOTO_UNKNOWN',
      'PHOTO_GONE',
      'INFERENCE_CLOSED',
      'INFERENCE_DEADLINE_EXCEEDED',
      'INFERENCE_PROCESS_CRASHED',
    ],
  },
  'data.neighbours': {
    summary: 'Find the photos of a data set that look most like one of its photos',
    description: 'By the embeddings that its model was trained on; of given labels, or of any.',
    needs: ['read'],
    params: byPhoto,
    query: neighboursQuerySchema,
    answer: neighboursSchema,
    errors: [...indexed, 'PHOTO_UNKNOWN', 'NEIGHBOURS_UNKNOWN', 'TRANSFORM_ARTIFACT_INVALID', 'RELABEL_LABEL_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'data'>>;

export const correctionRoutes = {
  'corrections.list': {
    summary: 'List decisions about photos of data sets, newest first',
    description: 'Reverted ones too, unless `standing`.',
    needs: ['read'],
    query: correctionsQuerySchema,
    answer: correctionsSchema,
    errors: ['DATA_NOT_FOUND'],
  },
  'corrections.add': {
    summary: 'Decide about photos of a data set: another label, leave out, or keep',
    description:
      'All or none. Photos and artifacts stay as they are; `corrections:export` hands the decisions to the next run.',
    needs: ['label'],
    body: addCorrectionsSchema,
    status: 201,
    answer: addedCorrectionsSchema,
    errors: [...indexed, 'RELABEL_PHOTO_UNKNOWN', 'RELABEL_LABEL_UNKNOWN'],
  },
  'corrections.revert': {
    summary: 'Take a decision back; the one before it counts again',
    description: 'The entry stays in the list, with who took it back and when.',
    needs: ['label'],
    params: z.object({ id: z.uuid() }),
    answer: correctionSchema,
    errors: ['CORRECTION_UNKNOWN'],
  },
  'corrections.export': {
    summary: 'Write the decisions that stand into the corrections file, which the next run applies as a new span',
    description:
      'Lines of other photos stay as they are; decisions that were taken back are removed. The answer has the command of the next run.',
    needs: ['operate'],
    body: exportCorrectionsSchema,
    answer: exportedCorrectionsSchema,
    errors: [
      'SOURCE_UNREADABLE',
      'DATA_NOT_FOUND',
      'PLACE_OUTSIDE',
      'MANIFEST_INVALID',
      'CORRECTIONS_INVALID',
      'CORRECTIONS_NO_FILE',
    ],
  },
} satisfies Routes<RouteIn<'corrections'>>;
