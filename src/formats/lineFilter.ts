// What a reader asks before it takes a record apart: whether anybody needs to look inside.

/**
 * Records that need not be looked into are given without cells and without a problem. A reader asks once per record
 * that can be read at all, in order; ordinals it leaves out are records that are damaged.
 */
export interface LineFilter {
  /**
   * Whether these bytes are a whole record that may be passed. Asked before the reader has looked where the record ends,
   * so no is always a safe answer. Yes counts as having asked `passes`.
   */
  knows(bytes: Uint8Array, from: number, to: number, ordinal: number): boolean
  /** Whether this record, without its row delimiter, may be passed. */
  passes(bytes: Uint8Array, from: number, to: number, ordinal: number): boolean
}
