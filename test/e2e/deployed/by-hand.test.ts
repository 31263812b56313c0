import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DescribeSecurityGroupRulesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sshOpen } from '../detected-events.ts'
import { Reported, SandboxReady } from '../pinned-documents.ts'
import { cleanEnvironment, type Running, start } from '../program-in-sandbox.ts'

/** The road of somebody who tries it: a sandbox with a stack in one terminal, the commands in another. */

let folder: string
let holding: Running
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-by-hand-'))
})
afterAll(async () => {
  holding.child.kill('SIGTERM')
  await holding.ended
  rmSync(folder, { recursive: true })
})

test('an event that is sent to the stack of a sandbox is put right there, and its run can be read', async () => {
  writeFileSync(join(folder, 'auto.yaml'), 'version: 1\nrules:\n  - mode: auto\n')
  const args = ['sandbox', '--stack', 'dev', '--policy', 'auto.yaml', '--json']
  holding = start(args, { cwd: folder, env: cleanEnvironment() })
  const [line] = (await once(createInterface({ input: holding.child.stdout! }), 'line')) as [string]
  const { endpoint, env, seeds } = SandboxReady.parse(JSON.parse(line))
  expect(JSON.parse(line).stack).toMatchObject({ name: 'dev', outputs: { TableName: expect.any(String) } })

  const group = seeds['web-ssh-open']!
  writeFileSync(join(folder, 'event.json'), JSON.stringify(sshOpen(group)))
  const command = (...words: string[]) =>
    start([...words, '--stack', 'dev', '--json'], { cwd: folder, env: { ...cleanEnvironment(), ...env } })
      .ended
  expect(await command('send', 'event.json')).toMatchObject({ status: 0 })

  let runs: Reported['runs'] = []
  while (runs[0]?.state !== 'closed') runs = Reported.parse(JSON.parse((await command('runs')).stdout)).runs
  expect(runs).toMatchObject([{ outcome: 'remediated', playbook: 'ec2-close-open-ingress' }])
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY }
  const ec2 = new EC2Client({ endpoint, region: env.AWS_REGION, credentials })
  const Filters = [{ Name: 'group-id', Values: [group] }]
  const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))
  const ssh = SecurityGroupRules.filter(({ IsEgress, FromPort }) => !IsEgress && FromPort === 22)
  expect(ssh.map(({ CidrIpv4 }) => CidrIpv4)).not.toContain('0.0.0.0/0')
}, 300_000)
