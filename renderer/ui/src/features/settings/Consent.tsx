/** Asks before the first text leaves this computer: for where, and what exactly. */

import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { host, isThisComputer } from "../../formats";

export interface ConsentProps {
  url: string;
  agree: () => void;
  close: () => void;
}

export function Consent({ url, agree, close }: ConsentProps) {
  return (
    <Dialog title="Send answers to this server?" onClose={close}>
      <div class="dialog-body">
        <p>
          From now on, each answer you hand in is sent to <strong class="host">{host(url)}</strong>.
          Exactly this is sent:
        </p>
        <ul class="sent-list">
          <li>the question, with its reference answer and expected points</li>
          <li>the text of your answer</li>
          <li>your API key, if you entered one</li>
        </ul>
        <p class="dim">
          Nothing else leaves this computer. What the server does with it is up to whoever runs it.
          You can go back to the offline evaluator at any time.
        </p>
        <p class="dim">If you stay offline, the address is kept in Settings and nothing is sent to it.</p>
        {url.startsWith("http://") && !isThisComputer(url) && (
          <p class="dim">The address begins with http://: others on the way can read along.</p>
        )}
      </div>
      <footer class="dialog-foot">
        <Button onClick={close}>Stay offline</Button>
        <Button look="primary" onClick={agree}>
          Agree and send
        </Button>
      </footer>
    </Dialog>
  );
}
