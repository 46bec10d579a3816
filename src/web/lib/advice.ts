// What to do about a problem, as far as it can be done in the app: the catalogue's words without what is typed in a terminal.

/** The advice without the clauses that name a flag or a command; empty where nothing else is left. */
export function adviceHere(advice: string): string {
  return advice
    .split(/(?<=\.)\s+(?=[A-Z])/)
    .map(sentenceHere)
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function sentenceHere(sentence: string): string {
  const kept = sentence
    .split(/(?=[,;] or [a-z]|; )/)
    .filter((clause) => !/--[a-z]|\bsluice [a-z]/i.test(clause))
    .join('')
    .replace(/^[,;] (or )?/, '')
    .replace(' in the error file', ' below')
  return kept === '' || kept.endsWith('.') ? kept : `${kept}.`
}
