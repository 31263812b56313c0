import { BadRequest } from '../engine/refusals.ts'
import type { startSandbox as start } from './start.ts'

/** Stands for `start.ts` in the npm package. */
export const startSandbox: typeof start = async () => {
  const why = 'its emulators and the sources of the functions that it deploys are not in the npm package'
  throw new BadRequest(
    'usage',
    `the sandbox takes a checkout of Rectify: ${why}; there, \`npm start\` shows it all`,
  )
}
