import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sampleEvents } from '../../src/sandbox/sample-events/sample-events.ts'
import { cleanEnvironment } from '../e2e/program-in-sandbox.ts'
import { rectify } from '../support/program-without-aws.ts'
import { withSandbox } from '../support/sandbox.ts'
import { CTRL_C, CTRL_D, DOWN, ENTER, onTerminal, type Terminal } from '../support/terminal.ts'

/** What a person hears who presses Ctrl-C: a real one, on a terminal. */

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'rectify-interrupted-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const policy = (rule: string) => writeFileSync(join(cwd, 'rectify.yaml'), `version: 1\nrules:\n  - ${rule}\n`)

describe('Ctrl-C', () => {
  const sandbox = withSandbox()
  afterEach(() => sandbox().reset())

  const env = () => ({ ...cleanEnvironment(), ...sandbox().env })
  const apply = (...args: string[]) => onTerminal(['apply', ...args], { cwd, env: env() })
  const applyTo = (name: string) =>
    apply('--playbook', 'ec2-close-open-ingress', '--resource', sandbox().seeds[name]!, '--state', 'my runs')
  const changes = () =>
    sandbox().requests.filter(({ operation, dryRun }) => /^Revoke|^Modify/.test(operation) && !dryRun)

  /** Interrupts when AWS has taken in the nth such call, and before it answers. */
  function interruptAt(operation: string, nth = 1): { by(person: Terminal): void } {
    let come = (_: Terminal) => {}
    const person = new Promise<Terminal>((resolve) => {
      come = resolve
    })
    const after = async () => {
      ;(await person).type(CTRL_C)
      await (await person).ended
    }
    sandbox().faults.push({ operation, nth, count: 1, fault: { kind: 'hook', after } })
    return { by: come }
  }

  async function interrupted(operation: string, nth = 1): Promise<Terminal> {
    policy('mode: auto')
    const at = interruptAt(operation, nth)
    const person = await applyTo('web-ssh-open')
    at.by(person)
    expect({ status: await person.ended, screen: person.screen() }).toMatchObject({ status: 130 })
    return person
  }

  test('while a change is under way says so, names the run, and the way on that it names finishes it', async () => {
    const person = await interrupted('RevokeSecurityGroupIngress')
    expect(person.screen()).toMatch(/perhaps sent +ec2:RevokeSecurityGroupIngress/)
    const [, run] = /run +rectify runs (\w+) --state 'my runs'/.exec(person.screen())!
    expect(person.screen()).toContain("Go on: rectify sweep --state 'my runs'")
    const swept = await rectify(['sweep', '--state', 'my runs', '--json'], { cwd, env: sandbox().env })
    expect(swept.document()).toMatchObject({ runs: [{ run, outcome: 'remediated' }] })
    expect(changes()).toHaveLength(1)
  })

  test('before the proof says what was sent', async () => {
    const person = await interrupted('DescribeSecurityGroupRules', 2)
    expect(person.screen()).toMatch(/sent +ec2:RevokeSecurityGroupIngress/)
    expect(person.screen()).not.toContain('perhaps')
  })

  test('before any change says that there was none', async () => {
    const person = await interrupted('DescribeSecurityGroupRules')
    expect(person.screen()).toContain('interrupted: no change was sent')
    expect(changes()).toEqual([])
  })

  test('at a question asks no other and leaves all of them waiting', async () => {
    policy('mode: approve')
    for (const { name, event } of sampleEvents(sandbox().seeds).slice(0, 3))
      writeFileSync(join(cwd, `${name}.json`), JSON.stringify(event))
    const person = await apply('.')
    await person.shows(/Change this\?/)
    person.type(CTRL_C)
    expect(await person.ended).toBe(3)
    expect(person.screen().match(/^waiting for approval/gm)).toHaveLength(3)
    expect(person.screen().match(/^ {2}affects /gm)).toHaveLength(1)
    expect(changes()).toEqual([])
  })

  test('at a question is not the only way out: after Ctrl-D all are left waiting, too', async () => {
    policy('mode: approve')
    const person = await applyTo('web-ssh-open')
    await person.shows(/Change this\?/)
    person.type(CTRL_D)
    expect(await person.ended).toBe(3)
    expect(person.screen()).toMatch(/^waiting for approval/m)
    expect(changes()).toEqual([])
  })

  test('at the reason of a decline declines nothing', async () => {
    policy('mode: approve')
    const person = await applyTo('web-ssh-open')
    await person.shows(/Change this\?/)
    person.type(`${DOWN}${DOWN}${ENTER}`)
    await person.shows(/Why not\?/)
    person.type(CTRL_C)
    expect(await person.ended).toBe(3)
    expect(person.screen()).toMatch(/^waiting for approval/m)
  })
})

describe('Ctrl-C leaves no folder, no process and no alarming word', () => {
  const alone = () => {
    const TMPDIR = join(cwd, 'tmp')
    mkdirSync(TMPDIR)
    return { ...cleanEnvironment(), TMPDIR }
  }

  /** The emulators end by themselves once we have: a moment later all is gone. */
  async function nothingLeft(person: Terminal): Promise<void> {
    while (readdirSync(join(cwd, 'tmp')).length > 0) await sleep(20)
    expect(person.screen()).not.toMatch(/unexpected|[Ee]rror|did not start/)
  }

  test.each([
    ['sandbox before it is ready', ['sandbox', '--stack', 'dev'], /Deploying the stack/, 130],
    ['sandbox once it is ready', ['sandbox', '--stack', 'dev'], /Ctrl-C ends it/, 0],
    ['demo', ['demo'], /ssh-open [\s\S]*dry run/, 130],
  ])(
    'of the %s',
    async (_, args, shown, status) => {
      const person = await onTerminal(args, { cwd, env: alone() })
      await person.shows(shown)
      person.type(CTRL_C)
      expect(await person.ended).toBe(status)
      await nothingLeft(person)
    },
    120_000,
  )
})
