/** A server on a seeded home, and everything that goes with it when a test file ends. */
import { rm } from 'node:fs/promises';
import { type Gluon, type GluonOptions, startGluon, temporaryFolder } from '../../support/gluon.ts';
import { type Seeded, type SeedOptions, seedHome } from './seed.ts';

export interface SeededGluon {
  readonly gluon: Gluon;
  readonly seeded: Seeded;
  /** Stops the server and removes its home and the repositories. */
  stop(): Promise<void>;
}

export async function startSeeded(seed: SeedOptions = {}, options: GluonOptions = {}): Promise<SeededGluon> {
  const home = await temporaryFolder('seeded');
  const seeded = await seedHome(home, seed);
  const remove = async (): Promise<void> => {
    for (const folder of [home, ...seeded.projects.map(({ path }) => path)]) await rm(folder, { recursive: true, force: true });
  };
  try {
    const gluon = await startGluon({ ...options, home });
    return {
      gluon,
      seeded,
      async stop() {
        await gluon.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
