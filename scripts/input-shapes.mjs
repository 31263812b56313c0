// Writes src/sandbox/shapes/inputs.json: what AWS's own service models, as botocore of the sandbox's Python packages has
// them, say of the inputs of the operations that Rectify calls. `npm run shapes` after a call of a new kind was added.
import { globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { ensureVenv } from '../src/sandbox/venv.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const INPUTS = join(ROOT, 'src/sandbox/shapes/inputs.json')
/** botocore's name of a service, where the SDK's client is called otherwise. */
const FOLDERS = {
  eventbridge: 'events',
  'config-service': 'config',
  'database-migration-service': 'dms',
  's3-control': 's3control',
  'secrets-manager': 'secretsmanager',
  'cloudwatch-logs': 'logs',
  'elastic-load-balancing-v2': 'elbv2',
  'resource-groups-tagging-api': 'resourcegroupstaggingapi',
  'route-53': 'route53',
}
/** What is kept of a shape: the rest is documentation, or about answers. */
const KEPT = ['type', 'required', 'union', 'enum', 'min', 'max', 'pattern', 'flattened']
const KEPT_OF_MEMBER = ['shape', 'locationName', 'queryName', 'flattened']

/** What the sandbox answers besides, and checks by the same models. */
const ALSO_ANSWERED = { ssm: ['GetCommandInvocation'] }

/** Service → operations: every command of a client that the program's own sources or the playbooks name. */
export function calledOperations() {
  const called = structuredClone(ALSO_ANSWERED)
  const files = globSync(['src/**/*.ts', 'playbooks/*/client.ts'], { cwd: ROOT }).filter(
    // Seeds and deployment are the sandbox's own; nobody else calls so.
    (file) => !file.startsWith('src/sandbox/'),
  )
  for (const file of files.sort()) {
    const text = readFileSync(join(ROOT, file), 'utf8')
    // At the start of a line: an example in a comment calls nothing.
    for (const [, names, client] of text.matchAll(
      /^(?:import|export) \{([^{}]*)\} from '@aws-sdk\/client-([\w-]+)'/gm,
    )) {
      const service = FOLDERS[client] ?? client
      const commands = [...names.matchAll(/(?<!type )\b(\w+)Command\b/g)].map(([, operation]) => operation)
      called[service] = [...new Set([...(called[service] ?? []), ...commands])].sort()
    }
  }
  return called
}

/** The shapes of these operations' inputs, with all that they are made of. */
export async function inputShapes(called) {
  const venv = dirname(dirname(await ensureVenv({ log: console.error })))
  const [data] = globSync('{lib/python3.*,Lib}/site-packages/botocore/data', { cwd: venv })
  const services = {}
  for (const [service, operations] of Object.entries(called).sort()) {
    if (operations.length === 0) continue
    const version = readdirSync(join(venv, data, service))
      .sort()
      .at(-1)
    const zipped = readFileSync(join(venv, data, service, version, 'service-2.json.gz'))
    const model = JSON.parse(gunzipSync(zipped).toString())
    const shapes = {}
    for (const operation of operations) keep(model.operations[operation].input?.shape, model, shapes)
    services[service] = {
      protocol: model.metadata.protocol,
      operations: Object.fromEntries(
        operations.map((operation) => [operation, model.operations[operation].input?.shape ?? null]),
      ),
      shapes: Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1))),
    }
  }
  return services
}

function keep(name, model, shapes) {
  if (name === undefined || shapes[name]) return
  const shape = model.shapes[name]
  shapes[name] = only(shape, KEPT)
  if (shape.pattern && !readable(shape.pattern)) delete shapes[name].pattern
  if (shape.members)
    shapes[name].members = Object.fromEntries(
      Object.entries(shape.members).map(([member, value]) => [member, only(value, KEPT_OF_MEMBER)]),
    )
  for (const part of ['member', 'key', 'value'])
    if (shape[part]) shapes[name][part] = only(shape[part], KEPT_OF_MEMBER)
  for (const { shape: inner } of [
    ...Object.values(shape.members ?? {}),
    shape.member,
    shape.key,
    shape.value,
  ].filter(Boolean))
    keep(inner, model, shapes)
}

const only = (value, keys) =>
  Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]))

/** Patterns are Java's; the few that JavaScript reads otherwise or not at all are left out. */
function readable(pattern) {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(INPUTS, `${JSON.stringify(await inputShapes(calledOperations()), null, 1)}\n`)
  console.log(`written: ${INPUTS}`)
}
