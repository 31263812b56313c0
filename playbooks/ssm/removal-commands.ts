import type { Installed } from './inventory.ts'

/** Where commands would run. */
export interface Node {
  id: string
  region: string
  /** `Linux`, `Windows`, `MacOS`; absent: Systems Manager does not say. */
  platform?: string
  /** `Ubuntu`, `Amazon Linux` ... */
  system?: string
}

interface Manager {
  document: string
  /** Names that may stand in a command; an inventory is written by the instance, and may hold anything. */
  names: RegExp
  rehearse: (name: string) => string[]
  remove: (name: string) => string
}

const PACKAGE = /^[A-Za-z0-9][\w.+-]*$/
const shell = (rehearse: (name: string) => string[], remove: (name: string) => string): Manager => ({
  document: 'AWS-RunShellScript',
  names: PACKAGE,
  rehearse,
  remove,
})

const APT = shell(
  (name) => [`apt-get -s remove ${name}`],
  (name) => `apt-get remove -y ${name}`,
)
const YUM = shell(
  (name) => [`rpm -q --whatrequires ${name}`, `yum remove --assumeno ${name}`],
  (name) => `yum remove -y ${name}`,
)
const ZYPPER = shell(
  (name) => [`zypper --non-interactive remove --dry-run ${name}`],
  (name) => `zypper --non-interactive remove ${name}`,
)
const WINDOWS: Manager = {
  document: 'AWS-RunPowerShellScript',
  names: /^[A-Za-z0-9][\w.+() -]*$/,
  rehearse: (name) => [`Get-Package -Name "${name}" | Uninstall-Package -WhatIf`],
  remove: (name) => `Get-Package -Name "${name}" | Uninstall-Package -Force`,
}

function managerOf({ platform, system = '' }: Node): Manager | undefined {
  if (platform === 'Windows') return WINDOWS
  if (platform !== 'Linux') return undefined
  if (/ubuntu|debian|raspbian/i.test(system)) return APT
  if (/suse|sles/i.test(system)) return ZYPPER
  return /amazon|red hat|centos|oracle|rocky|alma|fedora/i.test(system) ? YUM : undefined
}

/** `telnet 0.17`. */
export const titleOf = ({ name, version }: Installed): string => [name, version].filter(Boolean).join(' ')

/** How a person removes a program: what would go with it first, then the removal. */
export function removalOf(software: Installed, node: Node): string[] {
  const { name } = software
  const manager = managerOf(node)
  if (!manager?.names.test(name))
    return [`remove ${titleOf(software)} on the instance, by the means that installed it`]
  const send = (commands: string[]) =>
    [
      `aws ssm send-command --region ${node.region} --instance-ids ${node.id} --document-name ${manager.document}`,
      `--parameters '${JSON.stringify({ commands })}'`,
    ].join(' ')
  return [
    `see what needs ${name} and would go with it: ${send(manager.rehearse(name))}`,
    `remove it, when nothing is among that which is needed: ${send([manager.remove(name)])}`,
  ]
}
