/** Questions of an agent as text. */
import type { Question } from '../../contract/resources.ts';
import { oneLine } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';

export function renderQuestion(question: Question, style: Style): string {
  const several = question.items.length > 1;
  return question.items
    .map((item, index) => {
      const hint = [item.multi_select ? 'several may be chosen' : '', item.free_text ? 'own words are fine' : ''].filter(
        (each) => each !== '',
      );
      const head = `${style('yellow', '?')} ${several ? `${index + 1}) ` : ''}${style('bold', oneLine(item.question))}`;
      const options = item.options.map((option, at) => {
        const description = option.description === '' ? '' : style('dim', ` – ${oneLine(option.description)}`);
        return `    ${at + 1}. ${oneLine(option.label)}${description}\n`;
      });
      return `${head}${hint.length === 0 ? '' : style('dim', ` (${hint.join('; ')})`)}\n${options.join('')}`;
    })
    .join('');
}
