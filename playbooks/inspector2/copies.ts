import { defineCopies } from '../../src/playbook/service/copies.ts'

/** What a detector has found is its own to say. */
export const scanCopies = defineCopies('inspector2', {
  ListFindings: ({ answer }) =>
    (answer?.findings ?? []).length === 0 ? [] : 'what Inspector has found is not made again',
})
