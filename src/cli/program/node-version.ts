import { BadRequest } from '../../engine/refusals.ts'

/** The first that hands out built-in modules which it may not have. */
const LEAST = { major: 20, minor: 16 }

/**
 * In a checkout `npm run` brings the Node.js that it takes; the npm package runs on what is there.
 * @throws BadRequest for one that is too old, saying what to do
 */
export function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor)) return
  throw new BadRequest(
    'usage',
    `rectify takes Node.js ${LEAST.major}.${LEAST.minor} or newer, this is ${version}: install one, or \`npm install node@24\` ` +
      'beside rectify, which npx then takes',
  )
}
