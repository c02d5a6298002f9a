/** `12.3 %`, `54 %`. @param share 0..1 */
export const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
