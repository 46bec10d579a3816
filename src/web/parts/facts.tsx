// Names and what they stand for, line by line: for the facts about one thing.
import type { ReactNode } from 'react'
import './facts.css'

export interface Fact {
  readonly label: string
  /** Null leaves the line out. */
  readonly value: ReactNode
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(({ value }) => value !== null)
        .map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
