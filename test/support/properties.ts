import fc from 'fast-check';

/**
 * On the build server the cases of a property are the same each time: what fails there fails because of the change, and fails again.
 * Elsewhere they are new with every run, and a failure prints the seed that brings it back.
 */
if (process.env.CI !== undefined) fc.configureGlobal({ seed: 45_866 });
