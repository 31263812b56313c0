import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AwsProcess, startAws } from '../../bench/aws-process.ts'
import { count, nothing, sum } from '../../bench/growth/cost.ts'
import { type Growth, growth } from '../../bench/growth/growth.ts'
import { ROOT } from '../support/source-files.ts'

const DUE = 5
/** The first start in a clone installs the emulator. */
const PATIENCE_MS = 300_000

let aws: AwsProcess
let grown: Growth

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
  aws = await startAws()
  const sizes = [
    { waiting: 0, closed: 0 },
    { waiting: 12, closed: 12 },
  ]
  grown = await growth(aws, ROOT, { sizes, due: DUE, tell: () => undefined })
}, PATIENCE_MS)
afterAll(() => aws.stop())

/** What the figures stand on: a piece of work that was not done asks for nothing. */
test('each piece of work is done and counted, and asks for the same beside other runs', () => {
  const [alone, among] = grown.sizes.map(({ work }) => work)
  expect(among!.map(({ cost }) => cost)).toEqual(alone!.map(({ cost }) => cost))
  expect(alone!.every(({ cost, done }) => sum(cost.keys) > 0 && done)).toBe(true)
  const [run, , approval] = alone!
  expect([run, approval].map((each) => each!.cost.calls.RevokeSecurityGroupIngress)).toEqual([1, 1])
})

test('a sweep finds copies of a run that waits when they are due, and none that is not', () => {
  expect(grown.due.invocations).toMatchObject([{ woken: DUE, done: true }])
})

const COUNTED: [operation: string, request: object, answer: object, keys: number][] = [
  ['GetItem', {}, {}, 1],
  ['PutItem', {}, {}, 1],
  ['UpdateItem', {}, {}, 1],
  ['DeleteItem', {}, {}, 1],
  ['BatchGetItem', { RequestItems: { a: { Keys: [1, 2] }, b: { Keys: [3] } } }, {}, 3],
  ['TransactWriteItems', { TransactItems: [1, 2] }, {}, 2],
  ['TransactGetItems', { TransactItems: [1, 2, 3] }, {}, 3],
  ['Query', {}, { Items: [1, 2] }, 3],
  ['Query', {}, {}, 1],
]
test.each(COUNTED)('%s of %j answered by %j asks for %i items', (operation, request, answer, keys) => {
  const cost = nothing()
  count(cost, operation, JSON.stringify(request), JSON.stringify(answer))
  expect(cost).toEqual({ calls: { [operation]: 1 }, keys: { [operation]: keys } })
})

test('a call to another service is a call, whatever it says', () => {
  const cost = nothing()
  count(cost, 'AssumeRole', 'Action=AssumeRole', '<xml>')
  expect(cost).toEqual({ calls: { AssumeRole: 1 }, keys: {} })
})
