/**
 * A program of its own, whose coverage tells which functions a finding passes on its way from the event of AWS Config to
 * its outcome, which is printed: intake, queue and runner of a deployment in memory.
 */
import { readFileSync } from 'node:fs'
import { parseEvents } from '../../src/findings/read.ts'
import { commandEvent } from '../../src/lambda/incoming/command-event.ts'
import { newWorld } from '../engine/simulated-world.ts'
import { Deployment } from '../lambda/simulated-deployment.ts'

const file = new URL('../events/config-compliance-restricted-ssh.json', import.meta.url)
const event: unknown = JSON.parse(readFileSync(file, 'utf8'))
const world = newWorld()
const deployment = new Deployment(world)

const { findings } = commandEvent(event) ? { findings: [] } : parseEvents(event, 'event')
const [finding] = findings
const { account, region } = world.aws
const [group] = finding!.resources
world.aws.groups.add(group!.id, [{ from: 22, cidr: '0.0.0.0/0' }])
await deployment.findings({ ...finding!, account, region, resources: [{ type: group!.type, id: group!.id }] })
await deployment.settle()

const [run] = await world.store.list()
console.log(JSON.stringify({ outcome: run?.outcome, reason: run?.reason }))
