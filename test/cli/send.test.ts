import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parseText } from '../../src/findings/read.ts'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import { openGroup } from '../engine/approval-scenes.ts'
import { callOn, memoryStack } from './in-memory-stack.ts'

const EVENTS = join(import.meta.dirname, '../events')
const SSH = join(EVENTS, 'config-compliance-restricted-ssh.json')
const SSH_BY_SNS = join(EVENTS, 'sns-config-compliance-restricted-ssh.json')
const SSH_OVER = join(EVENTS, 'config-compliance-restricted-ssh-compliant.json')
const MIXED = join(EVENTS, 'sqs-mixed-with-bad-records.json')

const stackWith = (rules?: Record<string, string>) => memoryStack(openGroup(), rules)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rectify-send-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('send', () => {
  test('tells which deployed rules take an event in, and puts it into the intake queue as it is', async () => {
    const stack = stackWith()
    const ran = await callOn(stack, 'send', SSH)
    expect(ran).toMatchObject({
      status: 0,
      document: { sent: [{ event: SSH, matched: ['ConfigRule'] }], unmatched: [], rejected: [] },
    })
    expect(stack.events).toHaveLength(1)
    expect(stack.events[0]!.event).toMatchObject({ source: 'aws.config', detail: expect.any(Object) })
    expect(ran.text).toMatch(/sent .*taken in by ConfigRule/)
  })

  test('tells which playbook acts on it, and when none does, though a rule takes it in', async () => {
    const stack = stackWith()
    const answered = await callOn(stack, 'send', SSH)
    expect(answered.document).toMatchObject({
      sent: [{ findings: [{ type: 'INCOMING_SSH_DISABLED', playbooks: ['ec2-close-open-ingress'] }] }],
    })
    expect(answered.text).toMatch(/taken in by ConfigRule; for ec2-close-open-ingress\n\nNext/)

    const events = [
      configRule('iam-policy-no-statements-with-admin-access', 'AWS::IAM::Policy', 'ANPA1'),
      SSH_OVER,
    ]
    for (const event of events) {
      const file = join(folder, 'event.json')
      writeFileSync(file, typeof event === 'string' ? readFileSync(event) : JSON.stringify(event))
      const ran = await callOn(stack, 'send', file)
      expect(ran).toMatchObject({
        status: 0,
        document: { sent: [{ matched: ['ConfigRule'], findings: [{ playbooks: [] }] }] },
        text: expect.stringMatching(
          /nothing will come of it: (no playbook answers config IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS|resolved)\n?$/,
        ),
      })
    }
  })

  test('does not say that nothing will come of a rule whose name tells nothing: the deployment asks what it is', async () => {
    const file = join(folder, 'own-rule.json')
    writeFileSync(
      file,
      JSON.stringify(configRule('our-rule', 'AWS::EC2::SecurityGroup', 'sg-0123456789abcdef0')),
    )
    const ran = await callOn(stackWith(), 'send', file)
    expect(ran).toMatchObject({
      document: {
        sent: [{ findings: [{ playbooks: [], unknown: expect.stringMatching(/^what rule our-rule is/) }] }],
      },
    })
    expect(ran.text).toContain('what comes of it is not known here: what rule our-rule is')
    expect(ran.text).not.toContain('nothing will come of it')
  })

  test('gives each sending a nonce of its own, so that it is not taken for a redelivery', async () => {
    const stack = stackWith()
    await callOn(stack, 'send', SSH)
    await callOn(stack, 'send', SSH, SSH)
    expect(new Set(stack.events.map(({ nonce }) => nonce)).size).toBe(3)
  })

  test('holds back what no deployed rule takes in, status 3, unless --yes', async () => {
    const stack = stackWith({ GuardDutyRule: 'aws.guardduty' })
    const held = await callOn(stack, 'send', SSH)
    expect(held).toMatchObject({
      status: 3,
      document: { sent: [], unmatched: [{ event: SSH, reason: expect.stringContaining('stack prod') }] },
    })
    expect(stack.events).toEqual([])

    const sent = await callOn(stack, 'send', SSH, '--yes')
    expect(sent).toMatchObject({
      status: 0,
      document: { sent: [{ event: SSH, matched: [] }], unmatched: [] },
    })
    expect(stack.events).toHaveLength(1)
  })

  test('names what it cannot read, status 2, and still sends the rest', async () => {
    const stack = stackWith()
    const ran = await callOn(stack, 'send', MIXED, SSH)
    expect(ran.status).toBe(2)
    const { sent, rejected } = ran.document as { sent: { event: string }[]; rejected: { event: string }[] }
    expect(rejected.length).toBeGreaterThan(0)
    expect(sent.map(({ event }) => event)).toContain(SSH)
    expect(sent.length).toBe(stack.events.length)
    for (const { event } of rejected) expect(event).toContain(MIXED)
  })

  test('of a path that cannot be read is an input error, and nothing is sent', async () => {
    const stack = stackWith()
    const ran = await callOn(stack, 'send', SSH, 'nowhere.json')
    expect(ran).toMatchObject({ status: 2, document: { error: { kind: 'input' } } })
    expect(stack.events).toEqual([])
  })

  test('keeps a notification in the envelope that says when it was, and knows that no rule brings it', async () => {
    const stack = stackWith()
    const ran = await callOn(stack, 'send', SSH_BY_SNS, '--yes')
    expect(ran.status).toBe(0)
    for (const { event } of stack.events) {
      expect(parseText(JSON.stringify(event), 'sent').findings).toHaveLength(1)
    }
  })

  test('hands over every finding of every readable file, and nothing else', async () => {
    const stack = stackWith()
    const ran = await callOn(stack, 'send', EVENTS, '--yes')
    const listed = await callOn(memoryStack(openGroup()), 'send', EVENTS)
    const ids = (texts: unknown[]) =>
      texts.flatMap((one) => parseText(JSON.stringify(one), 'x').findings.map(({ id }) => id)).sort()
    const { readEvents } = await import('../../src/cli/input/events-input.ts')
    const read = await readEvents([EVENTS], {
      cwd: '/',
      stdin: () => process.stdin,
      note: () => undefined,
    })
    expect(ids(stack.events.map(({ event }) => event))).toEqual(read.findings.map(({ id }) => id).sort())
    expect((ran.document.rejected as unknown[]).length).toBe(read.rejected.length)
    expect((listed.document.sent as unknown[]).length).toBeLessThan(stack.events.length)
  })
})
