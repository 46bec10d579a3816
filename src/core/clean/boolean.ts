// Yes and no, in the words exports use: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Nordic, Czech.
import type { Clean, Refusal } from './refusal.ts'

const invalid: Refusal = { code: 'boolean.invalid' }

export const trueWords = [
  'true',
  't',
  'yes',
  'y',
  '1',
  'on',
  'wahr',
  'ja',
  'j',
  'vrai',
  'oui',
  'o',
  'verdadero',
  'sí',
  'si',
  's',
  'vero',
  'sì',
  'verdadeiro',
  'sim',
  'waar',
  'tak',
  'prawda',
  'sand',
  'sann',
  'ano',
  'kyllä',
  'да',
] as const
export const falseWords = [
  'false',
  'f',
  'no',
  'n',
  '0',
  'off',
  'falsch',
  'nein',
  'faux',
  'non',
  'falso',
  'não',
  'nao',
  'onwaar',
  'nee',
  'nie',
  'fałsz',
  'falsk',
  'nej',
  'nei',
  'ne',
  'ei',
  'нет',
] as const

function wordTable(truths: readonly string[], falsehoods: readonly string[]): Map<string, string> {
  const table = new Map<string, string>()
  for (const word of trueWords) table.set(word, 't')
  for (const word of falseWords) table.set(word, 'f')
  for (const word of truths) table.set(word.trim().toLowerCase(), 't')
  for (const word of falsehoods) table.set(word.trim().toLowerCase(), 'f')
  return table
}

/** Words of the mapping come on top of ours, and win over them. */
export function booleanCleaner(truths: readonly string[] = [], falsehoods: readonly string[] = []): Clean {
  const table = wordTable(truths, falsehoods)
  return (text) => table.get(text) ?? table.get(text.toLowerCase()) ?? invalid
}
