import { checkedView } from '../block-kit/block-kit.ts'
import { openView, replaceView } from '../interactions/open-views.ts'
import { viewJson } from '../slack-json.ts'
import { Refused } from '../workspace-types.ts'
import { type Args, type Methods, required, structure } from './method.ts'

const viewOf = (args: Args) => {
  required(args, 'view')
  return checkedView(structure(args.view, 'invalid_arguments'))
}

export const viewMethods: Methods = {
  'views.open': {
    tier: 4,
    call({ workspace, tickets }, args) {
      const view = viewOf(args)
      const user = tickets.exchange(required(args, 'trigger_id'))
      return { view: viewJson(workspace, openView(workspace, user, view)) }
    },
  },
  'views.update': {
    tier: 4,
    call({ workspace }, args) {
      const view = viewOf(args)
      const open = workspace.views.find((one) =>
        args.view_id === undefined ? one.view.external_id === args.external_id : one.id === args.view_id,
      )
      if (!open || (args.view_id ?? args.external_id) === undefined) throw new Refused('not_found')
      if (args.hash !== undefined && args.hash !== open.hash) throw new Refused('hash_conflict')
      return { view: viewJson(workspace, replaceView(workspace, open, view)) }
    },
  },
}
