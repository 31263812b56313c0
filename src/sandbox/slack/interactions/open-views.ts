import { randomBytes } from 'node:crypto'
import type { Workspace } from '../workspace.ts'
import { type Json, Refused, type SlackView } from '../workspace-types.ts'

/** Modals that lie on each other at most. */
const STACK = 3

/**
 * Opens a modal for a person, on top of those that are open.
 * @throws {Refused} `duplicate_external_id`, `push_limit_reached`
 */
export function openView(workspace: Workspace, user: string, view: Json): SlackView {
  const external = view.external_id
  if (
    external !== undefined &&
    external !== '' &&
    workspace.views.some((one) => one.view.external_id === external)
  )
    throw new Refused('duplicate_external_id')
  const below = workspace.views.filter((one) => one.user === user)
  if (below.length >= STACK) throw new Refused('push_limit_reached')
  const top = below.at(-1)
  const open: SlackView = {
    id: workspace.nextId('V'),
    user,
    view,
    hash: hash(workspace),
    errors: {},
    ...(top && { previous: top.id }),
  }
  workspace.views.push(open)
  workspace.changed()
  return open
}

export function replaceView(workspace: Workspace, open: SlackView, view: Json): SlackView {
  open.view = view
  open.hash = hash(workspace)
  open.errors = {}
  workspace.changed()
  return open
}

/** Closes one modal, or all that a person has open. */
export function closeViews(workspace: Workspace, which: (view: SlackView) => boolean): void {
  workspace.views = workspace.views.filter((view) => !which(view))
  workspace.changed()
}

const hash = (workspace: Workspace) =>
  `${Math.floor(workspace.now() / 1000)}.${randomBytes(6).toString('base64url')}`
