import { ProjectFileSchema } from '../../src/contract/project-file.ts';
import { SETTINGS } from '../../src/contract/settings.ts';
import { fieldComments } from './field-comments.ts';
import { pageStart, table } from './markdown.ts';
import { jsonSchemaOf, schemaText } from './schema-text.ts';

/** docs/configuration.md */
export function configurationPage(): string {
  const comments = fieldComments('src/contract/project-file.ts', 'ProjectFileSchema');
  const projectFile = jsonSchemaOf(ProjectFileSchema, 'input');
  return [
    ...pageStart('Configuration', 'src/contract/settings.ts and src/contract/project-file.ts'),
    '## Settings',
    '',
    '`config.yml` in the home folder (`$GLUON_HOME`, else `~/.gluon`) holds them; `gluon settings set KEY VALUE` writes it. A variable of the',
    "server's environment wins over the file.",
    '',
    ...table(
      ['key', 'variable', 'type', 'default', 'meaning'],
      Object.entries(SETTINGS).map(([key, setting]) => [
        `\`${key}\``,
        `\`GLUON_${key.toUpperCase().replaceAll('.', '_')}\``,
        schemaText(jsonSchemaOf(setting.schema, 'input')),
        `\`${JSON.stringify(setting.default)}\``,
        setting.summary,
      ]),
    ),
    '## .gluon.yml',
    '',
    'Lies in the root of a project and is read from its base branch, never from the branch of an agent. Every key is optional.',
    '',
    ...table(
      ['key', 'type', 'meaning'],
      Object.entries(projectFile.properties ?? {}).map(([key, schema]) => [`\`${key}\``, schemaText(schema), comments.get(key) ?? '']),
    ),
  ].join('\n');
}
