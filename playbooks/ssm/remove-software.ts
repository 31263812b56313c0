import { defineAdvice } from '../../src/playbook/advice/define-advice.ts'
import { config } from '../../src/playbook/matchers.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'
import { allOf, listed } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { instanceIn, isOver, ofInstance } from '../ec2/instances.ts'
import { ec2 } from '../services.ts'
import { forbiddenSoftware } from './inventory.ts'
import { agentOf, MANAGED_INSTANCE, managedInstances } from './managed-instance.ts'
import { removalOf, titleOf } from './removal-commands.ts'

const instance = listed(ec2, 'DescribeInstances', 'Reservations', ofInstance, (all, id) => {
  const found = instanceIn(all, id)
  return found && !isOver(found) ? found : undefined
})
/**
 * Says which forbidden software an instance has, and how it is removed. No program does it: a package manager takes with
 * it whatever needs the package, and there is no way back.
 */
export const removeSoftware = defineAdvice({
  id: 'ssm-remove-software',
  title: 'Remove software that a rule forbids',
  about: {
    risk: 'Somebody has decided that this software must not run here, and it is installed: it may be outdated, unlicensed, or a tool of attackers.',
    breaks:
      'Nothing is changed. Whoever removes it takes with it whatever depends on it, and nothing brings that back: the first command shows what that would be.',
  },
  implements: ['ec2-remove-software'],
  ...MANAGED_INSTANCE,
  tagsOf: 'the instance',
  answers: [config('EC2_MANAGEDINSTANCE_APPLICATIONS_BLACKLISTED')],
  ruleParameters: ['EC2_MANAGEDINSTANCE_APPLICATIONS_BLACKLISTED'],
  targets: managedInstances,
  look: allOf({ instance, agent: agentOf, software: forbiddenSoftware }),
  tags: ({ instance: { Tags } }) => tagsIn(Tags),
  vpc: ({ instance: { VpcId } }) => VpcId,
  unless: ({ software: { forbidden, installed } }) => {
    if (forbidden.length === 0)
      return 'which software is meant stands in applicationNames of the rule, which could not be read'
    return installed.length === 0
      ? `its inventory lists none of ${forbidden.join(', ')}, as the rule writes them: look on the instance`
      : undefined
  },
  wrong: ({ software: { installed } }) =>
    installed.length > 0
      ? `installed, although the rule forbids it: ${installed.map(titleOf).join(', ')}`
      : undefined,
  todo: (
    { software: { installed }, agent: { PlatformType, PlatformName, PingStatus } },
    { id, resource },
  ) => {
    const node = {
      id,
      region: partsOf(resource).region,
      ...(PlatformType !== undefined && { platform: PlatformType }),
      ...(PlatformName !== undefined && { system: PlatformName }),
    }
    return [
      ...(PingStatus === 'Online' ? [] : [`bring its SSM agent back, which is ${PingStatus ?? 'not known'}`]),
      ...installed.flatMap((each) => removalOf(each, node)),
      'take it out of the image, launch template or configuration management that put it there',
    ]
  },
})
