import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { Turns } from '../../src/aws/attempts/turns.ts'
import { rolesAws } from '../../src/aws/roles.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { call } from '../../src/playbook/api.ts'
import { ec2Error, json, type WireAnswer, whoIs, wire } from '../support/network-answers.ts'

const place = { account: '123456789012', region: 'eu-west-1', partition: 'aws' }
const revoke = call('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] })
const listSets = call('wafv2', 'ListIPSets', { Scope: 'REGIONAL' })
const saved = { ...process.env }
const MINUTE = 60_000

beforeEach(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
})
afterEach(() => {
  process.env = { ...saved }
})

/** The answer of a service whose clock is so much ahead of ours (ms). */
function at(offsetMs: number, answer: WireAnswer): WireAnswer {
  return { ...answer, headers: { date: new Date(Date.now() + offsetMs).toUTCString() } } as WireAnswer
}

const badKeys = 'AWS was not able to validate the provided access credentials'

describe('a call is sent again because of its error, whatever the clock says', () => {
  const refusals: [what: string, answer: WireAnswer, code: string][] = [
    ['a denial of EC2', ec2Error('UnauthorizedOperation', 'no', 403), 'UnauthorizedOperation'],
    ['a rule that is not there', ec2Error('InvalidPermission.NotFound'), 'InvalidPermission.NotFound'],
    ['a request that EC2 does not understand', ec2Error('InvalidParameterValue'), 'InvalidParameterValue'],
  ]
  test.each(refusals)('%s is sent once', async (_what, answer, code) => {
    const { requestHandler, requests } = wire(whoIs(), at(20 * MINUTE, answer))
    await expect(
      sdkAws({ services, requestHandler, region: 'eu-west-1' }).send(place, revoke),
    ).rejects.toMatchObject({
      code,
    })
    expect(requests).toHaveLength(2)
  })

  test('a denial of a service that speaks JSON is sent once', async () => {
    const denied = json({ __type: 'AccessDeniedException', Message: 'no' }, 400)
    const { requestHandler, requests } = wire(whoIs(), at(-20 * MINUTE, denied))
    const sent = sdkAws({ services, requestHandler, region: 'eu-west-1' }).send(place, listSets)
    await expect(sent).rejects.toMatchObject({ kind: 'denied' })
    expect(requests).toHaveLength(2)
  })

  test('a dry run is sent once, whether it would succeed or not', async () => {
    const yes = wire(whoIs(), at(20 * MINUTE, ec2Error('DryRunOperation', 'would', 412)))
    await sdkAws({ services, ...yes, region: 'eu-west-1' }).send(place, revoke, { dryRun: true })
    expect(yes.requests).toHaveLength(2)
    const no = wire(whoIs(), at(20 * MINUTE, ec2Error('UnauthorizedOperation', 'no', 403)))
    const sent = sdkAws({ services, ...no, region: 'eu-west-1' }).send(place, revoke, { dryRun: true })
    await expect(sent).rejects.toMatchObject({ kind: 'denied' })
    expect(no.requests).toHaveLength(2)
  })

  test('what was signed at another time is signed anew, once', async () => {
    const refused = at(20 * MINUTE, ec2Error('AuthFailure', badKeys, 401))
    const mended = wire(whoIs(), refused, { status: 200, body: '<R><return>true</return></R>' })
    await sdkAws({ services, ...mended, region: 'eu-west-1' }).send(place, revoke)
    expect(mended.requests).toHaveLength(3)
    const lasting = wire(whoIs(), refused)
    await expect(
      sdkAws({ services, ...lasting, region: 'eu-west-1' }).send(place, revoke),
    ).rejects.toMatchObject({
      name: 'CredentialsProblem',
    })
    expect(lasting.requests).toHaveLength(3)
  })

  test('what may pass is sent again', async () => {
    const passing = wire(
      whoIs(),
      ec2Error('InternalError', 'x', 500),
      ec2Error('RequestLimitExceeded', 'x', 503),
      {
        status: 200,
        body: '<R><return>true</return></R>',
      },
    )
    await sdkAws({ services, ...passing, region: 'eu-west-1' }).send(place, revoke)
    expect(passing.requests).toHaveLength(4)
  })
})

test('however many calls are throttled at once, none is given up', async () => {
  const many = Array.from({ length: 150 }, (_, n) => n)
  const throttled = ec2Error('RequestLimitExceeded', 'x', 503)
  const done = { status: 200, body: '<R><return>true</return></R>' }
  const { requests, ...network } = wire(whoIs(), ...many.map(() => throttled), ...many.map(() => done))
  const aws = sdkAws({ services, ...network, region: 'eu-west-1', concurrency: many.length })
  await Promise.all(many.map(() => aws.send(place, revoke)))
  expect(requests).toHaveLength(1 + 2 * many.length)
})

test('a throttled call is sent again when the service asks for it, and no earlier', async () => {
  const throttled = { ...ec2Error('RequestLimitExceeded', 'x', 503), headers: { 'retry-after': '1' } }
  const done = { status: 200, body: '<R><return>true</return></R>' }
  const begun = performance.now()
  await sdkAws({ services, ...wire(whoIs(), throttled as WireAnswer, done), region: 'eu-west-1' }).send(
    place,
    revoke,
  )
  expect(performance.now() - begun).toBeGreaterThan(900)
})

test('a call that is throttled each time is given up after four attempts', async () => {
  const throttled = Array<WireAnswer>(4).fill(ec2Error('RequestLimitExceeded', 'x', 503))
  const { requestHandler, requests } = wire(whoIs(), ...throttled)
  await expect(
    sdkAws({ services, requestHandler, region: 'eu-west-1' }).send(place, revoke),
  ).rejects.toMatchObject({ kind: 'throttled' })
  expect(requests).toHaveLength(5)
})

describe('a clock that is wrong', () => {
  const skewed = async (offsetMs: number) => {
    const offsets: number[] = []
    const { requestHandler } = wire(at(offsetMs, whoIs()), at(offsetMs, json({ IPSets: [] })))
    const clockSkew = (ms: number) => void offsets.push(ms)
    await sdkAws({ services, requestHandler, region: 'eu-west-1', clockSkew }).send(place, listSets)
    return offsets
  }

  test('is seen with the first answer, by how much and in which direction', async () => {
    for (const offset of [4 * MINUTE, -20 * MINUTE, 0]) {
      const [first, ...others] = await skewed(offset)
      expect(Math.abs(first! - offset)).toBeLessThan(5_000)
      expect(others).toHaveLength(1)
    }
  })
})

test('the sessions of one account share its turns, and those of another have their own', async () => {
  const taken: string[] = []
  class Watched extends Turns {
    override take(...[to, how]: Parameters<Turns['take']>) {
      taken.push(to)
      return super.take(to, how)
    }
  }
  const session = `<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken></Credentials>`
  const assumed = {
    status: 200,
    body: `<AssumeRoleResponse><AssumeRoleResult>${session}</AssumeRoleResult></AssumeRoleResponse>`,
  }
  const revoked = { status: 200, body: '<R><return>true</return></R>' }
  const { requestHandler } = wire(assumed, revoked, assumed, revoked, assumed, revoked)
  const aws = rolesAws({
    services,
    roleFor: (account, phase) => `arn:aws:iam::${account}:role/${phase}`,
    requestHandler,
    region: 'eu-west-1',
    turns: new Watched(32),
  })()
  const revoke = call('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1' })
  const other = { ...place, account: '111122223333' }
  await aws.send(place, revoke, { session: { name: 'run-1' } })
  await aws.send(place, revoke, { session: { name: 'run-2' } })
  await aws.send(other, revoke, { session: { name: 'run-3' } })
  const ec2 = taken.filter((to) => to.includes('ec2'))
  expect(ec2[0]).toMatch(/^123456789012 eu-west-1 ec2/)
  expect(ec2[1]).toBe(ec2[0])
  expect(ec2[2]).toMatch(/^111122223333 eu-west-1 ec2/)
})
