import about from '../../../package.json' with { type: 'json' }
import { BadRequest } from '../../engine/refusals.ts'
import { NEWER_NODE } from '../../store/sqlite/newer-node.ts'

/** `20.16`, from `>=20.16`: the first that hands out built-in modules which it may not have. */
const LEAST = about.engines.node.replace(/^>=/, '')

/**
 * In a checkout `npm run` brings the Node.js that it takes; the npm package runs on what is there.
 * @throws BadRequest for one that is too old, saying what to do
 */
export function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = LEAST.split('.').map(Number)
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
  throw new BadRequest('usage', `rectify takes Node.js ${LEAST} or newer, this is ${version}: ${NEWER_NODE}`)
}
