/** How long an answer may be: told here before it is sent, and by the app with the same code. */

import { CallError } from "../../bridge";
import { ErrorCode } from "../../contracts.gen";
import { codePoints } from "../../formats";

export const MAX_ANSWER_CHARACTERS = 100_000;
/** Of UTF-16, as a text field counts. So much can be saved as a draft, whatever the characters are. */
export const MAX_DRAFT_UNITS = 300_000;

/** Why `text` can't be handed in, or undefined if it can. */
export function tooLong(text: string): CallError | undefined {
  if (text.length <= MAX_ANSWER_CHARACTERS) return undefined;
  const length = codePoints(text);
  if (length <= MAX_ANSWER_CHARACTERS) return undefined;
  const most = MAX_ANSWER_CHARACTERS.toLocaleString();
  return new CallError({
    code: ErrorCode.VALIDATION_FAILED,
    message: `This answer has ${length.toLocaleString()} characters; ${most} are the most that can be handed in.`,
    remedy: "Shorten it and go on. The text stays here.",
    details: { field: "text" },
  });
}
