// Cells of files that people open in a spreadsheet: none is taken for a formula, and every one can be had back (design section 12).

/** What a spreadsheet takes for the beginning of a formula; the sign we put before it is escaped itself. */
const formula = /^['=+\-@\t\r\n＝＋－＠]/u

/** A number or a phone number is none: it calculates nothing, and is what people want to see. */
const harmless = /^[+-][\d .,()]*$/

/** `=HYPERLINK(…)` → `'=HYPERLINK(…)`; every other text stays as it is. */
export function escapeFormula(cell: string): string {
  return formula.test(cell) && !harmless.test(cell) ? `'${cell}` : cell
}

/** The text as it was before {@link escapeFormula}. */
export function unescapeFormula(cell: string): string {
  if (!cell.startsWith("'")) return cell
  const bare = cell.slice(1)
  return escapeFormula(bare) === cell ? bare : cell
}
