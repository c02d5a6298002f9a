import { defineErrors } from '../define-errors.ts';

export const transformErrors = defineErrors({
  TRANSFORM_PHOTO_FAILED: {
    status: 422,
    when: 'a photo that ExampleGen accepted cannot be embedded',
    message: 'Photo {filename} ({sha256}): {reason}',
    remedy: 'Remove the photo from the source and run the pipeline again; finished photos are taken from the cache.',
  },
  TRANSFORM_TOO_FEW_PHOTOS: {
    status: 422,
    when: 'the train split has too few photos to fit the standardiser',
    message: 'Transform: expected at least 2 photos in the train split, got {count}.',
    remedy: 'Add photos, or give the train split a larger share.',
  },
  TRANSFORM_ARTIFACT_INVALID: {
    status: 422,
    when: 'a file of a TransformGraph artifact is missing, truncated or of another version',
    message: 'Transform output {file}: {reason}',
    remedy: 'Run the pipeline again: a step whose output is damaged runs again.',
  },
});
