import { atFirst, type Looking, optionally } from '../../../src/playbook/setting/looks.ts'
import { ec2 } from '../service.ts'
import { isInternal } from './coverage.ts'
import { ingressRule } from './ingress.ts'

/** Ranges and prefix lists, each once; absent where they were not read. */
export interface OutsideSources {
  outside?: string[]
}

/**
 * Who may come from outside to what wears these groups: the ranges of other addresses than networks use inside, and the
 * prefix lists, that their ingress rules let in.
 */
export function outsideSources(groups: () => readonly string[]): Looking<OutsideSources> {
  const rules = atFirst(
    optionally(
      ec2,
      'DescribeSecurityGroupRules',
      () => ({ Filters: [{ Name: 'group-id', Values: [...groups()] }] }),
      ({ SecurityGroupRules = [] }) => SecurityGroupRules.flatMap((rule) => ingressRule(rule) ?? []),
    ),
  )
  return {
    calls: rules.calls,
    async at(aws, target, asked) {
      // EC2 takes no filter without values.
      if (groups().length === 0) return { outside: [] }
      const read = (await rules.at(aws, target, asked))?.told?.told
      if (read === undefined) return {}
      const outside = read.filter(
        ({ kind, source }) => kind === 'prefixList' || (kind !== 'group' && !isInternal(source)),
      )
      return { outside: [...new Set(outside.map(({ source }) => source))].sort() }
    },
  }
}

/** How many sources a caution names. */
const MOST_NAMED = 5

/** What a person shall know before what they come to is out of the internet's reach. */
export function outsideCautions({ outside }: OutsideSources): string[] {
  if (outside === undefined) return ['who may connect from outside could not be read']
  if (outside.length === 0) return []
  const named = outside.slice(0, MOST_NAMED).join(', ')
  const others = outside.length > MOST_NAMED ? ` and ${outside.length - MOST_NAMED} more` : ''
  return [`whoever connects from ${named}${others} is cut off: its security groups let them in`]
}
