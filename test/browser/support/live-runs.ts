/** Runs of the fake agent that make a seeded board move. */
import type { Gluon } from '../../support/gluon.ts';
import { submit } from '../../support/runs.ts';
import type { Seeded } from './seed.ts';

/** A question that waits, work that streams, and more than there are places for. */
export async function liveRuns(gluon: Gluon, seeded: Seeded): Promise<void> {
  const name = (index: number): string => seeded.projects[index]?.name ?? '';
  await submit(gluon, name(0), 'ask Expiry | Which sessions should expire when this is deployed? | All of them | Only old ones | None', {
    title: 'Move the session store to Postgres',
  });
  await submit(
    gluon,
    name(2),
    `todo Read the code, Write the page, Test it\n${'say I read one more module and note what has to change in it.\nrun sleep 1; echo checked\n'.repeat(300)}`,
    { title: 'Replace moment with Temporal' },
  );
  await submit(gluon, name(1), 'say Working through the coverage report.\nhang', { title: 'Raise pricing engine coverage to 90 %' });
  await submit(gluon, name(3), 'think Where does the memory go?\nrun seq 1 400\nhang', { title: 'Convert ingest to streaming inserts' });
  await submit(gluon, name(1), 'askmany Scope | Which endpoints belong to the client? | Invoices | Customers | Webhooks', {
    title: 'Regenerate the API client',
  });
  await submit(gluon, name(4), 'hang', { title: 'Weekly dependency audit', profile: 'quick' });
  await submit(gluon, name(5), 'hang', { title: 'Rewrite the getting-started guide for self-hosting' });
}
