import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Parameter,
  waitUntilChangeSetCreateComplete,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { ClientConfig } from '../client-config.ts'
import { lock } from '../file-lock.ts'
import { scratchFolder } from '../scratch.ts'
import { ensureVenv } from '../venv.ts'
import { bundleAlike, type SharedBundle } from './bundle.ts'
import { ARTIFACTS } from './routes.ts'
import { packaged, readTemplate } from './template.ts'

export interface DeployOptions {
  name: string
  /** When there is something to deploy into; until then the functions are bundled. */
  ready?: Promise<unknown>
  /** Text of the `rectify.yaml` to deploy, asked for when the bundles are made; default the repository's own. */
  policy?: () => string | Promise<string>
  /** A folder in which the bundles are kept for whoever deploys the same sources again; default: they are made anew. */
  bundles?: string
  /** Of the template, where they differ from their defaults. */
  parameters?: Record<string, string>
}

/** A deployed stack. */
export interface Stack {
  name: string
  /** As in the template. */
  outputs: Record<string, string>
}

const BUCKET = `${ARTIFACTS}rectify`
const TEMPLATE = 'template.yaml'
const PATIENCE = { maxWaitTime: 120, minDelay: 0.2, maxDelay: 1 }

/**
 * Deploys `template.yaml` as it stands, the way `sam deploy` does: functions bundled, zipped and put into a bucket, then
 * one change set. Resolves when the stack is there.
 * @throws with the failed resources and their reasons when it does not come up
 */
export async function deploy(
  target: ClientConfig,
  { name, ready, policy, bundles, parameters = {} }: DeployOptions,
): Promise<Stack> {
  const cloudFormation = new CloudFormationClient(target)
  const folder = await scratchFolder('deploy')
  try {
    const TemplateURL = await upload(target, folder.path, { ready, policy, bundles })
    const stack = { StackName: name }
    await cloudFormation.send(
      new CreateChangeSetCommand({
        ...stack,
        ChangeSetName: 'deploy',
        ChangeSetType: 'CREATE',
        TemplateURL,
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'],
        Parameters: Object.entries(parameters).map(
          ([ParameterKey, ParameterValue]): Parameter => ({ ParameterKey, ParameterValue }),
        ),
      }),
    )
    const changeSet = { ...stack, ChangeSetName: 'deploy' }
    const waiting = { client: cloudFormation, ...PATIENCE }
    await waitUntilChangeSetCreateComplete(waiting, changeSet)
    await cloudFormation.send(new ExecuteChangeSetCommand(changeSet))
    await waitUntilStackCreateComplete(waiting, stack).catch(async (cause: unknown) => {
      throw new Error(`stack ${name} did not come up: ${await failures(cloudFormation, name)}`, { cause })
    })
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand(stack))
    const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!])
    return { name, outputs: Object.fromEntries(outputs) }
  } finally {
    cloudFormation.destroy()
    await folder.remove()
  }
}

/**
 * Bundles, zips and uploads the functions, and the template with their addresses, which is too long to be sent as it is
 * (CloudFormation takes 51,200 bytes). Gives the template's address.
 */
async function upload(
  target: ClientConfig,
  folder: string,
  { ready, policy, bundles }: { [K in 'ready' | 'policy' | 'bundles']: DeployOptions[K] | undefined },
): Promise<string> {
  const shared = await (bundles === undefined ? bundleAlike(folder) : keptBundles(bundles))
  const text = await policy?.()
  await ready
  const s3 = new S3Client({ ...target, forcePathStyle: true })
  try {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    const code = new Map<string, string>()
    for (const bundle of shared) {
      const Key = `${bundle.ids[0]}.zip`
      const Body = await readFile(await zipped(bundle.folder, join(folder, Key), text))
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))
      for (const id of bundle.ids) code.set(id, `s3://${BUCKET}/${Key}`)
    }
    const Body = packaged(readTemplate(), code)
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: TEMPLATE, Body }))
    // As SAM spells it, and the only way that the emulator reads.
    return `https://s3.${target.region}.amazonaws.com/${BUCKET}/${TEMPLATE}`
  } finally {
    s3.destroy()
  }
}

/** The bundles of a folder, made there by whoever comes first, while the others wait. */
async function keptBundles(folder: string): Promise<SharedBundle[]> {
  await mkdir(folder, { recursive: true })
  const unlock = await lock(join(folder, 'bundles.lock'))
  try {
    const list = join(folder, 'bundles.json')
    if (existsSync(list)) return JSON.parse(await readFile(list, 'utf8')) as SharedBundle[]
    const made = await bundleAlike(folder)
    await writeFile(list, JSON.stringify(made))
    return made
  } finally {
    unlock()
  }
}

/** Writes a zip of what a folder holds, with this text as its policy. Not compressed: it goes no further than this machine. */
const ZIP = `
import pathlib, sys, zipfile
folder, target, has_policy = pathlib.Path(sys.argv[1]), sys.argv[2], "policy" in sys.argv[3:]
policy = sys.stdin.read()
with zipfile.ZipFile(target, "w") as archive:
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = file.relative_to(folder).as_posix()
        if has_policy and name == "rectify.yaml":
            archive.writestr(name, policy)
        else:
            archive.write(file, name)
`

async function zipped(folder: string, target: string, policy: string | undefined): Promise<string> {
  const own = policy === undefined ? [] : ['policy']
  const running = promisify(execFile)(await ensureVenv(), ['-I', '-c', ZIP, folder, target, ...own])
  running.child.stdin!.end(policy ?? '')
  await running
  return target
}

async function failures(cloudFormation: CloudFormationClient, StackName: string): Promise<string> {
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }))
  return StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED'))
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`)
    .join('; ')
}
