// What there is to look into: people touched, the log, and what the run was told to do.
import { Tabs } from '@mantine/core'
import type { RunView } from '../../../client/index.ts'
import { useAddressPart } from '../../lib/address.ts'
import { Definition } from './definition.tsx'
import { Log } from './log.tsx'
import { Touched } from './touched.tsx'

const names = ['profiles', 'log', 'definition'] as const

export function RunTabs({ view }: { readonly view: RunView }) {
  const [asked, show] = useAddressPart('tab')
  // An undo maps nothing.
  const maps = view.run.reverts === null
  const tab = names.find((name) => name === asked && (maps || name !== 'definition')) ?? names[0]
  return (
    <Tabs
      value={tab}
      onChange={(next) => show(next === names[0] ? undefined : (next ?? undefined))}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        <Tabs.Tab value="profiles">Profiles</Tabs.Tab>
        <Tabs.Tab value="log">Log</Tabs.Tab>
        {maps && <Tabs.Tab value="definition">Definition</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="profiles">
        <Touched view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="log">
        <Log view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="definition">
        <Definition view={view} />
      </Tabs.Panel>
    </Tabs>
  )
}
