import type { Seed } from './workspace.ts'

/** The workspace that the sandbox shows: two who are on call, one who leads, and those who must not decide. */
export function seedOf(workspace = 'T0ACME'): Seed {
  const team = { id: workspace, domain: 'acme', name: 'Acme' }
  const ours = { team: workspace }
  const everybody = ['U0ANN', 'U0BEN', 'U0CHO', 'U0GONE']
  return {
    team,
    app: { id: 'A0RECTIFY', bot: 'U0RECTIFY', botId: 'B0RECTIFY', name: 'rectify' },
    users: [
      { id: 'U0ANN', name: 'ann', realName: 'Ann Adler', title: 'On call', ...ours },
      { id: 'U0BEN', name: 'ben', realName: 'Ben Brandt', title: 'On call', ...ours },
      { id: 'U0CHO', name: 'cho', realName: 'Cho Chen', title: 'Security lead', ...ours },
      {
        id: 'U0GUEST',
        name: 'guest',
        realName: 'Gil Gomez',
        title: 'Contractor',
        isRestricted: true,
        isUltraRestricted: true,
        ...ours,
      },
      { id: 'U0GONE', name: 'gone', realName: 'Gwen Gray', deleted: true, ...ours },
      { id: 'U0STRANGER', name: 'stranger', realName: 'Sam Stone', team: 'T0OTHER', isStranger: true },
      { id: 'U0RECTIFY', name: 'rectify', realName: 'Rectify', isBot: true, ...ours },
    ],
    groups: [
      { id: 'S0ONCALL', handle: 'oncall', name: 'On call', users: ['U0ANN', 'U0BEN'] },
      { id: 'S0LEADS', handle: 'leads', name: 'Security leads', users: ['U0CHO'] },
    ],
    channels: [
      { id: 'C0GENERAL', name: 'general', topic: 'Company-wide', members: everybody },
      {
        id: 'C0SECOPS',
        name: 'secops',
        topic: 'Findings that need a person',
        members: [...everybody, 'U0GUEST', 'U0STRANGER', 'U0RECTIFY'],
      },
    ],
  }
}
