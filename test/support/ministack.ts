import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll } from '@jest/globals'
import { SANDBOX_FOLDER } from '../../src/sandbox/venv.ts'

/** Names a Python that has `ministack`, for when the sandbox's own has not. */
const PYTHON_VARIABLE = 'RECTIFY_MINISTACK_PYTHON'
const PYTHONS = [join(SANDBOX_FOLDER, 'venv', 'bin', 'python'), process.env[PYTHON_VARIABLE]]
const START_PATIENCE_MS = 60_000

/** Ends with its parent, however that one ends: the parent holds the other end of standard input. */
const LAUNCHER = `
import os, sys, threading
def end_with_parent():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)
threading.Thread(target=end_with_parent, daemon=True).start()
from ministack.app import main
main()
`

/**
 * One ministack (https://pypi.org/project/ministack/) for a test file, started before its tests and stopped after
 * them: the emulator of DynamoDB. Use the returned function inside the tests; it gives the endpoint.
 */
export function withMinistack(): () => string {
  let running: { child: ChildProcess; endpoint: string } | undefined
  beforeAll(async () => {
    running = await start()
  }, START_PATIENCE_MS)
  afterAll(() => void running?.child.stdin?.end())
  return () => {
    if (!running) throw new Error('ministack is there only inside tests')
    return running.endpoint
  }
}

/** A client for it, which the caller destroys. */
export function dynamoClient(endpoint: string, more: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...more,
  })
}

async function start(): Promise<{ child: ChildProcess; endpoint: string }> {
  const port = await freePort()
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|PYTHON)/.test(name))
  const child = spawn(pythonWithMinistack(), ['-I', '-c', LAUNCHER], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {
      ...Object.fromEntries(kept),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      MINISTACK_ACCOUNT_ID: '123456789012',
    },
  })
  await new Promise<void>((resolve, reject) => {
    const said = (line: string) => line.includes('Running on') && resolve()
    createInterface({ input: child.stderr! }).on('line', said)
    child.once('error', reject)
    child.once('close', (status) => reject(new Error(`ministack ended with status ${status}`)))
  })
  return { child, endpoint: `http://127.0.0.1:${port}` }
}

function pythonWithMinistack(): string {
  const python = PYTHONS.find(
    (each) => each && existsSync(each) && spawnSync(each, ['-I', '-c', 'import ministack']).status === 0,
  )
  if (!python) throw new Error(`no Python with ministack: let ${PYTHON_VARIABLE} name one`)
  return python
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
