import {
  GetCalendarStateCommand,
  GetServiceSettingCommand,
  SSMClient,
  UpdateServiceSettingCommand,
} from '@aws-sdk/client-ssm'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { sdkAws } from '../../src/aws/sdk.ts'
import { type Calendars, changeCalendars } from '../../src/engine/rails/calendars.ts'
import { systemClock } from '../../src/engine/system.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'

const sandbox = withSandbox()
let ssm: SSMClient
beforeAll(() => {
  ssm = new SSMClient(clientConfig(sandbox()))
})
beforeEach(async () => {
  await sandbox().reset()
  const now = Date.parse('2026-11-22T10:00:00Z')
  Object.assign(sandbox().control, { now: () => now })
})

describe('a change calendar', () => {
  const OWN = 'arn:aws:ssm:us-east-1:123456789012:document/change-freeze'
  const SHARED = 'arn:aws:ssm:eu-north-1:999999999999:document/nights'
  const opensAt = '2026-11-22T18:00:00Z'
  let calendars: Calendars
  beforeEach(async () => {
    const { region, credentials, endpoint } = clientConfig(sandbox())
    const aws = sdkAws({ services, region, endpoint, credentials: async () => credentials })
    const { account, partition } = await aws.identity()
    const own = OWN.replace('us-east-1', region).replace('123456789012', account)
    sandbox().control.calendars.set(own, { State: 'CLOSED', NextTransitionTime: opensAt })
    sandbox().control.calendars.set(SHARED, { State: 'OPEN' })
    calendars = changeCalendars(aws, systemClock, async () => ({ account, region, partition }))
  })

  test('of the own account is asked by its name, one that is shared by its ARN', async () => {
    expect(await calendars.ask('change-freeze')).toEqual({ kind: 'closed', until: Date.parse(opensAt) })
    expect(await calendars.ask(SHARED)).toEqual({ kind: 'open' })
  })

  test('that is not there, or that nobody may read, is unread', async () => {
    expect(await calendars.ask('no-such')).toMatchObject({
      kind: 'unread',
      why: expect.stringContaining('not exist'),
    })
    sandbox().faults.push({ operation: 'GetCalendarState', fault: { kind: 'deny' } })
    expect(await calendars.ask(SHARED)).toMatchObject({ kind: 'unread' })
  })

  test('is open with others when all of them are, and then the first of them changes it', async () => {
    const both = new GetCalendarStateCommand({ CalendarNames: ['change-freeze', SHARED] })
    expect(await ssm.send(both)).toMatchObject({ State: 'CLOSED', NextTransitionTime: opensAt })
  })
})

describe('whether documents may be shared with everybody', () => {
  const SettingId = '/ssm/documents/console/public-sharing-permission'
  const live = async (client = ssm) =>
    (await client.send(new GetServiceSettingCommand({ SettingId }))).ServiceSetting?.SettingValue

  test('is kept for each region, and they may at first', async () => {
    expect(await live()).toBe('Enable')
    await ssm.send(new UpdateServiceSettingCommand({ SettingId, SettingValue: 'Disable' }))
    expect(await live()).toBe('Disable')
    expect(await live(new SSMClient({ ...clientConfig(sandbox()), region: 'eu-north-1' }))).toBe('Enable')
    await sandbox().reset()
    expect(await live()).toBe('Enable')
  })

  test('is the only setting that is known', async () => {
    const other = new GetServiceSettingCommand({ SettingId: '/ssm/parameter-store/default-parameter-tier' })
    await expect(ssm.send(other)).rejects.toMatchObject({ name: 'NotImplemented' })
  })
})
