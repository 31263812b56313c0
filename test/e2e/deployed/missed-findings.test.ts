import { beforeAll, expect, test } from '@jest/globals'
import { type Planter, plantIn } from '../planted-resources.ts'
import { closed, withDeployment } from './sandbox-deployment.ts'

/** Nothing is put on the bus here: what is found, the sweeper has asked for. */

const deployed = withDeployment({ parameters: { AskDetectors: 'daily' } })
let plant: Planter
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
})

const asked = () =>
  deployed().sandbox.requests.filter(({ operation }) => operation === 'DescribeComplianceByConfigRule')

test('the sweeper asks once a day, and what no event told is put right', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8' })
  await deployed().sweep()
  const run = await deployed().runWith(group, closed)
  expect(run).toMatchObject({ outcome: 'remediated', findings: [{ source: 'config' }] })
  expect(await plant.ingress(group)).toEqual(['tcp 22-22 10.0.0.0/8'])
  // As the role that looks, and not as the function itself.
  expect(asked()).toHaveLength(1)

  const later = await plant.group({ source: '0.0.0.0/0' })
  await deployed().sweep()
  await deployed().quiet()
  expect(asked()).toHaveLength(1)
  expect(await deployed().runsAbout(later)).toEqual([])
})
