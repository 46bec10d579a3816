// The keeper's process: node keeper.ts HOME GRACE_MILLISECONDS
import { keep } from './keeping.ts'
import { placeIn } from './place.ts'

const [home = '', grace = '60000'] = process.argv.slice(2)
await keep(placeIn(home), Number(grace))
