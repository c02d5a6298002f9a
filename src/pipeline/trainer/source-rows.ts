/** Row numbers of the given views of the given photos, photo after photo: photo * views + view. */
export function sourceRows(photos: ArrayLike<number>, views: number, chosen: readonly number[]): Int32Array {
  const rows = new Int32Array(photos.length * chosen.length);
  for (let i = 0; i < photos.length; i++) {
    for (let v = 0; v < chosen.length; v++) rows[i * chosen.length + v] = photos[i] * views + chosen[v];
  }
  return rows;
}
