// Which roles the viewer may give in this namespace.
import { mayGive, roleNames, type Role } from '../../../core/access.ts'
import { useMe, useNamespace } from '../../lib/place.ts'

/** The roles the viewer may give; none without the right to manage members. */
export function useGivable(): Role[] {
  const namespace = useNamespace()
  const { data: me } = useMe()
  const own = me?.namespaces.find((one) => one.namespace === namespace)?.role ?? null
  return own === null ? [] : roleNames.filter((role) => mayGive(own, role))
}
