// Jest's globalTeardown: what the tests, or what they test, have left in the temporary folder is a failure; but for what they
// keep there for each other (sandbox-deployment.ts).
import { readdirSync, rmSync } from 'node:fs'

export default function () {
  const { TMPDIR = '' } = process.env
  const left = readdirSync(TMPDIR).filter((name) => name !== 'bundles')
  rmSync(TMPDIR, { recursive: true, force: true })
  if (left.length > 0) throw new Error(`the tests have left in the temporary folder: ${left.join(', ')}`)
}
