import { userJson } from '../slack-json.ts'
import { Refused } from '../workspace-types.ts'
import { type Methods, required } from './method.ts'

export const peopleMethods: Methods = {
  'auth.test': {
    call({ workspace: { team, app } }) {
      return {
        url: `https://${team.domain}.slack.com/`,
        team: team.name,
        user: app.name,
        team_id: team.id,
        user_id: app.bot,
        bot_id: app.botId,
        is_enterprise_install: false,
      }
    },
  },
  'users.info': {
    scopes: () => ['users:read'],
    tier: 4,
    call({ workspace }, args) {
      const user = workspace.users.find(({ id }) => id === args.user)
      if (!user) throw new Refused('user_not_found')
      return { user: userJson(user) }
    },
  },
  'usergroups.users.list': {
    scopes: () => ['usergroups:read'],
    tier: 2,
    call({ workspace }, args) {
      const wanted = required(args, 'usergroup')
      const group = workspace.groups.find(({ id }) => id === wanted)
      if (!group) throw new Refused('no_such_subteam')
      if (group.disabled && String(args.include_disabled) !== 'true') throw new Refused('no_such_subteam')
      return { users: group.users }
    },
  },
}
