// A remark of the detection, shown before anything is read.

/** What was guessed and how sure it is, for the preview. */
export interface DetectNote {
  readonly about: 'format' | 'encoding' | 'delimiter' | 'quote' | 'header' | 'preamble' | 'trailer'
  readonly certainty: 'sure' | 'likely' | 'open'
  readonly text: string
}
