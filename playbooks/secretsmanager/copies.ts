import { defineCopies } from '../../src/playbook/service/copies.ts'

/** Secrets are not made: what would be done to them could not be shown. */
export const secretCopies = defineCopies('secretsmanager', {
  DescribeSecret: () => 'the emulators forget the function that rotates a secret',
})
