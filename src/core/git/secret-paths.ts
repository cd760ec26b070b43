/** Files that usually hold secrets: Gluon never commits them by itself. */
import { type PathMatcher, pathMatcher } from './path-pattern.ts';

const SECRETS = [
  '.env*',
  '*.env',
  '*.pem',
  '*.key',
  '*.p12',
  '*.pfx',
  '*.jks',
  '*.keystore',
  '*.kdbx',
  '*.ppk',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  '.ssh',
  '.aws',
  '.gnupg',
  '.netrc',
  '_netrc',
  '.pgpass',
  '.my.cnf',
  '.npmrc',
  '.pypirc',
  '.git-credentials',
  '.htpasswd',
  '.dockercfg',
  '.docker/config.json',
  'credentials.json',
  'service-account*.json',
  '*.tfstate',
  '*.tfvars',
];
/** Templates without secrets, which projects do commit. */
const HARMLESS = ['.env.example', '.env.sample', '.env.template', '.env.dist', '.env.defaults', '.envrc.example'];

/** Paths that an automatic commit leaves out: secrets, and what the project file names as copied. */
export function leftOutOfCommits(copyPatterns: readonly string[]): PathMatcher {
  const copied = pathMatcher(copyPatterns);
  const secret = pathMatcher(SECRETS);
  const harmless = pathMatcher(HARMLESS);
  return (path) => copied(path) || (secret(path) && !harmless(path));
}
