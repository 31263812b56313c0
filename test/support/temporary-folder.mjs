// Jest's globalSetup: the tests of a run have a temporary folder of their own, and all that they start has it too.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export default function () {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'rectify-test-'))
}
