import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { CALENDAR_READ } from '../../src/engine/rails/calendars.ts'
import { REHEARSAL_NEEDS } from '../../src/engine/rehearsing/rehearsal-needs.ts'
import { VPC_NEEDS } from '../../src/engine/tags/tagged-places.ts'
import { TRAIL_NEEDS } from '../../src/engine/trail/trail.ts'
import type { AnyPlaybook } from '../../src/playbook/playbook.ts'
import type { Collection } from '../../src/playbook/service/collection.ts'
import { iamActionOf, type ServiceDefinition } from '../../src/playbook/service/service.ts'

/** What biome gives a line. */
const WIDTH = 110

/** `playbooks/<service>/client.ts`: what is used of the service's client, and no other command. */
export async function clientList(
  service: ServiceDefinition,
  { playbooks }: Collection<AnyPlaybook>,
): Promise<string> {
  const client = packageOf(service)
  const own: readonly string[] | undefined = service.ownOperations
  const sdk: object = await import(client)
  const declared = new Set([
    ...playbooks.flatMap(({ reads, writes }) => [...reads, ...writes.map(({ action }) => action)]),
    ...DETECTORS.flatMap(({ needs }) => needs.map(({ action }) => action)),
    ...REHEARSAL_NEEDS.map(({ action }) => action),
    CALENDAR_READ,
    ...[...VPC_NEEDS, ...TRAIL_NEEDS].map(({ action }) => action),
  ])
  const commands = Object.keys(sdk)
    .flatMap((name) => name.match(/^(\w+)Command$/)?.[1] ?? [])
    .filter((operation) => own?.includes(operation) ?? true)
    .filter((operation) => declared.has(iamActionOf(service, operation)))
    .map((operation) => `${operation}Command`)
  const names = [...commands, `${clientOf(client, sdk)} as Client`].sort(asBiomeSorts)
  const one = `export { ${names.join(', ')} } from '${client}'`
  const lines = names.map((name) => `  ${name},\n`).join('')
  const text = one.length <= WIDTH ? one : `export {\n${lines}} from '${client}'`
  return `/** What the playbooks use of the client. Written by \`npm run generate\`: a bundle carries nothing else of it. */\n${text}\n`
}

/** By the first letter in which two names differ: whatever its case, and of one letter the capital first. */
function asBiomeSorts(a: string, b: string): number {
  const at = [...a].findIndex((letter, index) => letter !== b[index])
  if (at < 0) return a.length - b.length
  const [one, other] = [a.charAt(at), b.charAt(at)]
  const [low, otherLow] = [one.toLowerCase(), other.toLowerCase()]
  return low === otherLow ? (one < other ? -1 : 1) : low < otherLow ? -1 : 1
}

/** The SDK's package for a service. */
export const packageOf = ({ id, client = `@aws-sdk/client-${id}` }: ServiceDefinition): string => client

/** `EC2Client`: the one class of the package that sends commands. */
function clientOf(client: string, sdk: object): string {
  const names = Object.keys(sdk).filter((name) => /^\w+Client$/.test(name) && !name.startsWith('__'))
  if (names.length !== 1 || names[0] === undefined)
    throw new Error(`${client} has ${names.length} clients (${names.join(', ')}): which one is it?`)
  return names[0]
}
