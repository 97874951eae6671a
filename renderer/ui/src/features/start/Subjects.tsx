/** What the interview is about: a role, everything, or topics picked one by one. */

import { Chip, OptionCard, toggled } from "../../components/choices";
import { roleIcon } from "../../components/icons";
import type { Catalogue, SessionSetup } from "../../contracts.gen";
import { amount, plural } from "../../formats";

export interface SubjectsProps {
  setup: SessionSetup;
  catalogue: Catalogue | undefined;
  change: (part: Partial<SessionSetup>) => void;
}

export function Roles({ setup, catalogue, change }: SubjectsProps) {
  const mixed = setup.role === null && setup.topics.length === 0;
  const choose = (role: string | null) => change({ role, topics: [], question_ids: [] });
  const counts = catalogue?.topics.map((topic) => topic.questions) ?? [];
  const all = {
    number: counts.reduce((sum, { number }) => sum + number, 0),
    more: counts.some(({ more }) => more),
  };
  return (
    <fieldset class="roles">
      <legend>Role</legend>
      <div class="role-grid">
        <OptionCard
            group="role"
          icon="spark"
          title="A bit of everything"
          text={`From all ${plural(all, "question")}`}
          on={mixed}
          choose={() => choose(null)}
        />
        {catalogue?.roles.map((role) => (
          <OptionCard
            group="role"
            key={role.id}
            icon={roleIcon(role.id, role.topics)}
            title={role.title}
            text={role.description}
            on={setup.role === role.id}
            choose={() => choose(role.id)}
          />
        ))}
      </div>
    </fieldset>
  );
}

export function Topics({ setup, catalogue, change }: SubjectsProps) {
  const toggle = (id: string) =>
    change({ role: null, topics: toggled(setup.topics, id), question_ids: [] });
  return (
    <fieldset class="topics">
      <legend>Or pick topics</legend>
      <div class="chips">
        {catalogue?.topics.map((topic) => (
          <Chip
            key={topic.id}
            on={setup.topics.includes(topic.id)}
            count={amount(topic.questions)}
            onToggle={() => toggle(topic.id)}
          >
            {topic.title}
          </Chip>
        ))}
      </div>
    </fieldset>
  );
}
