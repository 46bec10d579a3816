// Which address shows which page. Pages are loaded when they are first shown.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { lastNamespace } from './lib/place.ts'
import { readSearch, writeSearch } from './lib/search.ts'
import { Broken } from './pages/broken.tsx'
import { NotFound, NotFoundAlone } from './pages/notFound.tsx'
import { Shell } from './shell/shell.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundAlone })

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/n/$namespace', params: { namespace: lastNamespace() }, replace: true })
  },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/people/signIn.tsx'), 'SignInPage'),
})
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/people/welcome.tsx'), 'WelcomePage'),
})

const inNamespace = createRoute({
  getParentRoute: () => root,
  path: '/n/$namespace',
  component: Shell,
  notFoundComponent: NotFound,
})

const home = createRoute({
  getParentRoute: () => inNamespace,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/home.tsx'), 'HomePage'),
})
const jobs = createRoute({
  getParentRoute: () => inNamespace,
  path: '/jobs',
  component: lazyRouteComponent(() => import('./pages/jobs/jobs.tsx'), 'JobsPage'),
})
const uploads = createRoute({
  getParentRoute: () => inNamespace,
  path: '/uploads',
  component: lazyRouteComponent(() => import('./pages/jobs/uploads.tsx'), 'UploadsPage'),
})
const newJob = createRoute({
  getParentRoute: () => inNamespace,
  path: '/jobs/new',
  component: lazyRouteComponent(() => import('./pages/newJob/newJob.tsx'), 'NewJobPage'),
})
const job = createRoute({
  getParentRoute: () => inNamespace,
  path: '/jobs/$job',
  component: lazyRouteComponent(() => import('./pages/job/job.tsx'), 'JobPage'),
})
const importFile = createRoute({
  getParentRoute: () => inNamespace,
  path: '/import',
  component: lazyRouteComponent(() => import('./pages/import/import.tsx'), 'ImportPage'),
})
const runs = createRoute({
  getParentRoute: () => inNamespace,
  path: '/runs',
  component: lazyRouteComponent(() => import('./pages/run/runs.tsx'), 'RunsPage'),
})
const run = createRoute({
  getParentRoute: () => inNamespace,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('./pages/run/run.tsx'), 'RunPage'),
})
const fix = createRoute({
  getParentRoute: () => inNamespace,
  path: '/runs/$run/fix',
  component: lazyRouteComponent(() => import('./pages/fix/fix.tsx'), 'FixPage'),
})
const records = createRoute({
  getParentRoute: () => inNamespace,
  path: '/records',
  component: lazyRouteComponent(() => import('./pages/records/records.tsx'), 'RecordsPage'),
})
const record = createRoute({
  getParentRoute: () => inNamespace,
  path: '/records/$run/$record',
  component: lazyRouteComponent(() => import('./pages/records/record.tsx'), 'RecordPage'),
})
const profiles = createRoute({
  getParentRoute: () => inNamespace,
  path: '/profiles',
  component: lazyRouteComponent(() => import('./pages/profiles/profiles.tsx'), 'ProfilesPage'),
})
const profile = createRoute({
  getParentRoute: () => inNamespace,
  path: '/profiles/$profile',
  component: lazyRouteComponent(() => import('./pages/profiles/profile.tsx'), 'ProfilePage'),
})
const attributes = createRoute({
  getParentRoute: () => inNamespace,
  path: '/attributes',
  component: lazyRouteComponent(() => import('./pages/profiles/attributes.tsx'), 'AttributesPage'),
})
const queue = createRoute({
  getParentRoute: () => inNamespace,
  path: '/queue',
  component: lazyRouteComponent(() => import('./pages/queue/queue.tsx'), 'QueuePage'),
})
const settings = createRoute({
  getParentRoute: () => inNamespace,
  path: '/settings/{-$tab}',
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'SettingsPage'),
})
const account = createRoute({
  getParentRoute: () => inNamespace,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/people/account.tsx'), 'AccountPage'),
})

const inside = [
  home,
  jobs,
  uploads,
  newJob,
  job,
  importFile,
  runs,
  run,
  fix,
  records,
  record,
  profiles,
  profile,
  attributes,
  queue,
  settings,
  account,
]

export const router = createRouter({
  routeTree: root.addChildren([start, signIn, welcome, inNamespace.addChildren(inside)]),
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router
  }
}
