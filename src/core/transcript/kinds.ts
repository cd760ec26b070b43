/** The filters of a transcript that people choose among. One owner for what counts as what. */

export const MESSAGE_KINDS = ['text', 'tools', 'edits', 'shell', 'errors', 'questions'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
