// What a message consists of, before it becomes text, HTML, or JSON.

export interface Letter {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** A command to type. */
  readonly command: string | null
  readonly link: string | null
  /** What the link does, in words; without it: open the run. */
  readonly opens?: string
}
