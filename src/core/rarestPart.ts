// Which part of a text is rarest among texts like it: looking that up in an index of trigrams is fastest.

/** Longer parts make the index compare more lists; shorter ones leave more rows to look at. */
const partLength = 6

/** A part of `text`, six characters where it has so many; `sample`: some of the texts that are searched. */
export function rarestPart(text: string, sample: readonly string[]): string {
  const letters = Array.from(text)
  let best = letters.length <= partLength || sample.length === 0 ? text : ''
  for (let at = 0, least = Infinity; best !== text && at + partLength <= letters.length; at++) {
    const part = letters.slice(at, at + partLength).join('')
    const often = frequency(part, sample)
    // The end of a number is rarer than its beginning.
    if (often > least) continue
    least = often
    best = part
  }
  return best
}

/** In how many of the texts each three characters of the part are, together. What is no letter or digit is in no index. */
function frequency(part: string, sample: readonly string[]): number {
  const letters = Array.from(part)
  let sum = 0
  for (let at = 0; at + 3 <= letters.length; at++) {
    const three = letters.slice(at, at + 3).join('')
    if (/[^\p{L}\p{N}]/u.test(three)) sum += sample.length
    else for (const text of sample) if (text.includes(three)) sum++
  }
  return sum
}
