/** Address, model and key of the AI server. */

import { useSignal } from "@preact/signals";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Icon } from "../../components/icons";
import type { AppSettings, TryServer } from "../../contracts.gen";
import { host } from "../../formats";
import { sentTo } from "../../llm";
import { Connection } from "./Connection";
import { KeyField } from "./KeyField";
import { type KeyPlace, useKeyPlaces, usualPlace } from "./key-places";
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
  const places = useKeyPlaces();
  const chosen = useSignal<KeyPlace | undefined>(undefined);
  const place = chosen.value ?? usualPlace(settings.llm_key, places.value);
  const wrong = useSignal<Wrong>({});
  const wanted = (): TryServer | undefined => {
    wrong.value = check(url.value, model.value);
    if (wrong.value.url ?? wrong.value.model) return undefined;
    const server = { base_url: url.value.trim(), model: model.value.trim() };
    return key.value ? { ...server, api_key: key.value } : server;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    wrong.value = check(url.value, model.value);
    if (key.value && !place) wrong.value = { ...wrong.value, key: "Choose where to keep the key." };
    if (Object.keys(wrong.value).length > 0) return;
    const address = url.value.trim();
    const fields = { llm_base_url: address, llm_model: model.value.trim() };
    const withKey = !key.value ? fields : { ...fields, api_key: key.value, ...(place && { key_place: place }) };
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
        state={settings.llm_key}
        value={key.value}
        change={(value) => (key.value = value)}
        forget={() => void save({ api_key: "" })}
        places={places.value}
        place={place}
        choose={(one) => (chosen.value = one)}
        error={wrong.value.key}
      />
      <Connection wanted={wanted} />
      <div class="row">
        <Button look="primary" type="submit">
          {inUse === host(url.value) ? "Save server" : "Use this server"}
        </Button>
      </div>
    </form>
  );
}

interface Wrong {
  url?: string;
  model?: string;
  key?: string;
}

function check(url: string, model: string): Wrong {
  const address = url.trim();
  const right = /^https?:\/\/\S+$/.test(address) && URL.canParse(address);
  return {
    ...(right ? {} : { url: "Write an address that begins with http:// or https://" }),
    ...(model.trim() ? {} : { model: "Name the model that is to answer." }),
  };
}
