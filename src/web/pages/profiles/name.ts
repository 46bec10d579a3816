// What a person is called on a page.
import type { ProfileDetailView } from '../../../client/index.ts'
import { valueText } from '../../lib/values.ts'

/** First and last name where there are such attributes, else a name, else the strongest identifier. */
export function nameOf({ id, attributes, identifiers }: ProfileDetailView): string {
  const value = (key: string): string => {
    const found = attributes.find((one) => one.key === key)?.value ?? null
    return found === null ? '' : valueText(found)
  }
  const name = `${value('first_name')} ${value('last_name')}`.trim()
  const [first] = identifiers
  return name || value('full_name') || value('name') || first?.given || first?.value || `Profile ${id}`
}
