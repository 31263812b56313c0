import { defineCopies } from '../../src/playbook/service/copies.ts'

/** What was measured is not made again: where nothing was, there is nothing to make. */
export const metricCopies = defineCopies('cloudwatch', {
  GetMetricStatistics: ({ answer }) =>
    (answer?.Datapoints ?? []).length === 0 ? [] : 'what was measured is not made again',
})
