/** Row numbers of views of photos, photo by photo: photo * views + view. */
export function sourceRows(photos: ArrayLike<number>, views: number, chosen: readonly number[]): Int32Array {
  const rows = new Int32Array(photos.length * chosen.length);
  for (let i = 0; i < photos.length; i++) {
    for (const [v, view] of chosen.entries()) rows[i * chosen.length + v] = photos[i]! * views + view;
  }
  return rows;
}
