/** The report to pass on: shown first, so that a person sees what they give away. */

import { useSignal } from "@preact/signals";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { copy } from "./copy";

export function Report({ text, onClose }: { text: string; onClose: () => void }) {
  const copied = useSignal<boolean | undefined>(undefined);
  return (
    <Dialog title="Report" onClose={onClose} wide>
      <div class="dialog-body">
        <p>
          Versions, numbers and error codes, to pass on when you ask for help. Nothing you wrote is
          in it, and no name of a file or folder.
        </p>
        <pre class="report" tabIndex={0} aria-label="The report's text">
          {text}
        </pre>
        <p role="status" class="hint">
          {copied.value === true && "It is on the clipboard."}
          {copied.value === false && "It could not be copied: select the text and copy it yourself."}
        </p>
      </div>
      <footer class="dialog-foot">
        <Button onClick={onClose}>Close</Button>
        <Button look="primary" icon="copy" onClick={async () => (copied.value = await copy(text))}>
          Copy report
        </Button>
      </footer>
    </Dialog>
  );
}
