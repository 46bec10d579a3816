// A held run that a person dropped: should it ever be resumed, nobody has agreed to what it would do. Pure.

/**
 * Whether somebody decided against a run and nobody has looked since: dropping it (db/moves.ts) leaves a mark in its
 * validation, which the next validation replaces. Such a run is validated again and held again; resuming is no release.
 */
export function wasDropped({ validation }: { readonly validation: unknown }): boolean {
  return (validation as { readonly dropped?: boolean } | null)?.dropped === true
}
