import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Command } from 'commander'
import { COMMANDS } from '../../src/cli/program/command-list.ts'
import type { Invocation } from '../../src/cli/program/invocation.ts'
import { buildProgram } from '../../src/cli/program/program.ts'

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/operations.md',
  'docs/guard-rails.md',
  'docs/slack.md',
  'docs/own-playbooks.md',
  'docs/policy-tests.md',
  'docs/rehearsal.md',
]

/** The program with all of these commands, which do nothing when they act. */
async function idle(commands: string[], shown: string[] = []): Promise<Command> {
  const output = { json: false, note: () => undefined }
  const invocation = { output, shared: {}, env: {}, cwd: '/' } as unknown as Invocation
  const program = await buildProgram(commands, invocation, shown)
  const still = (command: Command): void => {
    command.action(() => undefined)
    command.commands.forEach(still)
  }
  program.commands.filter(({ commands }) => commands.length === 0).forEach(still)
  for (const group of program.commands.filter(({ commands }) => commands.length > 0))
    group.commands.forEach(still)
  return program
}

async function helpOf(words: string[]): Promise<string> {
  const shown: string[] = []
  const program = await idle(words, shown)
  await program.parseAsync([...words, '--help'], { from: 'user' }).catch(() => undefined)
  return shown.join('')
}

/** The words of a line as a shell takes them, up to a comment, a pipe or a redirection. */
function wordsOf(line: string): string[] {
  const [command = ''] = line.split(/\s+#|\s[|>;&]|\s{2,}/)
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
}

const names = (await idle(COMMANDS.map(({ name }) => name))).commands.flatMap((command) => [
  [command.name()],
  ...command.commands.map((inner) => [command.name(), inner.name()]),
])
const inHelp = (
  await Promise.all([[], ...names].map(async (words) => ({ words, help: await helpOf(words) })))
).flatMap(({ words, help }) =>
  [...help.matchAll(/^ {2}(rectify .*)$/gm)].map(([, line = '']): [string, string] => [
    `rectify ${words.join(' ')}`.trim(),
    line,
  ]),
)
const inDocuments = DOCUMENTS.flatMap((name) => {
  const text = readFileSync(join(import.meta.dirname, '../..', name), 'utf8')
  const blocks = [...text.matchAll(/^(rectify .*)$/gm)].map(([, line = '']) => line)
  const inline = [...text.matchAll(/`(rectify [^`]+)`/g)].map(([, line = '']) => line.replaceAll('\n', ' '))
  return [...blocks, ...inline].map((line): [string, string] => [name, line])
})

describe('every command that is proposed is one of the program', () => {
  test('there are some in each command, and in the documents', () => {
    const having = new Set(inHelp.map(([where]) => where))
    expect(names.filter(([name, inner]) => inner === undefined && !having.has(`rectify ${name}`))).toEqual([])
    expect(inDocuments.length).toBeGreaterThan(30)
  })

  test.each([...inHelp, ...inDocuments])('%s: %s', async (_where, line) => {
    const [, ...words] = wordsOf(line)
    // What stands for any of them, and a command that is only called by its name.
    if (words.includes('COMMAND')) return
    const [only] = words
    if (words.length === 1) return expect(names.map(([name]) => name)).toContain(only)
    if (names.some((name) => name.join(' ') === words.join(' '))) return
    await (await idle(words)).parseAsync(words, { from: 'user' })
  })
})
