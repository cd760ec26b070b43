import fc from 'fast-check';
import { expect, it } from 'vitest';
import { moneyCapSentence, REFUSAL_CODES, refusalIn, refusalText } from './refusal-text.ts';

it('a refusal is known again in whatever the program of the agent puts around it', () => {
  const around = fc.string().filter((text) => !text.includes('Gluon') && !/\w$/.test(text));
  fc.assert(
    fc.property(fc.constantFrom(...REFUSAL_CODES), fc.string({ minLength: 1 }), around, (code, sentence, before) => {
      fc.pre(sentence.trim() === sentence);
      expect(refusalIn(before + refusalText(code, sentence))).toEqual({ code, sentence });
    }),
  );
});

it.each(['', 'Gluon: the money cap', 'Gluon [of_the_future]: no', 'Gluon [budget]', 'NotGluon [budget]: x', 'gluon [budget]: x'])(
  'is not seen in %j',
  (message) => expect(refusalIn(message)).toBeNull(),
);

it('the money cap is named with what was spent', () => {
  expect(moneyCapSentence(0.01234567, 5)).toBe('The money cap of this run is reached: $0.0123 of $5 are spent.');
});
