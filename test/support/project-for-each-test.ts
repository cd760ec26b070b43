/** One server for a file of tests, and for each test a project of its own on it. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Gluon, startGluon } from './gluon.ts';
import { sampleRepository } from './repository.ts';

export interface OwnProject {
  gluon: Gluon;
  repository: string;
  project: string;
}

/** Registers the hooks; `take` is called before each test. */
export function projectForEachTest(files: Record<string, string>, take: (given: OwnProject) => void): void {
  let gluon: Gluon;
  let number = 0;
  beforeAll(async () => {
    gluon = await startGluon();
  });
  afterAll(async () => {
    await gluon?.stop();
  });
  beforeEach(async () => {
    const repository = await sampleRepository(files);
    number += 1;
    const project = `project-${number}`;
    await gluon.call('projects.add', { name: project, path: repository });
    take({ gluon, repository, project });
    return () => rm(repository, { recursive: true, force: true });
  });
}
