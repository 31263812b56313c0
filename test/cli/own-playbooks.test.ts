import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { refuseOldNode } from '../../src/cli/program/node-version.ts'
import { sameWay } from '../../src/cli/program/same-way.ts'
import { rectify } from '../support/program-without-aws.ts'
import { SHOWN } from '../support/shown-files.ts'

const PLAYBOOK = SHOWN['playbooks/check-sources.ts']!
const TARGET = ['--playbook', 'acme-check-sources', '--resource', 'i-0123456789abcdef0']

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'rectify-own-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
}

describe('a folder whose playbooks cannot be loaded', () => {
  const broken = { env: { RECTIFY_PLAYBOOKS: './broken' } }
  beforeEach(() => write({ 'broken/throws.mjs': 'throw new Error("not today")' }))

  test('does not stand between a person and the kill switch', async () => {
    const paused = await rectify(['pause', '--reason', 'freeze', '--json'], { cwd, ...broken })
    expect(paused.status).toBe(0)
    expect(paused.document()).toMatchObject({ paused: true, reason: 'freeze' })
  })

  test('is told by resume before it throws the switch', async () => {
    await rectify(['pause', '--reason', 'freeze'], { cwd, ...broken })
    const resumed = await rectify(['resume', '--yes'], { cwd, ...broken })
    expect(resumed).toMatchObject({ status: 2, stderr: expect.stringContaining('not today') })
    const listed = await rectify(['runs', '--json'], { cwd })
    expect(listed.document()).toMatchObject({ paused: { reason: 'freeze' } })
  })
})

describe('playbooks of a folder', () => {
  test('are known to every command when the policy file names it, from where that file is', async () => {
    write(Object.fromEntries(Object.entries(SHOWN).map(([name, text]) => [`acme/${name}`, text])))
    const policy = ['--policy', 'acme/rectify.yaml']
    const [check, schema, iam, triage] = await Promise.all([
      rectify(['policy', 'check', 'acme/rectify.yaml', '--json'], { cwd }),
      rectify(['policy', 'schema', ...policy], { cwd }),
      rectify(['iam', 'acme-check-sources', ...policy], { cwd }),
      rectify(['triage', ...TARGET, ...policy], { cwd }),
    ])
    expect(check.document()).toMatchObject({ ok: true, rules: 1, notes: [] })
    expect(schema.stdout).toContain('acme-check-sources')
    expect(iam.stdout).toContain('ec2:ModifyInstanceAttribute')
    expect(triage.stdout).toContain('acme-check-sources  approve  rule 1')
  })

  test('are known where --playbooks or RECTIFY_PLAYBOOKS names it, and where both name the same', async () => {
    write(SHOWN)
    const listed = await Promise.all([
      rectify(['playbooks', 'acme-check-sources', '--playbooks', 'playbooks'], { cwd: join(cwd) }),
      rectify(['playbooks', 'acme-check-sources'], { cwd, env: { RECTIFY_PLAYBOOKS: './playbooks/' } }),
    ])
    expect(listed.map(({ status, stderr }) => [status, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
    expect(listed[0]!.stdout).toContain('Let an instance take only what is for it')
  })

  test('are known only where somebody names it', async () => {
    write({ 'playbooks/check-sources.ts': PLAYBOOK })
    expect((await rectify(['playbooks', 'acme-check-sources'], { cwd })).status).toBe(2)
  })

  test.each([
    ['is not there', {}, /own: no such folder \(named by --playbooks\)$/],
    [
      'holds none',
      { 'own/notes.md': '' },
      /own: holds no \.ts, \.js or \.mjs file \(named by --playbooks\)$/,
    ],
    [
      'holds one that throws',
      { 'own/a.ts': "throw new Error('late\\nvery')" },
      /^own\/a\.ts: cannot be loaded: late$/,
    ],
    [
      'holds one that exports none',
      { 'own/a.mjs': 'export const a = 1' },
      /^own\/a\.mjs: exports no playbook/,
    ],
    [
      'holds one with wrong fields',
      {
        'own/a.ts': PLAYBOOK.replace("'acme-check-sources'", "'acme check'").replace("'approve'", "'ask'"),
      },
      /^own\/a\.ts: checkSources: id is "acme check", wanted: .+\nown\/a\.ts: checkSources: suggestedMode is "ask", wanted: one of/,
    ],
    [
      'holds one twice',
      { 'own/a.ts': PLAYBOOK, 'own/b.ts': PLAYBOOK },
      /^own\/b\.ts: "acme-check-sources" is defined by own\/a\.ts already: give it another id$/,
    ],
  ])(
    'are refused when the folder %s, with the file and status 2',
    async (_, files: Record<string, string>, message) => {
      write(files)
      const ran = await rectify(['rehearse', ...TARGET, '--playbooks', 'own', '--json'], { cwd })
      expect(ran.status).toBe(2)
      const { error } = ran.document() as { error: { kind: string; message: string } }
      expect(error).toEqual({ kind: 'usage', message: expect.stringMatching(message) })
    },
  )

  test('a proposed command names the folder again', () => {
    expect(sameWay({ shared: { playbooks: './own' } })).toBe(' --playbooks ./own')
  })
})

test('a starter policy names the folder of the playbooks that it has rules for', async () => {
  write(SHOWN)
  const { status } = await rectify(['init', '--playbooks', 'playbooks', '--policy', 'acme.yaml'], { cwd })
  expect(status).toBe(0)
  const checked = await rectify(['policy', 'check', 'acme.yaml'], { cwd })
  expect(checked.stderr).toBe('')
  expect(checked.status).toBe(0)
  expect(readFileSync(join(cwd, 'acme.yaml'), 'utf8')).toContain('playbook: acme-check-sources')
})

test('an old Node.js is refused with what to do', () => {
  for (const old of ['18.20.8', '20.15.1'])
    expect(() => refuseOldNode(old)).toThrow(`20.16 or newer, this is ${old}`)
  for (const good of ['20.16.0', '24.0.0']) expect(() => refuseOldNode(good)).not.toThrow()
})
