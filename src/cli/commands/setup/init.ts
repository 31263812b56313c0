import { writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import { policyJsonSchema } from '../../../policy/file/json-schema.ts'
import { type SlackPlace, starterPolicy } from '../../../policy/file/starter.ts'
import { loadWholePlaybooks } from '../../program/catalogue.ts'
import { namedPlaybooks } from '../../program/environment.ts'
import type { Invocation } from '../../program/invocation.ts'

const EXAMPLES = `
Examples:
  rectify init
  rectify init --policy policies/production.yaml
  rectify init --mode approve                       you are asked before each change
  rectify init --mode approve --slack T0ACME/C0SECOPS   ... in this channel of your Slack
  rectify init --schema                             ... with the JSON Schema by which editors check it
  rectify init --yes                                overwrite the one that is there`

/** What the schema is called that is written beside a policy: it is made anew, never by hand. */
const SCHEMA_FILE = 'rectify.schema.json'

interface Options {
  mode: 'rehearse' | 'approve'
  slack?: SlackPlace
  schema?: true
}

/** `rectify init`: writes a commented starter policy that only rehearses. No AWS. */
export function init(command: Command, invocation: Invocation): void {
  command
    .addOption(
      new Option('--mode <mode>', 'of everything that you have made no rule for')
        .choices(['rehearse', 'approve'])
        .default('rehearse'),
    )
    .addOption(
      new Option(
        '--slack <workspace/channel>',
        'where people are asked, by the ids of workspace and channel (docs/slack.md)',
      ).argParser(slackPlace),
    )
    .addOption(
      new Option('--schema', `also write ${SCHEMA_FILE} beside it, by which editors check it as you write`),
    )
    .addHelpText('after', EXAMPLES)
    .action(async ({ mode, slack, schema }: Options) => {
      const { shared, cwd, output } = invocation
      const file = resolve(cwd, shared.policy ?? 'rectify.yaml')
      const named = namedPlaybooks(invocation)
      const ownFolder = named && `./${relative(dirname(file), named.folder)}`
      const playbooks = await loadWholePlaybooks(invocation)
      const text = starterPolicy(playbooks, {
        ...{ otherwise: mode, ownFolder, slack },
        schema: schema && SCHEMA_FILE,
      })
      await write(file, text, shared.yes === true)
      const described = schema && join(dirname(file), SCHEMA_FILE)
      if (described) await write(described, `${JSON.stringify(policyJsonSchema(playbooks), null, 2)}\n`, true)
      output.result(
        { file, ...(described && { schema: described }) },
        () =>
          `wrote ${[file, described].filter(Boolean).join(' and ')}\n\nNext: rectify rehearse EVENTS shows what would happen; then turn on what convinced you.`,
      )
    })
}

function slackPlace(text: string): SlackPlace {
  const [, workspace, channel] = /^(T[A-Z0-9]+)\/([CG][A-Z0-9]+)$/.exec(text) ?? []
  if (workspace !== undefined && channel !== undefined) return { workspace, channel }
  throw new InvalidArgumentError('ids of a workspace and a channel are like T0ACME/C0SECOPS.')
}

async function write(file: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: overwrite ? 'w' : 'wx' })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EEXIST')
      throw new BadRequest('usage', `${file} is already there; --yes overwrites it`, { cause })
    throw new BadRequest('usage', `the policy cannot be written: ${message}`, { cause })
  }
}
