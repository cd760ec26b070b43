/** What the demo asks for, how the scripted model answers, and what must be true at the end. */
import { bash, call, say } from '../../../scripted-model/steps.ts';
import type { Context, Scenarios, Step } from '../../../scripted-model/types.ts';

export interface DemoTask {
  readonly name: string;
  readonly prompt: string;
  /** File of the run's branch, and what it must hold at the end. */
  readonly proof: { readonly path: string; readonly holds: RegExp };
}

export const TASKS: readonly DemoTask[] = [
  {
    name: 'price',
    prompt: 'formatPrice(1205) gives "12.5". Find out why, write a test that shows it, mend it.\n\nSCENARIO:demo_price',
    proof: { path: 'src/price.js', holds: /padStart\(2, '0'\)/ },
  },
  {
    name: 'discount',
    prompt: 'Add a function discounted(items, percent) to the cart, rounded to whole cents, with tests.\n\nSCENARIO:demo_discount',
    proof: { path: 'src/cart.js', holds: /export function discounted/ },
  },
  {
    name: 'docs',
    prompt: 'Document every function in the README, with an example each.\n\nSCENARIO:demo_docs',
    proof: { path: 'README.md', holds: /## Functions[\s\S]*formatPrice\(/ },
  },
];

const commit = (message: string): Step => bash(`git add --all && git commit --quiet --message '${message}' && git log --oneline -1`);
const at = (context: Context, path: string): string => `${context.cwd ?? ''}/${path}`;

const PRICE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPrice } from '../src/price.js';

test('pads the cents', () => assert.equal(formatPrice(1205), '12.05'));
test('whole amounts', () => assert.equal(formatPrice(1200), '12.00'));
`;

function price(context: Context): Step[] {
  return [
    {
      blocks: [
        { type: 'thinking', text: 'The remainder is a number: 5, not 05.' },
        { type: 'text', text: 'I will look at the function first, then write a test that fails.' },
        { type: 'tool_use', name: 'Read', input: { file_path: at(context, 'src/price.js') } },
      ],
    },
    call('Write', { file_path: at(context, 'test/price.test.js'), content: PRICE_TEST }, 'A test that shows the bug:'),
    bash('node --test 2>&1 | tail -25', 'It should fail now.'),
    call(
      'Edit',
      { file_path: at(context, 'src/price.js'), old_string: '(cents % 100)', new_string: "String(cents % 100).padStart(2, '0')" },
      'The cents need two digits.',
    ),
    bash('node --test 2>&1 | tail -12'),
    commit('Pad the cents of a price'),
    say('formatPrice lost the leading zero of the cents. It pads them now, and two tests hold it there.'),
  ];
}

const CART = `export function total(items) {
  return items.reduce((sum, item) => sum + item.cents * item.count, 0);
}

/** The total less a percentage, in whole cents. */
export function discounted(items, percent) {
  if (!(percent >= 0 && percent <= 100)) throw new RangeError('percent must be from 0 to 100');
  return Math.round((total(items) * (100 - percent)) / 100);
}
`;

const DISCOUNT_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discounted } from '../src/cart.js';

const items = [{ cents: 333, count: 1 }];
test('takes the percentage off and rounds', () => assert.equal(discounted(items, 10), 300));
test('nothing off', () => assert.equal(discounted(items, 0), 333));
test('refuses what is no percentage', () => assert.throws(() => discounted(items, 101), RangeError));
`;

function discount(context: Context): Step[] {
  const todo = (...states: string[]): Step =>
    call('TodoWrite', {
      todos: ['Read the cart', 'Write discounted()', 'Test it'].map((content, n) => ({
        content,
        status: states[n] ?? 'pending',
        activeForm: content,
      })),
    });
  return [
    todo('in_progress'),
    bash('cat src/cart.js test/cart.test.js', 'What is there:'),
    call('Write', { file_path: at(context, 'src/cart.js'), content: CART }, 'The function, next to total():'),
    call('Write', { file_path: at(context, 'test/discount.test.js'), content: DISCOUNT_TEST }),
    bash('node --test 2>&1 | tail -12'),
    todo('completed', 'completed', 'completed'),
    commit('Add discounts to the cart'),
    say('discounted(items, percent) is there. It refuses percentages outside 0 to 100; three tests cover it.'),
  ];
}

const README = `# Corner shop

Prices and carts.

## Functions

| function | gives |
|---|---|
| \`formatPrice(cents)\` | the amount as text: \`formatPrice(1250)\` is \`"12.50"\` |
| \`total(items)\` | the sum in cents: \`total([{ cents: 250, count: 2 }])\` is \`500\` |

Run the tests with \`npm test\`.
`;

function docs(context: Context): Step[] {
  return [
    bash('grep -n "export function" -A2 src/*.js', 'I will see which functions there are.'),
    bash('node -e "import(\'./src/price.js\').then((m) => console.log(m.formatPrice(1250)))"', 'Examples should be true, so I try them.'),
    call('Write', { file_path: at(context, 'README.md'), content: README }),
    commit('Document the functions'),
    say('The README has a table of both functions with examples that I ran.'),
  ];
}

export const DEMO_SCENARIOS: Scenarios = { demo_price: price, demo_discount: discount, demo_docs: docs };
