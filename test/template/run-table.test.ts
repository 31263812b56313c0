import { describe, expect, test } from '@jest/globals'
import { RUN_TABLE, TIME_TO_LIVE } from '../../src/store/dynamodb/run-table.ts'
import { template } from './cloudformation.ts'

const main = template('template.yaml').template

describe('the run table', () => {
  const table = main.Resources.RunsTable!.Properties

  test('is the one that the store is written for', () => {
    const { StreamSpecification, ...layout } = RUN_TABLE
    expect(table).toMatchObject(layout)
    expect(table.AttributeDefinitions).toHaveLength(RUN_TABLE.AttributeDefinitions.length)
    expect(table.StreamSpecification.StreamViewType).toBe(StreamSpecification.StreamViewType)
    expect(table.TimeToLiveSpecification).toEqual(TIME_TO_LIVE)
  })

  test('is encrypted, can be restored, and outlives the stack', () => {
    expect(table.SSESpecification).toEqual({ SSEEnabled: true })
    expect(table.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true })
    expect(main.Resources.RunsTable).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    })
  })
})
