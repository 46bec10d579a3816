// Addresses of records.

/** The page of a record, `r1042/17`. */
export function placeOf(namespace: string, record: string): string {
  return `/n/${namespace}/records/${record}`
}
