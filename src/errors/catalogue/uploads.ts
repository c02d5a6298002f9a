import { defineErrors } from '../define-errors.ts';

export const uploadErrors = defineErrors({
  UPLOAD_UNKNOWN: {
    status: 404,
    when: 'an upload is named that does not exist, or was removed',
    message: 'There is no upload "{id}".',
    remedy: 'List uploads with GET /api/v1/uploads. One that is not finished is deleted after 7 days without a photo.',
  },
  UPLOAD_FINISHED: {
    status: 409,
    when: 'photos are added to an upload that was finished, or it is finished twice',
    message: 'Upload {id} is finished: a run may be reading it.',
    remedy: 'Begin another upload for more photos.',
  },
  UPLOAD_PATH_INVALID: {
    status: 400,
    when: 'the path of a photo leads out of its upload, or no system takes it',
    message: 'The path {path} is refused: {reason}.',
    remedy: 'Give <label>/<name>, with folders and names as a person would write them.',
  },
  UPLOAD_NAME_TAKEN: {
    status: 409,
    when: 'another photo of the upload has the same path',
    message: 'Another photo of the upload is at {path}.',
    remedy: 'Rename one of them. The same photo may be sent again: nothing happens.',
  },
  UPLOAD_FULL: {
    status: 413,
    when: 'an upload has as many photos or bytes as one may have',
    message: 'An upload has at most {photos} photos and {gib} GiB.',
    remedy: 'Finish this one. For more photos give the server a folder or a bucket: mitate data import <source>',
  },
  UPLOAD_DISK_FULL: {
    status: 507,
    when: 'the disk of the server has too little space for further photos',
    message: 'The disk of the server has {freeMb} MB left, and uploads leave {reserveMb} MB to predictions and runs.',
    remedy: 'Free some space ("mitate gc" lists what can be deleted), then continue: what was sent is kept.',
  },
  UPLOAD_PHOTO_ERASED: {
    status: 409,
    when: 'a photo is uploaded that was erased for good',
    message: 'The photo {path} was erased from this project, and may not come back.',
    remedy: 'Leave it out.',
  },
  UPLOADS_TOO_MANY: {
    status: 409,
    when: 'a project has as many unfinished uploads as it may have',
    message: 'The project has {most} uploads that nobody finished.',
    remedy: 'Finish or remove one: GET /api/v1/uploads',
  },
});
