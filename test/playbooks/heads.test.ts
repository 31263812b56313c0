import { expect, test } from '@jest/globals'
import { heads } from '../../playbooks/heads.ts'
import { playbooks } from '../../playbooks/index.ts'
import { targetOf } from '../../src/playbook/resource/target.ts'

const PLACE = { partition: 'aws', region: 'eu-central-1', account: '111122223333' }

test('each playbook has its head, in the same order, which loads it', async () => {
  expect(await Promise.all(heads.map((head) => head.load()))).toEqual(playbooks)
})

test.each(heads.map((head) => [head.id, head] as const))(
  'the head of %s says of an id what the playbook says, as far as its ARNs can be told from ids',
  async (_, head) => {
    const playbook = await head.load()
    const ids = head.arn.includes('*') ? [] : head.ids.examples
    expect(ids.map((id) => targetOf(head, id, PLACE))).toEqual(ids.map((id) => playbook.named(id, PLACE)))
  },
)
