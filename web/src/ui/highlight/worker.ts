/**
 * Colours code in a thread of its own. The grammars are made of regular expressions and the code is a stranger's: some of it takes for
 * ever. The page waits a moment, ends this thread and goes on without colours.
 */
import { refractor } from 'refractor';
import batch from 'refractor/batch';
import clojure from 'refractor/clojure';
import cmake from 'refractor/cmake';
import dart from 'refractor/dart';
import docker from 'refractor/docker';
import elixir from 'refractor/elixir';
import erlang from 'refractor/erlang';
import graphql from 'refractor/graphql';
import groovy from 'refractor/groovy';
import haskell from 'refractor/haskell';
import hcl from 'refractor/hcl';
import json5 from 'refractor/json5';
import jsx from 'refractor/jsx';
import julia from 'refractor/julia';
import nginx from 'refractor/nginx';
import nix from 'refractor/nix';
import ocaml from 'refractor/ocaml';
import powershell from 'refractor/powershell';
import properties from 'refractor/properties';
import protobuf from 'refractor/protobuf';
import scala from 'refractor/scala';
import toml from 'refractor/toml';
import tsx from 'refractor/tsx';
import zig from 'refractor/zig';
import { type TokenLines, type TokenNode, tokenLines } from './token-lines.ts';

// The package itself brings the common ones; these come on top.
for (const language of [
  batch,
  clojure,
  cmake,
  dart,
  docker,
  elixir,
  erlang,
  graphql,
  groovy,
  haskell,
  hcl,
  json5,
  jsx,
  julia,
  nginx,
  nix,
  ocaml,
  powershell,
  properties,
  protobuf,
  scala,
  toml,
  tsx,
  zig,
]) {
  refractor.register(language);
}

export interface HighlightRequest {
  readonly id: number;
  readonly text: string;
  readonly language: string;
}
export interface HighlightAnswer {
  readonly id: number;
  /** Null: the language is not known, or its grammar broke. */
  readonly lines: TokenLines | null;
}

addEventListener('message', ({ data }: MessageEvent<HighlightRequest>) => {
  postMessage({ id: data.id, lines: colour(data) } satisfies HighlightAnswer);
});

function colour({ text, language }: HighlightRequest): TokenLines | null {
  if (!refractor.registered(language)) return null;
  try {
    return tokenLines(refractor.highlight(text, language) as TokenNode);
  } catch {
    // A grammar that breaks on this text costs its colours, nothing else.
    return null;
  }
}
