import { beforeAll, expect, test } from '@jest/globals'
import { detectorEvents } from '../../src/sandbox/sample-events/every-detector.ts'
import { sampleEvents } from '../../src/sandbox/sample-events/sample-events.ts'
import { childrenOf } from '../support/child-processes.ts'
import { withSandbox } from '../support/sandbox.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** `rectify rehearse --twin` as a person types it, about what is seeded; one sandbox stands for AWS. */

const sandbox = withSandbox()
let program: Program

beforeAll(() => {
  program = programIn(sandbox())
  const { seeds } = sandbox()
  for (const { name, event } of [...sampleEvents(seeds), ...detectorEvents(seeds)])
    program.write(`events/${name}.json`, event)
})

const rehearse = ['rehearse', 'events/', '--twin', '--fail-on', 'twin-disagrees']

test('each plan has a twin, in all reports, and AWS has seen dry runs only', async () => {
  const { status, runs, ...more } = await program.report(...rehearse, '--csv', 'r.csv', '--markdown', 'r.md')
  const plans = runs.filter(({ plan }) => plan !== null)
  expect(status).toBe(0)
  expect(plans.map(({ playbook, twin }) => `${playbook} ${twin?.status}`).sort()).toEqual([
    ...Array(6).fill('ec2-close-open-ingress agrees'),
    ...['ec2-require-imdsv2 agrees', 'ec2-unshare-public-snapshot agrees'],
    ...Array(2).fill('s3-block-public-access agrees'),
    ...['ssm-patch-instance notCopied', 'wafv2-block-attacker-ip agrees'],
  ])
  expect(more).toMatchObject({
    document: { summary: { twins: { agrees: 11, disagrees: 0, notShown: 0, notCopied: 1 } } },
  })
  expect(program.read('r.csv')).toContain('what an agent on a machine reports no call can make')
  expect(program.read('r.md')).toContain('11 of 12 twins agree, 1 could not be copied')
  // Inspector lists findings by a POST.
  const sent = changes(program).map(({ operation }) => operation)
  expect(sent.filter((operation) => operation !== 'POST /findings/list')).toEqual([])
}, 90_000)

test('after Ctrl-C its emulators are gone, and what has no twin yet gets one when it goes on', async () => {
  const running = program.start(...rehearse)
  let children: number[] = []
  const off = program.strike('DescribeSecurityGroupRules', {
    kind: 'hook',
    before: () => {
      children = childrenOf(running.child.pid!)
      running.child.kill('SIGINT')
    },
  })
  const { status, stderr } = await running.ended
  off()
  expect({ status, stderr }).toMatchObject({ status: 130, stderr: expect.stringMatching(/interrupted/) })
  expect(children.length).toBeGreaterThan(0)
  for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  const { runs } = await program.report(...rehearse, '--resume')
  const plans = runs.filter(({ plan }) => plan !== null)
  expect(plans).toHaveLength(12)
  expect(plans.filter(({ twin }) => twin === undefined)).toEqual([])
}, 90_000)
