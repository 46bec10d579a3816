// How much of anything is read at most (design section 12).

/** Caps of design section 12. Bytes unless named otherwise. */
export const caps = {
  fieldBytes: 1 << 20,
  recordBytes: 4 << 20,
  columns: 4096,
  jsonDepth: 64,
  inflatedBytes: 100 * 2 ** 30,
  inflatedRatio: 1000,
  /** Below so many bytes of content the ratio does not count: a small file of blanks is no attack. */
  ratioFloor: 100 * 2 ** 20,
  archiveEntries: 10_000,
  /** All texts of a workbook together; they must be at hand while a sheet is read. */
  sheetStringsBytes: 256 * 2 ** 20,
  /** One page of a Parquet file, unpacked. */
  pageBytes: 64 * 2 ** 20,
  /** Values of one page of a Parquet file. */
  pageValues: 8 * 2 ** 20,
} as const
