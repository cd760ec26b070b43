import { describe, expect, it } from 'vitest';
import { faultPoints, noFaults, parseFaultPlan } from './fault.ts';

describe('fault points', () => {
  it('fails at the named visit of the named point, and nowhere else', async () => {
    const fault = faultPoints(parseFaultPlan('merge.after-git@2=fail'));
    await fault('merge.before-git');
    await fault('merge.after-git');
    await expect(fault('merge.after-git')).rejects.toThrow('merge.after-git');
    await fault('merge.after-git');
  });

  it('holds at the point until it is told to go on', async () => {
    const held = faultPoints(parseFaultPlan('merge.after-git@1=hold'))('merge.after-git');
    let over = false;
    void held.then(() => (over = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    process.kill(process.pid, 'SIGUSR2');
    await held;
  });

  it('lets everything pass when it only traces', async () => {
    await expect(faultPoints(parseFaultPlan('trace'))('merge.after-git')).resolves.toBeUndefined();
  });

  it.each(['', 'x', 'a.b=kill', 'a.b@1=explode', 'a.b@x=kill'])('does not take %j for a plan', (text) => {
    expect(() => parseFaultPlan(text)).toThrow('not a fault plan');
  });

  it('does nothing in a real start', async () => {
    await expect(noFaults('anything.at-all')).resolves.toBeUndefined();
  });
});
