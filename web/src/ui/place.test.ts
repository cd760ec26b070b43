import { describe, expect, it } from 'vitest';
import { placeBeside } from './place.ts';

const view = { width: 1000, height: 600 };
const tip = { width: 100, height: 24 };

describe('placeBeside', () => {
  it('stands above, in the middle', () => {
    expect(placeBeside({ left: 400, top: 300, width: 40, height: 20 }, tip, view, 'top')).toEqual({ left: 370, top: 270 });
  });

  it('goes below where above is no room', () => {
    expect(placeBeside({ left: 400, top: 10, width: 40, height: 20 }, tip, view, 'top')).toEqual({ left: 370, top: 36 });
  });

  it('stays inside the window at both edges', () => {
    expect(placeBeside({ left: 0, top: 300, width: 20, height: 20 }, tip, view, 'top').left).toBe(8);
    expect(placeBeside({ left: 980, top: 300, width: 20, height: 20 }, tip, view, 'top').left).toBe(892);
  });

  it('stands to the right of the rail, and to the left where the window ends', () => {
    expect(placeBeside({ left: 8, top: 100, width: 36, height: 34 }, tip, view, 'right')).toEqual({ left: 50, top: 105 });
    expect(placeBeside({ left: 950, top: 100, width: 36, height: 34 }, tip, view, 'right')).toEqual({ left: 844, top: 105 });
  });

  it('never leaves by the top, however large it is', () => {
    expect(placeBeside({ left: 400, top: 10, width: 40, height: 20 }, { width: 100, height: 900 }, view, 'top').top).toBe(8);
  });
});
