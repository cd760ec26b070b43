/** Reporter of vitest: names every test that passed only at its second try, so that none hides behind it. */
export default class SecondTries {
  /** @type {string[]} */
  #names = [];

  /** @param {{ diagnostic(): { flaky: boolean } | undefined, fullName: string, module: { relativeModuleId: string } }} test */
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky === true) this.#names.push(`${test.module.relativeModuleId}: ${test.fullName}`);
  }

  onTestRunEnd() {
    if (this.#names.length > 0)
      process.stdout.write(`\nPassed only at the second try:\n${this.#names.map((name) => `  ${name}\n`).join('')}`);
  }
}
