/** Address, model and key of the AI server. */

import { useSignal } from "@preact/signals";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Icon } from "../../components/icons";
import type { AppSettings } from "../../contracts.gen";
import { host } from "../../formats";
import { sentTo } from "../../llm";
import { KeyField } from "./KeyField";
import type { Save } from "./save";

export interface ServerProps {
  settings: AppSettings;
  save: Save;
  use: (url: string) => void;
}

export function Server({ settings, save, use }: ServerProps) {
  const url = useSignal(settings.llm_base_url);
  const model = useSignal(settings.llm_model);
  const key = useSignal<string | undefined>(undefined);
  const wrong = useSignal<{ url?: string; model?: string }>({});
  const submit = async (event: Event) => {
    event.preventDefault();
    wrong.value = check(url.value, model.value);
    if (wrong.value.url ?? wrong.value.model) return;
    const address = url.value.trim();
    const fields = { llm_base_url: address, llm_model: model.value.trim() };
    const withKey = !key.value ? fields : { ...fields, api_key: key.value };
    if (await save(withKey)) {
      key.value = undefined;
      use(address);
    }
  };
  const inUse = sentTo(settings);
  return (
    <form class="server form" noValidate onSubmit={(event) => void submit(event)}>
      {inUse && (
        <p class="privacy sends" role="status">
          <Icon name="cloud" size={18} />
          Answers are sent to {inUse}
        </p>
      )}
      <Field label="Base URL" error={wrong.value.url} hint="For example http://localhost:11434/v1">
        {(ids) => (
          <input
            {...ids}
            type="url"
            inputMode="url"
            spellcheck={false}
            maxLength={500}
            value={url.value}
            onInput={(event) => (url.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Model" error={wrong.value.model} hint="As the server names it.">
        {(ids) => (
          <input
            {...ids}
            spellcheck={false}
            maxLength={200}
            value={model.value}
            onInput={(event) => (model.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <KeyField
        stored={settings.llm_key === "file"}
        value={key.value}
        change={(value) => (key.value = value)}
        forget={() => void save({ api_key: "" })}
      />
      <div class="row">
        <Button look="primary" type="submit">
          {inUse === host(url.value) ? "Save server" : "Use this server"}
        </Button>
      </div>
    </form>
  );
}

function check(url: string, model: string): { url?: string; model?: string } {
  const address = url.trim();
  const right = /^https?:\/\/\S+$/.test(address) && URL.canParse(address);
  return {
    ...(right ? {} : { url: "Write an address that begins with http:// or https://" }),
    ...(model.trim() ? {} : { model: "Name the model that is to answer." }),
  };
}
