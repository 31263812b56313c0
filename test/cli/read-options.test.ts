import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { COMMANDS } from '../../src/cli/program/command-list.ts'
import type { Invocation, Shared } from '../../src/cli/program/invocation.ts'
import { buildProgram, runProgram } from '../../src/cli/program/program.ts'
import type { Output } from '../../src/cli/terminal/output.ts'
import { plain } from '../../src/reports/paint.ts'
import { foundBy } from '../../src/run/found-by.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { ANN, BlockingSets } from '../engine/blocking-sets.ts'
import { attack } from '../engine/simulated-world.ts'
import { sampleRun } from '../support/sample-run.ts'
import { memoryStack } from './in-memory-stack.ts'

/** An option stands in the help of a command if, and only if, the command reads it: watched while it runs, without AWS. */

const EVENT = resolve(import.meta.dirname, '../events/config-compliance-restricted-ssh.json')
const CASES = resolve(import.meta.dirname, '../../examples/starter/rectify.test.yaml')
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' }
/** Nobody listens there: whatever reads AWS has read its options by then. */
const NOWHERE = ['--endpoint-url', 'http://127.0.0.1:1']
const RUN = sampleRun().id

/** Who reads the options of every command: to propose the same again, to tell a failure. */
const FOR_ALL = /\/program\/(same-way|program|failure)\.ts/
/** They read `--stack` to refuse it. */
const REFUSING = ['triage', 'plan', 'apply']
/** Their engines are given the answers of the command line, and never ask: they end before, or are an answer themselves. */
const NEVER_ASK = ['plan', 'rehearse', 'decline']

/** Ways through each command that together read all that it ever reads. */
const WAYS: Record<string, string[]> = {
  init: ['init --yes'],
  triage: [`triage ${EVENT}`, 'triage --playbook ec2-close-open-ingress --resource sg-1'],
  plan: [`plan ${EVENT}`],
  rehearse: [`rehearse ${EVENT}`, 'rehearse --stack prod'],
  apply: [`apply ${EVENT}`],
  runs: [`runs ${RUN}`, 'runs --stack nowhere'],
  approve: [`approve ${RUN}`, `approve ${RUN} --stack nowhere`],
  decline: [`decline ${RUN} --reason r`, `decline ${RUN} --reason r --stack nowhere`],
  undo: [`undo ${RUN}`, `undo ${RUN} --stack nowhere`],
  unblock: [`unblock ${ANN}`, `unblock ${ANN} --stack nowhere`, `unblock ${ANN} --stack prod`],
  sweep: ['sweep', 'sweep --stack nowhere'],
  pause: ['pause', 'pause --playbook ec2-close-open-ingress', 'pause --stack nowhere'],
  resume: ['resume --yes', 'resume --stack nowhere'],
  exempt: ['exempt sg-0123456789abcdef0 --until 7d --reason r', 'exempt --end X --stack nowhere'],
  exemptions: ['exemptions', 'exemptions --stack nowhere'],
  report: ['report', 'report --stack nowhere'],
  send: [`send ${EVENT} --stack nowhere`, `send ${EVENT} --stack prod`],
  playbooks: ['playbooks'],
  'policy check': ['policy check'],
  'policy test': [`policy test ${CASES}`],
  'policy diff': [`policy diff rectify.yaml rectify.yaml --events ${EVENT}`],
  'policy advise': ['policy advise', 'policy advise --stack nowhere'],
  'policy schema': ['policy schema'],
  'policy explain': [
    `policy explain ${EVENT}`,
    'policy explain --playbook ec2-close-open-ingress --resource sg-1',
  ],
  iam: ['iam', 'iam --operator'],
  sandbox: ['sandbox --stack prod --policy missing.yaml'],
}

let cwd: string
const before = { ...process.env }
beforeAll(() => void Object.assign(process.env, CREDENTIALS))
afterAll(() => {
  process.env = before
})
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'rectify-options-'))
  writeFileSync(join(cwd, 'rectify.yaml'), 'version: 1\n')
  const store = sqliteStore(join(cwd, '.rectify'))
  const heldBy = { rail: 'pause', reason: 'paused by ann at 2026-11-20' } as const
  const run = sampleRun({ state: 'waiting', waitingFor: 'pause', heldBy, outcome: null, revision: 1 })
  await store.commit({
    ...{ id: `${RUN}-1`, run, audit: [], foundBy: { add: foundBy(run), drop: [] } },
    expect: { revision: 0, newest: null },
  })
  await store.close()
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

/** Runs the program in this process, and tells which shared options the command has read. */
async function readBy(line: string): Promise<{ read: Set<string>; text: string }> {
  const read = new Set<string>()
  const told = { text: '' }
  const output: Output = {
    ...{ json: false, paint: plain, notePaint: plain, interactive: false, updating: false },
    result(_document, text) {
      told.text += text()
    },
    lines: async () => true,
    say: () => undefined,
    note: () => undefined,
    status: () => undefined,
    asking: (question) => question(),
    flushed: async () => true,
  }
  const wall = new BlockingSets()
  const stack = memoryStack(wall.world)
  await stack.arrive([attack(wall.world, [ANN])])
  let shared: Shared = {}
  const invocation: Invocation = {
    ...{ env: CREDENTIALS, cwd, output, status: 0 },
    get shared() {
      return new Proxy(shared, {
        get(options, name, receiver) {
          const [, , reader = ''] = (new Error().stack ?? '').split('\n')
          if (!FOR_ALL.test(reader)) read.add(String(name))
          return Reflect.get(options, name, receiver)
        },
      })
    },
    set shared(options) {
      shared = options
    },
    ...(line.includes('--stack prod') && { findStack: async () => stack }),
  }
  await runProgram([...line.split(' '), ...(line.endsWith('--help') ? [] : NOWHERE)], invocation)
  return { read, text: told.text }
}

const camelCased = (flag: string) => flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

async function shownBy(command: string): Promise<string[]> {
  const { text } = await readBy(`${command} --help`)
  const global = text.slice(text.indexOf('Global Options:'))
  return [...global.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, flag = '']) => camelCased(flag))
}

test('no command is forgotten here; the demo reads none', async () => {
  const all = COMMANDS.map(({ name }) => name)
  const program = await buildProgram(all, { output: { json: false } } as Invocation, [])
  const names = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((inner) => `${command.name()} ${inner.name()}`),
  )
  expect(Object.keys(WAYS).sort()).toEqual(names.filter((name) => name !== 'demo').sort())
})

test.each(Object.entries(WAYS))('%s', async (command, ways) => {
  const read = new Set<string>()
  for (const way of ways) for (const name of (await readBy(way)).read) read.add(name)
  const unseen = [
    'hold',
    // The second --policy.
    'otherPolicy',
    ...(REFUSING.includes(command) ? ['stack'] : []),
    ...(NEVER_ASK.includes(command) ? ['yes', 'approve'] : []),
  ]
  const expected = [...read].filter((name) => !unseen.includes(name))
  const shown = (await shownBy(command)).filter((name) => !['json', 'version', 'help'].includes(name))
  expect(shown.sort()).toEqual(expected.sort())
})
