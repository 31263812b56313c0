import { defineService } from '../../src/playbook/service/service.ts'

declare global {
  interface RectifyServices {
    macie: typeof import('@aws-sdk/client-macie2')
  }
}

/** Macie, the second generation: its API and its actions have the number, its name has not. */
export const macie = defineService({
  id: 'macie',
  client: '@aws-sdk/client-macie2',
  iamPrefix: 'macie2',
  load: () => import('./client.ts'),
})
