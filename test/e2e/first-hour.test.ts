import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { NEXT } from '../../src/cli/demo/script.ts'
import { COMPILE_CACHE } from '../support/program-without-aws.ts'
import { CTRL_C, DOWN, ENTER, onTerminal, type Terminal } from '../support/terminal.ts'
import { cleanEnvironment } from './program-in-sandbox.ts'

/**
 * The first hour: what `npm start` proposes at its end is typed into one terminal, and what that proposes into another,
 * in that order, questions answered, up to a fix of the deployed stack that is approved and taken back.
 */

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))
let cwd = ''
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'rectify-first-hour-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

/** A shell with a person before it, who stands in a folder of their own and not in the checkout. */
async function shell(columns: number): Promise<Terminal & { run(command: string): Promise<string> }> {
  const env = { ...cleanEnvironment(), NODE_COMPILE_CACHE: COMPILE_CACHE, PS1: '' }
  const terminal = await onTerminal([], {
    cwd,
    env,
    columns,
    command: ['bash', '--noprofile', '--norc', '-i'],
  })
  let commands = 0

  /** Says yes: to `Yes / No` by its letter, in a list by the choice below the first, which leaves everything as it is. */
  async function answer(): Promise<void> {
    const [asked] = await terminal.shows(/Yes \/|leave it waiting/)
    terminal.type(asked === 'Yes /' ? 'y' : `${DOWN}${ENTER}`)
  }

  return {
    ...terminal,
    /** Types a command and answers its question, if it asks one. Gives what it showed, when it has ended with status 0. */
    async run(command) {
      commands += 1
      terminal.type(`${command}; echo "ended ${commands} with $?"${ENTER}`)
      // The line itself is echoed first, and says `$?`.
      const end = new RegExp(
        `([\\s\\S]*?)(ended ${commands} with (\\d+)\\s|(?:Change|Approve|Take) this[^?]*\\?)`,
      )
      const [, shown = '', , status] = await terminal.shows(end)
      if (status !== undefined) {
        expect({ command, status, shown }).toMatchObject({ status: '0' })
        return shown
      }
      await answer()
      const [rest, more = '', ended] = await terminal.shows(
        new RegExp(`([\\s\\S]*?)ended ${commands} with (\\d+)\\s`),
      )
      expect({ command, ended, rest }).toMatchObject({ ended: '0' })
      return shown + more
    },
  }
}

/** The lines of a list of runs, among what else is on the screen. */
const tableOf = (shown: string) => shown.split('\n').filter((line) => /^(RUN|01\w{10,24}) /.test(line))

test('everything that npm start and the sandbox propose works as it is printed, in that order', async () => {
  const proposed = [...NEXT.matchAll(/^ {2}(npm .*)$/gm)].map(([, line]) =>
    line!.replace('npm run -s', `npm run -s --prefix '${CHECKOUT}'`),
  )
  expect(proposed.length).toBeGreaterThan(1)
  const first = await shell(80)
  for (const line of proposed.slice(0, -1)) await first.run(line)
  first.type(`${proposed.at(-1)}${ENTER}`)
  const [said] = await first.shows(/AWS on this machine[\s\S]*Ctrl-C ends it/)

  const second = await shell(200)
  const surroundings = [...said.matchAll(/^ {2}((?:alias|export) .*)$/gm)].map(([, line]) => line!)
  expect(surroundings).toHaveLength(6)
  for (const line of surroundings) await second.run(line)

  const steps = [...said.matchAll(/^ {2}(rectify .*)$/gm)].map(([, line]) => line!)
  expect(steps.length).toBeGreaterThan(8)
  let run = ''
  const outcomes: string[] = []
  for (const step of steps) {
    const command = step.replace('RUN', run)
    let shown = await second.run(command)
    // The deployment takes a moment to take an event in.
    while (/rectify runs --stack/.test(command) && !/waiting for approval/.test(shown))
      shown = await second.run(command)
    if (/rectify runs/.test(command)) run = /^(01\w{10,24}) /m.exec(shown)![1]!
    if (/rectify (apply|approve|undo)/.test(command))
      outcomes.push(/^(remediated|undone) /m.exec(shown)?.[1] ?? shown)
  }
  expect(outcomes).toEqual(['remediated', 'undone', 'remediated', 'undone'])

  const narrow = await shell(80)
  for (const line of surroundings) await narrow.run(line)
  const listed = tableOf(await narrow.run('rectify runs --stack rectify'))
  expect(listed.map((line) => line.length).filter((length) => length > 80)).toEqual([])
  expect(listed.map((line) => line.split(/ {2,}/)[2])).toEqual(['OUTCOME', 'undone', 'remediated (undone)'])
  const wide = tableOf(await second.run('rectify runs --stack rectify'))
  expect(wide[0]).toMatch(/ RESOURCE +PLAYBOOK +WHY$/)
  // What is shown short is enough to name the run by.
  const [short = ''] = listed[1]!.split(' ')
  expect(await narrow.run(`rectify runs ${short} --stack rectify`)).toMatch(/^undone /m)

  first.type(CTRL_C)
  await first.run('echo')
}, 300_000)
