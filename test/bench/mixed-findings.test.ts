import { expect, test } from '@jest/globals'
import { configEvent } from '../../bench/events.ts'
import { mixedFindings } from '../../bench/mixed-findings.ts'
import { playbooks } from '../../playbooks/index.ts'
import { parseText } from '../../src/findings/read.ts'

test('the events that are timed are for each playbook in turn, and each is carried to its plan', async () => {
  const { own, cpuMs, ...counted } = await mixedFindings(playbooks.length + 1)
  expect(counted).toEqual({ playbooks: playbooks.length })
  expect(own.n).toBe(playbooks.length + 1)
  expect(own.p50).toBeLessThanOrEqual(own.p95)
  expect(cpuMs).toBeGreaterThan(0)
})

test('an event of another rule of AWS Config is read as one about its resource', () => {
  const text = configEvent('rds-instance-public-access-check', { type: 'AWS::RDS::DBInstance', id: 'db-1' })
  expect(parseText(text, 'here').findings).toMatchObject([
    { type: 'RDS_INSTANCE_PUBLIC_ACCESS_CHECK', resources: [{ type: 'AWS::RDS::DBInstance', id: 'db-1' }] },
  ])
})
