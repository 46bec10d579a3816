// The pages of browsers that are open now, for whoever wants to tell what they show.

interface Shown {
  url(): string
  isClosed(): boolean
  innerText(selector: string): Promise<string>
}

export const openPages = new Set<Shown>()
