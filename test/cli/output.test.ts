import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { processOutput } from '../../src/cli/terminal/output.ts'
import { plain } from '../../src/reports/paint.ts'

/** What a piece of work writes to both streams. */
async function written(
  work: (output: ReturnType<typeof processOutput>) => void | Promise<void>,
  json = false,
) {
  const streams = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      streams[name] += String(text)
      return true
    })
  }
  await work(processOutput(json, {}))
  return streams
}

afterEach(() => {
  jest.restoreAllMocks()
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error')
})

describe('the output', () => {
  test('never holds two documents, whatever goes wrong after the first', async () => {
    const { stdout } = await written((output) => {
      output.result({ a: 1 }, () => '')
      output.result({ error: {} }, () => '')
    }, true)
    expect(stdout).toBe('{"a":1}\n')
  })

  test('with --json has nothing for people on stdout', async () => {
    const { stdout, stderr } = await written((output) => {
      output.say('hello')
      output.note('to you')
    }, true)
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'to you\n' })
  })

  test('keeps what others have to say until an open question is answered', async () => {
    const { stderr } = await written(async (output) => {
      const answered = output.asking(async () => {
        output.note('meanwhile')
        process.stderr.write('? yes\n')
      })
      await answered
    })
    expect(stderr).toBe('? yes\nmeanwhile\n')
  })

  test.each([{ CI: 'true' }, { NO_COLOR: '1' }, { TERM: 'dumb' }])(
    'asks nobody and paints nothing in a pipe',
    (env) => {
      const output = processOutput(false, env)
      expect(output.interactive).toBe(false)
      expect(output.paint).toBe(plain)
    },
  )
})
