import * as ec2 from '@aws-sdk/client-ec2'
import * as ssm from '@aws-sdk/client-ssm'
import * as wafv2 from '@aws-sdk/client-wafv2'
import { describe, expect, test } from '@jest/globals'
import { COALESCABLE } from '../../src/aws/coalescable.ts'
import { dryRunnable } from '../../src/aws/dry-run.ts'
import { HIDES_MANAGED } from '../../src/aws/managed-resources.ts'
import { pageSizes } from '../../src/aws/pages.ts'
import { isRead } from '../../src/playbook/api.ts'

/** The SDK's own schemas: `[9, namespace, name, traits, input, output]` and `[3, namespace, name, traits, members, ...]`. */
type Schema = [number, string, string, unknown, unknown, unknown]
const modules: Record<string, Record<string, unknown>> = { ec2, ssm, wafv2 }

function membersOf(service: string, operation: string, side: 'input' | 'output'): string[] {
  const schema = modules[service]?.[`${operation}$`] as Schema | undefined
  if (!schema) throw new Error(`the SDK knows no ${service}:${operation}`)
  const ref = schema[side === 'input' ? 4 : 5]
  const shape = (typeof ref === 'function' ? ref() : ref) as Schema | 'unit'
  return Array.isArray(shape) && Array.isArray(shape[4]) ? (shape[4] as string[]) : []
}

const namesIn = (sdk: Record<string, unknown>): string[] =>
  Object.keys(sdk)
    .filter((name) => name.endsWith('Command') && `${name.slice(0, -7)}$` in sdk)
    .map((name) => name.slice(0, -7))

describe('what we know of operations agrees with the SDK', () => {
  test('exactly the reads whose input has IncludeManagedResources are asked to include them', () => {
    const asked = Object.entries(modules).flatMap(([service, sdk]) =>
      namesIn(sdk)
        .filter((operation) => membersOf(service, operation, 'input').includes('IncludeManagedResources'))
        .map((operation) => `${service}:${operation}`),
    )
    expect([...HIDES_MANAGED]).toEqual(asked.sort())
  })

  test('exactly the changes of EC2 whose input has DryRun are dry-runnable', () => {
    const operations = namesIn(ec2).filter((operation) => !isRead(operation))
    expect(operations.length).toBeGreaterThan(400)
    const wrong = operations.filter(
      (operation) =>
        dryRunnable({ service: 'ec2', operation, input: {} }) !==
        membersOf('ec2', operation, 'input').includes('DryRun'),
    )
    expect(wrong).toEqual([])
  })

  test.each(Object.entries(pageSizes))(
    '%s takes the page size that we ask for',
    (action, { field, without }) => {
      const [service = '', operation = ''] = action.split(':')
      const members = membersOf(service, operation, 'input')
      expect(members).toContain(field)
      if (without) expect(members).toContain(without)
    },
  )

  test.each(Object.entries(COALESCABLE))('%s answers the list that we split', (action, how) => {
    const [service = '', operation = ''] = action.split(':')
    expect(membersOf(service, operation, 'output')).toContain(how.items)
  })
})
