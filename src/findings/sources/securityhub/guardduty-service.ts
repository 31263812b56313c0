import { at, list, text } from '../../fields.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { readJson } from '../../json-text.ts'
import { isForeignCall, remotes } from '../guardduty/guardduty-action.ts'
import type { Report } from './report.ts'

/**
 * What GuardDuty saw, as it would tell it itself: `{ service: { action, resourceRole } }`. In ASFF it is the block
 * `Action` or, in older findings, product fields with the way as name
 * (`aws/guardduty/service/action/portProbeAction/portProbeDetails.0_/remoteIpDetails/ipAddressV4`).
 */
export function guardDutyService({ own, body, account }: Report): GuardDutyTold {
  const flat = grown(own)
  const told = [at(body, 'action'), flat.action, evidenceAction(body)].filter(isFields)
  // Where a finding went through two forms, what the older one had is there in part only.
  const action = told.find((each) => remotes({ service: { action: each } }).length > 0) ?? told[0]
  return {
    seen: { service: { action, resourceRole: flat.resourceRole } },
    isForeignCaller: told.some((each) => isForeignCall(each, account)),
  }
}

interface GuardDutyTold {
  /** As the finding itself has it. */
  seen: Fields
  /** Whether another account made the call that it is about; the block `Action` does not say it. */
  isForeignCaller: boolean
}

/** A list longer than this is nobody's; the number becomes the length of an array. */
const MAX_ITEMS = 1000

/** Names with slashes as objects in objects, `name.0_` as items of a list. */
function grown(own: Fields): Fields {
  const root: Fields = Object.create(null)
  for (const [name, value] of Object.entries(own)) {
    const way = name.replace(/^aws\/guardduty\/service\//, '').split('/')
    if (way[0] === 'action' || way[0] === 'resourceRole') plant(root, way, value)
  }
  return root
}

function plant(root: Fields, way: string[], value: unknown): void {
  let here: Fields = root
  for (const [index, part] of way.entries()) {
    const [, name = part, item] = /^(.+)\.(\d{1,4})_$/.exec(part) ?? []
    const holder = item === undefined ? here : listIn(here, name)
    const key = item === undefined ? name : String(Math.min(Number(item), MAX_ITEMS))
    if (!isFields(holder[key])) holder[key] = index === way.length - 1 ? value : Object.create(null)
    const next = holder[key]
    if (!isFields(next)) return
    here = next
  }
}

function listIn(here: Fields, name: string): Fields {
  if (!Array.isArray(here[name])) here[name] = []
  return here[name] as Fields
}

/**
 * The connection of which evidence of OCSF tells. Who is the far side is known when the direction is, and when it is
 * the caller of an API.
 */
function evidenceAction(body: Fields): Fields | undefined {
  const evidence = list(body, 'evidences').find(
    (each) => isFields(at(each, 'src_endpoint')) || isFields(at(each, 'dst_endpoint')),
  )
  if (evidence === undefined) return undefined
  const end = (name: string) => {
    const ip = text(evidence, `${name}.ip`)
    const version = ip?.includes(':') ? 'ipAddressV6' : 'ipAddressV4'
    return { remoteIpDetails: { [version]: ip }, port: text(evidence, `${name}.port`) }
  }
  if (isFields(at(evidence, 'api'))) {
    return { awsApiCallAction: { remoteIpDetails: end('src_endpoint').remoteIpDetails } }
  }
  const direction = text(evidence, 'connection_info.direction')?.toUpperCase()
  if (direction !== 'INBOUND' && direction !== 'OUTBOUND') return undefined
  const [far, near] =
    direction === 'INBOUND'
      ? (['src_endpoint', 'dst_endpoint'] as const)
      : (['dst_endpoint', 'src_endpoint'] as const)
  return {
    networkConnectionAction: {
      connectionDirection: direction,
      remoteIpDetails: end(far).remoteIpDetails,
      localPortDetails: { port: end(near).port },
    },
  }
}

/** Details of the resources, under the names of ASFF or of OCSF; they may be JSON in a text. */
export function resourceDetails({ body }: Report): unknown[] {
  return [...list(body, 'resources'), ...list(body, 'resource')].map((each) => {
    const details = at(each, 'details') ?? at(each, 'data')
    if (typeof details !== 'string') return details
    const json = readJson(details)
    return json.ok ? json.value : undefined
  })
}
