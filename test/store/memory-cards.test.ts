import { describe } from '@jest/globals'
import { memoryCards } from '../../src/store/memory-cards.ts'
import { keepsCards } from './contract/kept-cards.ts'

describe('cards in memory', () => {
  keepsCards(async () => memoryCards())
})
