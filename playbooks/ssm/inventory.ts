import type { Finding } from '../../src/findings/finding.ts'
import { commaSeparated } from '../../src/playbook/comma-separated.ts'
import { type Looking, lookCall } from '../../src/playbook/setting/looks.ts'
import { ssm } from '../services.ts'
import { unlessUnknown } from './patch-command.ts'

/** A program as the inventory of Systems Manager has it. */
export interface Installed {
  name: string
  version: string
}

export interface Software {
  /** What the rule forbids, as it writes it. */
  forbidden: string[]
  /** What of it is installed. */
  installed: Installed[]
}

/** A filter takes 40 values. */
const MOST_VALUES = 40

/**
 * What the rules of the findings forbid (`applicationNames`: names, with a version after a colon where only that is
 * meant) and the inventory of the instance has. The inventory is as old as its last collection.
 */
export const forbiddenSoftware: Looking<Software> = {
  calls: [lookCall(ssm, 'ListInventoryEntries')],
  async at(aws, { id: InstanceId }, asked) {
    const forbidden = [...new Set((asked?.findings ?? []).flatMap(namesIn))].sort()
    const names = [...new Set(forbidden.map((each) => asWritten(each).name))]
    const lists = await Promise.all(
      chunks(names, MOST_VALUES).map((Values) => {
        const Filters = [{ Key: 'AWS:Application.Name', Values, Type: 'Equal' as const }]
        const input = { InstanceId, TypeName: 'AWS:Application', Filters }
        return unlessUnknown(aws.list('ssm', 'ListInventoryEntries', input, 'Entries'), [])
      }),
    )
    const installed = lists
      .flat()
      .map(({ Name: name = '', Version: version = '' }) => ({ name, version }))
      .filter((each) => forbidden.some((written) => isMeant(written, each)))
    return { forbidden, installed }
  },
}

const namesIn = ({ evidence: { ruleParameters } }: Finding): string[] =>
  commaSeparated(ruleParameters?.applicationNames)

/** `Chrome:0.5.3` is one version of Chrome. */
function asWritten(written: string): { name: string; version?: string } {
  const [, name, version] = /^(.+):([^:]+)$/.exec(written) ?? []
  return name === undefined ? { name: written } : { name, version: version! }
}

function isMeant(written: string, { name, version }: Installed): boolean {
  const meant = asWritten(written)
  return meant.name === name && (meant.version === undefined || meant.version === version)
}

function chunks<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, n) => all.slice(n * most, (n + 1) * most))
}
