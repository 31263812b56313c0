import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { type Emulator, startEmulator } from '../emulator.ts'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { scratchFolder } from '../scratch.ts'
import { SANDBOX_FOLDER, type VenvOptions } from '../venv.ts'

/**
 * Starts ministack (https://pypi.org/project/ministack/), which runs the deployed stack: CloudFormation, queues, bus,
 * schedules, tables, functions as processes of this Node. Lifetime and errors: `startEmulator`.
 * @param endpoint where the functions' own calls to AWS go
 */
export async function startMinistack(endpoint: string, options: VenvOptions = {}): Promise<Emulator> {
  const folder = await scratchFolder('stack')
  try {
    const ministack = await startEmulator(
      { launcher: 'ministack-launcher.py', env: await environment(endpoint, folder.path) },
      options,
    )
    return {
      ...ministack,
      async stop() {
        await ministack.stop()
        await folder.remove()
      },
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

async function environment(endpoint: string, folder: string): Promise<Record<string, string>> {
  return {
    // By itself it listens on every interface.
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(await freePort()),
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    MINISTACK_ACCOUNT_ID: SANDBOX_ACCOUNT,
    MINISTACK_REGION: SANDBOX_REGION,
    AWS_ENDPOINT_URL: endpoint,
    // The functions run on whatever `node` comes first.
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    // Their code is unpacked there.
    TMPDIR: folder,
    // A key that takes a while to make is kept there, which would else be beside the folders of others in /tmp.
    STATE_DIR: join(SANDBOX_FOLDER, 'ministack-state'),
  }
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
