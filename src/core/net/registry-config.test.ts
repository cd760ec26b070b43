import { describe, expect, it } from 'vitest';
import { cargoHosts, goHosts, hostsOf, mavenHosts, npmrcHosts, pipHosts } from './registry-config.ts';

describe('registries', () => {
  it('of npm', () =>
    expect(
      npmrcHosts(
        'registry = https://a.example/npm/\n@s:registry=http://b.example:4873\n; registry=https://no.example\n//a.example/:_authToken=x',
      ),
    ).toEqual(['a.example', 'b.example:4873']));
  it('of pip, on several lines, without credentials', () =>
    expect(
      pipHosts('[global]\nindex-url = https://u:p@a.example/simple\nextra-index-url =\n  https://b.example/simple\n  file:///opt/x\n'),
    ).toEqual(['a.example', 'b.example']));
  it('of cargo', () =>
    expect(
      cargoHosts('[source.mirror]\nregistry = "sparse+https://a.example/index/"\n[registries.own]\nindex = "https://b.example/git"\n'),
    ).toEqual(['a.example', 'b.example']));
  it('of go', () => {
    expect(goHosts('https://a.example|https://b.example,direct', 'sum.example')).toEqual(['a.example', 'b.example', 'sum.example']);
    expect(goHosts('direct', 'off')).toEqual([]);
    expect(goHosts('off', 'sum.example+key https://mirror.example')).toEqual(['mirror.example']);
  });
  it('of maven', () => expect(mavenHosts('<mirror><url> https://a.example/maven2 </url></mirror>')).toEqual(['a.example']));
  it('in any text, names only', () =>
    expect(hostsOf('see https://a.example/x, (https://b.example), http://10.0.0.1/ and https://localhost/')).toEqual([
      'a.example',
      'b.example',
    ]));
});
