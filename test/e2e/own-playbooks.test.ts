import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DescribeInstancesCommand, EC2Client, ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2'
import { beforeAll, expect, test } from '@jest/globals'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { SHOWN } from '../support/shown-files.ts'
import { plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { isChange } from './unplanned-requests.ts'

/** The playbook of docs/own-playbooks.md, from its plan to its undo. */

const CHECKOUT = resolve(import.meta.dirname, '../..')

const sandbox = withSandbox({ seed: false })
let ec2: EC2Client
let instance: string
let program: Program

beforeAll(async () => {
  ec2 = new EC2Client(clientConfig(sandbox()))
  instance = await plantIn(sandbox()).instance()
  const SourceDestCheck = { Value: false }
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instance, SourceDestCheck }))
  program = programIn(sandbox(), { policy: 'none' })
  for (const [name, text] of Object.entries(SHOWN)) program.write(name, text)
  symlinkSync(join(CHECKOUT, 'node_modules'), join(program.folder, 'node_modules'))
})

async function checked(): Promise<boolean | undefined> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }))
  return Reservations[0]?.Instances?.[0]?.SourceDestCheck
}

test('a playbook of one’s own is asked about, approved, proven and taken back like any other', async () => {
  const target = ['--playbook', 'acme-check-sources', '--resource', instance]
  const { runs } = await program.report('apply', ...target)
  expect(runs[0]).toMatchObject({ playbook: 'acme-check-sources', waitingFor: 'approval' })
  expect(await checked()).toBe(false)

  const approved = await program.report('approve', runs[0]!.run, '--approve', runs[0]!.plan!.hash)
  expect(approved.runs[0]).toMatchObject({ outcome: 'remediated' })
  expect(await checked()).toBe(true)

  const undone = await program.report('undo', runs[0]!.run, '--yes')
  expect(undone.runs.map(({ outcome }) => outcome)).toContain('undone')
  expect(await checked()).toBe(false)
})

test('its plan is carried out on a twin, of which AWS sees nothing, and where it disagrees the rehearsal says so', async () => {
  const before = program.requests().length
  const twinned = await program.report(
    'rehearse',
    ...['--playbook', 'acme-check-sources', '--resource', instance],
    ...['--twin', '--fail-on', 'twin-disagrees'],
  )
  expect(twinned.status).toBe(0)
  expect(twinned.runs[0]).toMatchObject({
    outcome: 'rehearsed',
    twin: {
      status: 'agrees',
      copied: expect.arrayContaining(['ec2:RunInstances', 'ec2:ModifyInstanceAttribute']),
      applied: { outcome: 'remediated', calls: ['ec2:ModifyInstanceAttribute'] },
      undone: { outcome: 'undone', differs: [] },
    },
  })
  expect(program.requests().slice(before).filter(isChange)).toEqual([])
  expect(await checked()).toBe(false)
}, 60_000)

test('a copy that somebody interrupts makes no further call, and no run is reported without its twin', async () => {
  program.write(
    'playbooks/interrupting.ts',
    [
      "import { defineCopies } from 'rectify/playbook'",
      "const interrupted = () => (process.kill(process.pid, 'SIGINT'), 'interrupted')",
      "export const copies = defineCopies('ec2', { DescribeInstances: interrupted })",
    ].join('\n'),
  )
  const target = ['--playbook', 'acme-check-sources', '--resource', instance]
  const ended = await program.report('rehearse', ...target, '--twin')
  expect(ended).toMatchObject({ status: 130, runs: [] })
  expect(JSON.parse(ended.stdout)).toMatchObject({
    incomplete: [expect.stringMatching(/^It was interrupted after 0 runs/)],
  })
}, 60_000)
