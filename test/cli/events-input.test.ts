import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readEvents } from '../../src/cli/events-input.ts'
import { BadRequest } from '../../src/engine/engine.ts'
import { sample, sampleText } from '../findings/samples.ts'

describe('events', () => {
  let cwd: string
  const read = (paths: string[], stdin = '') => readEvents(paths, { cwd, stdin: async () => stdin })

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'rectify-events-'))
    mkdirSync(join(cwd, 'folder/above'), { recursive: true })
    mkdirSync(join(cwd, 'bare'))
    mkdirSync(join(cwd, 'folder/named-like-a-file.json'))
    writeFileSync(join(cwd, 'folder/b.json'), sampleText('config-compliance-patch'))
    writeFileSync(join(cwd, 'folder/a.json'), '')
    writeFileSync(join(cwd, 'folder/notes.txt'), 'not an event')
    writeFileSync(
      join(cwd, 'folder/above/c.ndjson'),
      `${JSON.stringify(sample('guardduty-port-probe'))}\n{"a":1}\n`,
    )
    writeFileSync(join(cwd, 'named.txt'), sampleText('guardduty-port-probe'))
  })
  afterAll(() => rmSync(cwd, { recursive: true }))

  test('of a folder come from its event files and those of its folders, in order, each named by its path', async () => {
    const { findings, rejected } = await read(['folder'])
    expect(findings.map((each) => each.source)).toEqual(['guardduty', 'config'])
    expect(rejected).toMatchObject([
      { event: 'folder/a.json', code: 'notJson' },
      { event: 'folder/above/c.ndjson#/1', code: 'unknownShape' },
    ])
  })

  test('of a file come whatever its name is', async () => {
    expect((await read(['named.txt', join(cwd, 'folder/b.json')])).findings).toHaveLength(2)
  })

  test('come from standard input for a dash', async () => {
    expect((await read(['-'], sampleText('guardduty-port-probe'))).findings).toHaveLength(1)
    expect((await read(['-'], '')).rejected).toMatchObject([{ event: '-', code: 'notJson' }])
  })

  test.each(['missing.json', 'bare'])(
    'that %s does not have are a bad request that names it',
    async (path) => {
      const failure = await read(['named.txt', path]).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(BadRequest)
      expect(failure).toMatchObject({ kind: 'input', message: expect.stringContaining(path) })
    },
  )
})
