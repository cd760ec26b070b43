/**
 * Shapes of secrets that nobody told us about. Each expression takes linear time: a long repetition either takes all it can and
 * succeeds, or begins only where a run of its characters begins. None is unbounded: the engine keeps a stack entry per character.
 */
const SHAPES: readonly string[] = [
  // Anthropic, OpenAI and others with the same prefix
  'sk-[A-Za-z0-9_-]{20,512}',
  // Stripe
  '[sr]k_(?:live|test)_[A-Za-z0-9]{16,512}',
  // GitHub, GitLab, npm, PyPI, Hugging Face
  'gh[pousr]_[A-Za-z0-9]{20,512}',
  'github_pat_[A-Za-z0-9_]{20,512}',
  'gl(?:pat|ptt|dt|rt)-[A-Za-z0-9_-]{20,512}',
  'npm_[A-Za-z0-9]{36,512}',
  'pypi-[A-Za-z0-9_-]{40,512}',
  'hf_[A-Za-z0-9]{30,512}',
  // Amazon, Google
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}',
  '(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY)["\']?[=:]["\']?[A-Za-z0-9/+=]{40}',
  'AIza[A-Za-z0-9_-]{35}',
  'ya29\\.[A-Za-z0-9_-]{20,512}',
  // Slack, SendGrid, Telegram
  'xox[a-z]-[A-Za-z0-9-]{10,512}',
  'xapp-[A-Za-z0-9-]{20,512}',
  'hooks\\.slack\\.com/services/[A-Za-z0-9/]{20,512}',
  'SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,512}',
  '(?<![0-9])[0-9]{8,10}:[A-Za-z0-9_-]{35}',
  // JSON Web Tokens
  '(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{8,9000}\\.[A-Za-z0-9_-]{8,512}',
  // Headers and URLs
  '(?<=[Bb]earer\\s{1,4})[A-Za-z0-9._~+/=-]{16,512}',
  '(?<=[Bb]asic\\s)[A-Za-z0-9+/=]{16,512}',
  '(?<=://[^\\s/:@]{0,100}:)[^\\s/:@]{3,200}(?=@)',
  // Private keys, cut off or not, with real or escaped line ends
  '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\\s:,.()]|\\\\[nrt]|-(?!-)){0,20000}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?',
];

/** A match at least so long may have met the bound of its repetition: the token goes on as far as its characters do. */
export const LONGEST_SEEN = 512;

/** Characters that may continue a token. */
export const TOKEN_CHARACTER = /[A-Za-z0-9._~+/=\\-]/;

/** A new expression each time: a global one carries a position. */
export function tokenShapes(): RegExp {
  return new RegExp(SHAPES.join('|'), 'g');
}
