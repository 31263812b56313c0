import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { services } from '../../playbooks/index.ts'
import { type SdkOptions, sdkAws } from '../../src/aws/sdk.ts'
import { whoIs, wire } from '../support/network-answers.ts'

const saved = { ...process.env }
const folder = mkdtempSync(join(tmpdir(), 'rectify-sts-'))
let files = 0

/** The SDK reads a file once: each test has its own. */
function config(text: string): void {
  files += 1
  process.env.AWS_CONFIG_FILE = join(folder, `config-${files}`)
  writeFileSync(process.env.AWS_CONFIG_FILE, text)
}

beforeEach(() => {
  process.env = { HOME: folder }
  config('')
})
afterAll(() => {
  process.env = { ...saved }
  rmSync(folder, { recursive: true })
})

/** The host that is asked who the caller is. */
async function asked(options: Omit<SdkOptions, 'services'> = {}): Promise<string | undefined> {
  const { requestHandler, requests } = wire(whoIs())
  const credentials = async () => ({ accessKeyId: 'test', secretAccessKey: 'test' })
  await sdkAws({ services, ...options, credentials, requestHandler }).identity()
  return requests[0]?.host
}

describe('where no region is configured, STS is asked in the partition', () => {
  test.each([
    ['eu-west-1', 'sts.us-east-1.amazonaws.com'],
    ['global', 'sts.us-east-1.amazonaws.com'],
    ['cn-northwest-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['us-gov-east-1', 'sts.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
    ['us-iso-west-1', 'sts.us-iso-east-1.c2s.ic.gov'],
    ['us-isob-east-1', 'sts.us-isob-east-1.sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'sts.eu-isoe-west-1.cloud.adc-e.uk'],
    ['us-isof-east-1', 'sts.us-isof-south-1.csp.hci.ic.gov'],
  ])('of what the command is about: %s, %s', async (region, host) => {
    expect(await asked({ about: async () => region })).toBe(host)
  })

  test('of a configured role, whatever the command is about', async () => {
    process.env.AWS_ROLE_ARN = 'arn:aws-us-gov:iam::123456789012:role/Ops'
    expect(await asked({ about: async () => 'eu-west-1' })).toBe('sts.us-gov-west-1.amazonaws.com')
  })

  test('of the role or the SSO directory of the profile', async () => {
    config('[default]\nrole_arn = arn:aws-cn:iam::123456789012:role/Ops\n')
    expect(await asked()).toBe('sts.cn-north-1.amazonaws.com.cn')
    config('[default]\nsso_session = gov\n[sso-session gov]\nsso_region = us-gov-east-1\n')
    expect(await asked()).toBe('sts.us-gov-west-1.amazonaws.com')
    config('[profile eu]\nsso_region = eusc-de-east-1\n')
    process.env.AWS_PROFILE = 'eu'
    expect(await asked()).toBe('sts.eusc-de-east-1.amazonaws.eu')
  })

  test('where nothing tells it: the commercial one', async () => {
    expect(await asked()).toBe('sts.us-east-1.amazonaws.com')
  })
})

test('a configured region is asked, whatever the command is about', async () => {
  process.env.AWS_REGION = 'us-gov-east-1'
  expect(await asked({ about: async () => 'eu-west-1' })).toBe('sts.us-gov-east-1.amazonaws.com')
})
