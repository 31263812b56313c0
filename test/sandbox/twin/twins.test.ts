import { expect, test } from '@jest/globals'
import { playbooks, services } from '../../../playbooks/index.ts'
import { call } from '../../../src/playbook/api.ts'
import { defineCopies, making } from '../../../src/playbook/service/copies.ts'
import { keyOf, type RecordedRead } from '../../../src/sandbox/twin/recorded-reads.ts'
import { twinsIn } from '../../../src/sandbox/twin/twins.ts'
import { rehearsed } from '../../support/sample-rehearsal.ts'
import { samplePlan } from '../../support/sample-run.ts'

const identity = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/ann', partition: 'aws' }
/** Nobody listens there. */
const env = {
  ...{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'eu-central-1' },
  ...{ AWS_ACCESS_KEY_ID: 'AKIASANDBOX', AWS_SECRET_ACCESS_KEY: 'none' },
}
const read: RecordedRead = {
  ...{ service: 'ec2', operation: 'DescribeSecurityGroups', input: {}, answer: {} },
  ...{ account: '123456789012', region: 'eu-central-1', partition: 'aws' },
}

const broken = defineCopies('ec2', {
  DescribeSecurityGroups: () => {
    throw new TypeError('no group')
  },
})
const vpcs = (count: number) =>
  defineCopies('ec2', {
    DescribeSecurityGroups: () =>
      Array.from({ length: count }, (_, n) =>
        making(call('ec2', 'CreateVpc', { CidrBlock: `10.0.${n}.0/24` })),
      ),
  })

function twins(empty: () => Promise<void>, copies = broken) {
  const policy = { kind: 'none' } as const
  return twinsIn({ sandbox: { env, empty }, services, playbooks, policy, copies: [copies] })
}

test('a run without anything to be changed has no twin, and nothing is emptied for it', async () => {
  const emptied: true[] = []
  const of = twins(async () => void emptied.push(true))
  expect(await of(rehearsed({ plan: null }), new Map(), identity)).toBeUndefined()
  expect(await of(rehearsed({ plan: samplePlan({ steps: [] }) }), new Map(), identity)).toBeUndefined()
  expect(emptied).toEqual([])
})

test('a fault of ours in one twin is told of it, and ends no other', async () => {
  const of = twins(async () => undefined)
  expect(await of(rehearsed(), new Map([[keyOf(read), read]]), identity)).toMatchObject({
    status: 'notCopied',
    why: 'unexpected: no group',
  })
})

test('what takes too many calls is not copied, and says how many', async () => {
  const of = twins(async () => undefined, vpcs(501))
  expect(await of(rehearsed(), new Map([[keyOf(read), read]]), identity)).toMatchObject({
    status: 'notCopied',
    why: 'what was read is too much to be copied: 501 calls, of at most 500',
    copied: [],
  })
})

test('a copy that is to stop makes no further call, and nothing is said of it', async () => {
  const stop = new AbortController()
  const reason = new Error('stopped')
  const of = twins(async () => stop.abort(reason), vpcs(1))
  await expect(of(rehearsed(), new Map([[keyOf(read), read]]), identity, stop.signal)).rejects.toBe(reason)
})

test('emulators that have died on the way end the rehearsal, for that says nothing of the plan', async () => {
  let emptied = 0
  const of = twins(async () => {
    emptied += 1
    if (emptied > 1) throw new TypeError('fetch failed')
  })
  await expect(of(rehearsed(), new Map([[keyOf(read), read]]), identity)).rejects.toMatchObject({
    name: 'BadRequest',
    message: expect.stringContaining('do not answer any more: fetch failed'),
  })
})

test('emulators that do not answer any more end the rehearsal, which says what to do', async () => {
  const of = twins(() => Promise.reject(new TypeError('fetch failed')))
  await expect(of(rehearsed(), new Map(), identity)).rejects.toMatchObject({
    name: 'BadRequest',
    message: 'the emulators in which twins are made do not answer any more: fetch failed; leave --twin out',
  })
})
