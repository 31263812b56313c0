import { complaints } from '../../../src/sandbox/shapes/check.ts'
import { malformedIds } from '../../../src/sandbox/shapes/ec2-ids.ts'
import { codeOf } from '../../../src/sandbox/shapes/refuse.ts'
import { failure } from './failure.ts'
import type { RecordedCall } from './faults.ts'

/**
 * Ids of the tests are to be read by people: `sg-0web`, `i-0db`. What AWS asks of them beyond that is asked by the
 * sandbox (src/sandbox/shapes), whose emulators make real ones.
 */
const READABLE = /^[0-9a-z]+$/
/** Throws the error of an input that AWS's own model of the operation does not allow. */
export function refuseMalformed({ service, operation, action, input }: RecordedCall): void {
  const [wrong] = complaints(service, operation, input)
  if (wrong) throw failure(action, codeOf(service, wrong), `${operation}: ${wrong.path} ${wrong.text}`)
  const [id] = service === 'ec2' ? malformedIds(input, READABLE) : []
  if (id) throw failure(action, id.code, id.text)
}
