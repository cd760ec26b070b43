/**
 * Substring search over titles and prompts by trigrams. Of a prompt the first 65,536 characters are indexed: enough to find a run
 * again, and a bound on what one huge prompt costs. The index holds no copy of the text.
 */
const text = (row: string): string => `${row}.number, ${row}.title, substr(${row}.prompt, 1, 65536)`;

export const statements: readonly string[] = [
  `create virtual table run_search using fts5(title, prompt, content = '', contentless_delete = 1, tokenize = 'trigram')`,
  `insert into run_search (rowid, title, prompt) select ${text('runs')} from runs`,
  `create trigger runs_search_in after insert on runs begin
    insert into run_search (rowid, title, prompt) values (${text('new')});
  end`,
  'create trigger runs_search_out after delete on runs begin delete from run_search where rowid = old.number; end',
  `create trigger runs_search_over after update of title, prompt on runs
    when old.title <> new.title or old.prompt <> new.prompt begin
    delete from run_search where rowid = old.number;
    insert into run_search (rowid, title, prompt) values (${text('new')});
  end`,
];
