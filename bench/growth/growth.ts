import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { startMinistack } from '../../src/sandbox/stack/ministack.ts'
import type { AwsProcess } from '../aws-process.ts'
import { REGION } from '../security-groups.ts'
import { openBuild } from './build.ts'
import { type DueSweep, dueSweeps } from './due-sweeps.ts'
import { fill } from './fill.ts'
import { type Measured, measured, samples } from './measured.ts'
import { inNewTable, type Stack } from './stack.ts'
import { startWire } from './wire.ts'

/** What stands in a table when work is done on it. */
export interface Size {
  waiting: number
  closed: number
}

export interface Sized extends Size {
  fillSeconds: number
  work: Measured[]
}

export interface Growth {
  folder: string
  sizes: Sized[]
  due: DueSweep
}

export interface GrowthOptions {
  sizes: Size[]
  /** Runs that are due in a table of their own: with more in it the emulator is too slow to be swept. */
  due: number
  tell: Stack['tell']
}

/** Nothing runs here that ministack would have to call. */
const NOWHERE = 'http://127.0.0.1:9'

/**
 * The same pieces of work in tables of which each holds more runs than the one before, done by the functions as they
 * are bundled, and counted on the wire; then sweeps with many runs due.
 * @param build folder of the build
 */
export async function growth(aws: AwsProcess, build: string, options: GrowthOptions): Promise<Growth> {
  const folder = mkdtempSync(join(tmpdir(), 'rectify-growth-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const ministack = await startMinistack(NOWHERE)
  const wire = await startWire({ dynamodb: ministack.url, others: aws.endpoint })
  const client = new DynamoDBClient({ endpoint: ministack.url, region: REGION })
  try {
    const opened = await openBuild(build)
    const bundled = await opened.bundle(folder)
    const stack = { build: opened, bundled, folder, aws, wire, client, tell: options.tell }
    return { folder: build, ...(await ofAllSizes(stack, options)) }
  } finally {
    client.destroy()
    wire.stop()
    await ministack.stop()
    remove()
    process.off('exit', remove)
  }
}

async function ofAllSizes(
  stack: Stack,
  { sizes, due, tell }: GrowthOptions,
): Promise<Omit<Growth, 'folder'>> {
  const { waiting, closed } = await samples(stack)
  const done: Sized[] = []
  for (const size of sizes) {
    tell(`${size.waiting} runs waiting, ${size.closed} closed ...`)
    await inNewTable(stack, `of-${done.length}`, async (table) => {
      const start = performance.now()
      await fill(stack, table, waiting, { from: 0, copies: size.waiting })
      await fill(stack, table, closed, { from: size.waiting, copies: size.closed })
      const fillSeconds = (performance.now() - start) / 1000
      done.push({ ...size, fillSeconds, work: await measured(stack, table) })
    })
  }
  tell(`${due} runs due ...`)
  const swept = await inNewTable(stack, 'due', (table) => dueSweeps(stack, table, waiting, due))
  return { sizes: done, due: swept }
}
