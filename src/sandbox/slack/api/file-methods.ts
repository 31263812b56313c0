import { checkedBlocks } from '../block-kit/block-kit.ts'
import { fileJson } from '../slack-json.ts'
import { channelForApp, post } from '../workspace.ts'
import { Refused, type SlackFile } from '../workspace-types.ts'
import { type Args, type Methods, required, type Slack, structure } from './method.ts'

const scopes = () => ['files:write']

/** The three steps of an upload, of which the second is no method: https://docs.slack.dev/messaging/working-with-files */
export const fileMethods: Methods = {
  'files.getUploadURLExternal': {
    scopes,
    tier: 4,
    call({ workspace, url }, args) {
      const name = required(args, 'filename')
      const size = Number(required(args, 'length'))
      if (!Number.isInteger(size) || size < 1) throw new Refused('invalid_arguments')
      const file: SlackFile = { id: workspace.nextId('F'), name, title: name, size, shared: false }
      workspace.files.set(file.id, file)
      return { upload_url: `${url}/upload/${file.id}`, file_id: file.id }
    },
  },
  'files.completeUploadExternal': {
    scopes,
    tier: 4,
    call({ workspace }, args) {
      const files = announced({ workspace }, args)
      const blocks =
        args.blocks === undefined ? [] : checkedBlocks(structure(args.blocks, 'invalid_blocks_format'))
      const channel = args.channel_id === undefined ? undefined : channelForApp(workspace, args.channel_id)
      if (channel)
        post(workspace, {
          channel: channel.id,
          user: workspace.app.bot,
          text: String(args.initial_comment ?? ''),
          blocks,
          files,
          ...(args.thread_ts !== undefined && { thread: args.thread_ts }),
        })
      for (const file of files) file.shared = true
      return { files: files.map(fileJson) }
    },
  },
}

/** @throws {Refused} `file_not_found`: never announced, not uploaded, or shared already */
function announced({ workspace }: Pick<Slack, 'workspace'>, args: Args): SlackFile[] {
  const named = structure(required(args, 'files'), 'invalid_arguments')
  if (!Array.isArray(named) || named.length === 0) throw new Refused('invalid_arguments')
  return named.map(({ id, title }: { id?: string; title?: string }) => {
    const file = workspace.files.get(String(id))
    if (!file?.content || file.shared) throw new Refused('file_not_found')
    if (title !== undefined) file.title = title
    return file
  })
}

/** What was announced arrives. @throws {Refused} `file_not_found`, `invalid_size` where it is not as long as was said */
export function uploaded({ workspace }: Pick<Slack, 'workspace'>, id: string, content: Buffer): void {
  const file = workspace.files.get(id)
  if (!file || file.shared) throw new Refused('file_not_found')
  if (content.length !== file.size) throw new Refused('invalid_size')
  file.content = content
}
