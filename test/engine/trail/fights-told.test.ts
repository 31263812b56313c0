import { describe, expect, test } from '@jest/globals'
import { trailOf } from '../../../src/engine/trail/trail.ts'
import { AwsModel } from '../../support/aws-model.ts'
import { SimulatedClock } from '../../support/clock.ts'
import { AUTO, sshOpen, start, type World } from '../simulated-world.ts'
import { ANN, applied, GROUP, GROUP_ARN, nameIn, refusing, world } from './group-with-trail.ts'
import { lookedUp, tagged } from './trail-records.ts'

describe('a fight', () => {
  const FIGHTS = `${AUTO}limits: { fights: { times: 2, within: 1d } }\n`
  const BOB = 'arn:aws:iam::123456789012:user/bob'
  const by = (arn: string, eventName: string, made: World, more: object = {}) => ({
    ...tagged,
    userIdentity: { type: 'IAMUser', arn },
    eventName,
    eventTime: made.clock.iso(),
    ...more,
  })

  /** Twice put right and twice undone; then it is found open once more. */
  async function fought(
    records: (made: World) => object[],
    tags: Record<string, string> = {},
    recorded = GROUP,
  ) {
    let events: object[] = []
    const made = world(FIGHTS, tags, (input) => lookedUp(...(nameIn(input) === recorded ? events : [])))
    const rounds: string[] = []
    for (const round of [0, 1, 2]) {
      if (round > 0) made.aws.groups.addRule(GROUP, { id: `sgr-0b${round}`, from: 22, cidr: '0.0.0.0/0' })
      made.clock.advance(60_000)
      events = records(made)
      const run = await applied(made)
      rounds.push(String(run.outcome ?? run.waitingFor))
      if (round === 2) return { rounds, run, made, warnings: run.plan!.warnings.join('\n') }
    }
    throw new Error('three rounds')
  }

  test('names who undid the last fix, what manages the resource, and both states', async () => {
    const tags = { 'aws:cloudformation:stack-name': 'web', 'aws:cloudformation:logical-id': 'Group' }
    const { rounds, run, warnings } = await fought(
      (made) => [
        by(ANN, 'CreateTags', made),
        by(BOB, 'AuthorizeSecurityGroupIngress', made),
        by('arn:aws:sts::123456789012:assumed-role/RectifyChange/run', 'RevokeSecurityGroupIngress', made, {
          userIdentity: {
            type: 'AssumedRole',
            arn: 'arn:aws:sts::123456789012:assumed-role/RectifyChange/run',
          },
        }),
      ],
      tags,
    )
    expect(rounds).toEqual(['remediated', 'remediated', 'approval'])
    expect(warnings).toContain('put right 2 times within P1D, and undone each time')
    expect(warnings).toContain(`; the last time by ${BOB} (AuthorizeSecurityGroupIngress, `)
    // Who only tagged it has not undone anything.
    expect(warnings).not.toContain(ANN)
    expect(warnings).not.toContain('RectifyChange')
    expect(warnings).toContain('what puts it back: CloudFormation stack web (Group)')
    expect(warnings).toMatch(
      /goes back and forth between \{"rules":\[\{.*0\.0\.0\.0\/0.* and \{"rules":\[\]\}/,
    )
    expect(run.reason).toContain(BOB)
  })

  test('names whoever changed the resource where none of the calls is the opposite of the fix', async () => {
    const { warnings } = await fought((made) => [by(ANN, 'ModifySecurityGroupRules', made)])
    expect(warnings).toContain(
      `the opposite of the fix, and these name it: ${ANN} (ModifySecurityGroupRules, `,
    )
  })

  test('names who undid the last fix also where only the ARN is recorded', async () => {
    const { warnings } = await fought(
      (made) => [by(BOB, 'AuthorizeSecurityGroupIngress', made)],
      {},
      GROUP_ARN,
    )
    expect(warnings).toContain(`; the last time by ${BOB} (AuthorizeSecurityGroupIngress, `)
  })

  test('leaves out what a person at a terminal did through the engine', async () => {
    const { warnings } = await fought((made) => [
      by(made.aws.caller.arn, 'RevokeSecurityGroupIngress', made, {
        // When the last fix was made.
        eventTime: new Date(made.clock.now() - 60_000).toISOString(),
      }),
      by(made.aws.caller.arn, 'AuthorizeSecurityGroupIngress', made),
    ])
    expect(warnings).toContain(
      `by ${new AwsModel(new SimulatedClock()).caller.arn} (AuthorizeSecurityGroupIngress`,
    )
    expect(warnings).not.toContain('RevokeSecurityGroupIngress')
  })

  test('asks a person all the same where nobody is named, and says why not', async () => {
    const { rounds, warnings } = await fought(() => [])
    expect(rounds[2]).toBe('approval')
    expect(warnings).toContain(
      'by somebody whom no detector names; CloudTrail has no change by anybody else since the last time',
    )
  })

  test('asks a person all the same where CloudTrail refuses, or nobody can ask it', async () => {
    for (const isThere of [true, false]) {
      const made = world(FIGHTS, {}, refusing('AccessDeniedException'))
      let run = await applied(made)
      for (const round of [1, 2]) {
        made.aws.groups.addRule(GROUP, { id: `sgr-0b${round}`, from: 22, cidr: '0.0.0.0/0' })
        made.clock.advance(60_000)
        const { runs } = await start(
          made,
          isThere ? { trail: trailOf(made.aws, made.clock) } : {},
        ).engine.handle([sshOpen(made, GROUP)], 'apply')
        run = runs[0]!
      }
      expect(run).toMatchObject({ waitingFor: 'approval' })
      expect(run.plan!.warnings.join('\n')).toContain(
        isThere ? 'CloudTrail does not tell: cloudtrail:LookupEvents: ' : 'nothing here can ask CloudTrail',
      )
    }
  })
})
