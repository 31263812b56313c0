import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, test } from '@jest/globals'
import { isForStack } from '../../src/sandbox/stack/routes.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { childrenOf, parentOf } from '../support/child-processes.ts'
import { clientConfig } from '../support/sandbox.ts'

describe('a request', () => {
  test.each([
    ['sqs', '/', true],
    ['events', '/', true],
    ['dynamodb', '/', true],
    ['s3', '/artifacts-rectify/RunnerFunction.zip', true],
    ['s3', '/aws-sam-cli-managed-default-samclisourcebucket-1a2b/4f0c', true],
    ['s3', '/a-bucket-to-remediate', false],
    ['ec2', '/', false],
    ['ssm', '/', false],
    ['wafv2', '/', false],
    // Sessions of member accounts see that account's resources, and those are in the other emulator.
    ['sts', '/', false],
  ])('to %s %s is about the stack: %s', (service, path, expected) => {
    expect(isForStack({ service, path })).toBe(expected)
  })
})

describe('a deployed stack', () => {
  test('shares its endpoint with the resources, knows who calls, and leaves no process behind', async () => {
    const sandbox = await startSandbox({ seed: false, stack: true })
    const { stack, emulator } = sandbox.deployed!
    expect(stack.outputs).toMatchObject({ TableName: expect.stringContaining('rectify-RunsTable') })
    const config = clientConfig(sandbox)
    const s3 = new S3Client({ ...config, forcePathStyle: true })
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([])

    expect(await callerOf(config)).toBe('arn:aws:iam::123456789012:user/sandbox')
    const role = 'arn:aws:sts::123456789012:assumed-role/RunnerRole/RunnerFunction'
    const ofFunction = { accessKeyId: '123456789012', secretAccessKey: 'sandbox', sessionToken: role }
    expect(await callerOf({ ...config, credentials: ofFunction })).toBe(role)

    await sandbox.stop()
    expect(() => process.kill(emulator.pid, 0)).toThrow('ESRCH')
  }, 300_000)

  test('ends with its functions when the process that holds it is killed outright', async () => {
    const module = (path: string) =>
      JSON.stringify(new URL(`../../src/sandbox/${path}`, import.meta.url).href)
    const script = `
      const { startSandbox } = await import(${module('start.ts')})
      const { configRule } = await import(${module('sample-events/config-rule.ts')})
      const { deployed, requests } = await startSandbox({ seed: false, stack: true })
      await deployed.detectors.put(configRule('restricted-ssh', 'AWS::EC2::SecurityGroup', 'sg-0a1b2c3d4e5f60718'))
      while (!requests.some(({ operation }) => operation === 'TransactWriteItems')) await new Promise(setImmediate)
      console.log(deployed.emulator.pid)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [pid] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
    const folder = /^TMPDIR=(.+)$/m.exec(
      readFileSync(`/proc/${pid}/environ`, 'utf8').replaceAll('\0', '\n'),
    )![1]!
    expect(existsSync(folder)).toBe(true)
    const workers = childrenOf(Number(pid))
    expect(workers.length).toBeGreaterThan(1)
    parent.kill('SIGKILL')
    for (const each of [Number(pid), ...workers]) await gone(each)
    expect(existsSync(folder)).toBe(false)
  }, 300_000)
})

async function callerOf(config: ReturnType<typeof clientConfig>): Promise<string | undefined> {
  return (await new STSClient(config).send(new GetCallerIdentityCommand({}))).Arn
}

/** Resolves once the process is there no more; the test's own timeout is the limit. */
async function gone(pid: number): Promise<void> {
  while (parentOf(pid) !== undefined) await new Promise(setImmediate)
}
