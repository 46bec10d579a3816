// Some values of a column as they stand in the file; each keeps its own direction of writing.
import { Text } from '@mantine/core'
import { Fragment } from 'react'

/** More are of no use. */
const most = 4
/** Characters of one value. */
const longest = 60
const longestTitle = 500

interface ExamplesProps {
  readonly values: readonly string[]
  /** Shown where there are none. */
  readonly none?: string
  /** What stands before them. */
  readonly lead?: string
  /** How many lines they may take. */
  readonly lines?: number
}

export function Examples({ values, none = '', lead = '', lines = 2 }: ExamplesProps) {
  const some = values.slice(0, most)
  if (some.length === 0 && none === '') return null
  return (
    <Text size="sm" c="dimmed" lineClamp={lines} title={some.join(' · ').slice(0, longestTitle)}>
      <span className="numbers">{lead}</span>
      {some.length === 0 && none}
      <span className="code">
        {some.map((value, i) => (
          <Fragment key={i}>
            {i > 0 && ' · '}
            <bdi>{value.length > longest ? `${value.slice(0, longest)}…` : value}</bdi>
          </Fragment>
        ))}
      </span>
    </Text>
  )
}
