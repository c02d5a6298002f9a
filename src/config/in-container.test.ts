import { expect, it } from 'vitest';
import { containerOf } from './in-container.ts';

const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
const nowhere = () => false;
const layered = () =>
  '22 1 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/l\n23 22 0:5 / /dev rw - tmpfs tmpfs rw\n';
const disk = () => '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n23 22 0:50 / /mnt rw - overlay overlay rw\n';

it('is seen by its files, and by a layered root; a variable alone is none', () => {
  expect(containerOf({}, (path) => path === '/.dockerenv', disk)).toBe('Docker');
  expect(containerOf({}, (path) => path === '/run/.containerenv', disk)).toBe('Podman');
  expect(containerOf(pod, nowhere, layered)).toBe('Kubernetes');
  expect(containerOf(pod, nowhere, disk)).toBeNull();
  expect(containerOf({}, nowhere, layered)).toBeNull();
});
