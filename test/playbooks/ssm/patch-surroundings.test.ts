import { describe, expect, test } from '@jest/globals'
import { patchInstance as playbook } from '../../../playbooks/ssm/patch-instance.ts'
import { isGoneLook } from '../../../src/playbook/playbook.ts'
import type { Answers } from '../../support/reader.ts'
import { denied } from '../../support/reader.ts'
import { steps } from '../planned.ts'
import { defaults, finding, ID, machine, NOTHING, TARGET } from './patched-machine.ts'

const byConfig = finding(ID)
const byInspector = { ...byConfig, source: 'inspector' as const, type: 'PACKAGE_VULNERABILITY' }

/** The plan of a first look for a finding, who was asked, and what the impact says. */
async function planned(answers: Answers, about = byConfig, tags: { Key: string; Value: string }[] = []) {
  const aws = machine({ tags }, answers)
  const seen = await playbook.inspect(TARGET, defaults, aws, { first: true, findings: [about] })
  if (isGoneLook(seen)) throw new Error('gone')
  const plan = steps(playbook.plan(seen.state, [about], defaults, TARGET, NOTHING))
  const impact = await playbook.impact(seen.state, aws, TARGET, { before: {}, after: {} }, defaults)
  return { plan, impact, aws, state: seen.state }
}

const opening = (...executions: [id: string, name: string, at: string][]) => ({
  ScheduledWindowExecutions: executions.map(([WindowId, Name, ExecutionTime]) => ({
    WindowId,
    Name,
    ExecutionTime,
  })),
})

describe('a maintenance window', () => {
  test('that is meant for the instance lets a person look first, and is named with its next time', async () => {
    const { plan } = await planned({
      'ssm:DescribeMaintenanceWindowSchedule': () =>
        opening(
          ['mw-1', 'saturday-night', '2026-12-12T02:00Z'],
          ['mw-1', 'saturday-night', '2026-12-05T02:00Z'],
          ['mw-2', 'first-of-month', '2026-12-01T02:00Z'],
        ),
    })
    expect(plan.cautions).toEqual([
      'maintenance window first-of-month is meant for it, and opens at 2026-12-01T02:00Z',
      'maintenance window saturday-night is meant for it, and opens at 2026-12-05T02:00Z',
    ])
  })

  test('is looked for by the id of the instance and by its patch group', async () => {
    const { plan, aws } = await planned({}, byConfig, [
      { Key: 'Patch Group', Value: 'web' },
      { Key: 'Name', Value: 'web-1' },
    ])
    const asked = aws.calls.filter(({ action }) => action === 'ssm:DescribeMaintenanceWindowSchedule')
    expect(asked.map(({ input }) => input)).toEqual([
      { ResourceType: 'INSTANCE', Targets: [{ Key: 'InstanceIds', Values: [ID] }] },
      { ResourceType: 'INSTANCE', Targets: [{ Key: 'tag:Patch Group', Values: ['web'] }] },
    ])
    expect(plan.cautions).toEqual([])
  })

  test('that could not be read is a doubt, and a person looks', async () => {
    const action = 'ssm:DescribeMaintenanceWindowSchedule'
    const { plan } = await planned({
      [action]: () => {
        throw denied(action)
      },
    })
    expect(plan.cautions).toEqual(['whether a maintenance window is meant for it could not be read'])
  })

  test('is not asked for again when the change is proven', async () => {
    const aws = machine()
    await playbook.inspect(TARGET, defaults, aws, { first: false, findings: [byInspector] })
    expect(aws.count('ssm:DescribeMaintenanceWindowSchedule')).toBe(0)
    expect(aws.count('inspector2:ListFindings')).toBe(0)
  })
})

describe('what Inspector knows of the instance', () => {
  const vulnerable = (id: string, name: string, packageManager = 'OS', fixAvailable = 'YES') => ({
    fixAvailable,
    packageVulnerabilityDetails: { vulnerabilityId: id, vulnerablePackages: [{ name, packageManager }] },
  })
  const listing = (findings: object[], nextToken?: string) => ({
    'inspector2:ListFindings': () => ({ findings, nextToken }),
  })

  test('is in the plan, with what no patch baseline knows apart', async () => {
    const { impact } = await planned(
      listing([
        vulnerable('CVE-2026-1', 'openssl'),
        vulnerable('CVE-2026-2', 'openssl'),
        vulnerable('CVE-2026-3', 'curl', 'OS', 'PARTIAL'),
        vulnerable('CVE-2026-4', 'kernel', 'OS', 'NO'),
        vulnerable('CVE-2026-5', 'lodash', 'NPM'),
      ]),
      byInspector,
    )
    expect(impact.notes).toEqual([
      'Inspector knows fixes of openssl (CVE-2026-1), curl (CVE-2026-3)',
      'what programs brought along is not patched by this: lodash',
    ])
  })

  test('is cut where there is more of it, and says so', async () => {
    const many = Array.from({ length: 12 }, (_, n) => vulnerable(`CVE-${n}`, `package-${n}`))
    const { impact } = await planned(listing(many, 'more'), byInspector)
    expect(impact.notes).toEqual([
      expect.stringMatching(
        /^Inspector knows fixes \(by its 100 worst findings\) of package-0 .* and 2 more$/,
      ),
    ])
  })

  test('is not asked for where Inspector has found nothing: it may be switched off', async () => {
    const { aws, impact } = await planned({})
    expect(aws.count('inspector2:ListFindings')).toBe(0)
    expect(impact.notes).toBeUndefined()
  })
})

test('the plan says how old its counts are, and what tells them anew', async () => {
  const { plan } = await planned({})
  expect(plan.warnings).toContain(
    'what is missing is as of 2026-01-01T00:00:00.000Z: a Scan by AWS-RunPatchBaseline tells it anew, and installs nothing',
  )
})
