// The setup of a job to read, part by part.
import { Code, Paper, Stack, Text, Title } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import type { JobDetail } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import './job.css'
import { factsAbout, type Fact } from './setupFacts.ts'
import { jobPage } from './useJob.ts'

export function SetupView({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const { after } = job.setup
  return (
    <div className="job-parts">
      {factsAbout(job).map(({ title, facts }) => (
        <Part key={title} title={title} facts={facts}>
          {title === 'Schedule' && after !== null && (
            <Text mt="xs">
              After <Go to={jobPage(namespace, after)}>{after}</Go> has ended well
            </Text>
          )}
        </Part>
      ))}
    </div>
  )
}

interface PartProps {
  readonly title: string
  readonly facts: readonly Fact[]
  readonly children: ReactNode
}

function Part({ title, facts, children }: PartProps) {
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-label={title}>
      <Stack gap="xs">
        <Title order={2}>{title}</Title>
        {facts.length > 0 && (
          <dl className="job-settings">
            {facts.map(({ label, value, code }) => (
              <Fragment key={label}>
                <Text component="dt" size="sm" c="dimmed" pt={1}>
                  {label}
                </Text>
                <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
                  {code === true ? <Code>{value}</Code> : value}
                </Text>
              </Fragment>
            ))}
          </dl>
        )}
        {children}
      </Stack>
    </Paper>
  )
}
