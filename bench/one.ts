/** One benchmark in this process; its rows go to the parent. `node bench/one.ts NAME [--quick]` alone prints them. */
import { BENCHES } from './benches.ts';
import { table } from './report.ts';

const [name = ''] = process.argv.slice(2);
const load = BENCHES.get(name);
if (load === undefined) throw new Error(`no benchmark is called ${name}`);
const quick = process.argv.includes('--quick');
const bench = await load();
const rows = await bench({ quick });
if (process.send === undefined) {
  process.stdout.write(table({ machine: '', benches: { [name]: { at: '', quick, load: Number.NaN, rows } } }));
  process.exit();
}
process.send(rows, () => process.exit());
