import type { Schemas, TransferTarget } from "@kit/api";
import { Avatar } from "@kit/components/Avatar";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Icon } from "@kit/components/Icon";
import menuCss from "@kit/components/Menu.module.css";
import { Pill } from "@kit/components/Pill";
import { Skeleton } from "@kit/components/States";
import type { StateName } from "@kit/icon-names";
import type { ReactNode } from "react";
import {
  Autocomplete,
  Header,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SearchField,
  useFilter,
  type ListBoxProps,
} from "react-aria-components";
import { useNames } from "../config/config";
import { useSpeech } from "../i18n";
import { refusalText } from "../session/useCommand";
import css from "./TransferDialog.module.css";
import type { TargetState, useTargets } from "./useTargets";

/** Keys of the list are "agent:id", "queue:id", "skill:id". */
export function targetOf(key: string): TransferTarget {
  const at = key.indexOf(":");
  const id = key.slice(at + 1);
  const kind = key.slice(0, at);
  if (kind === "agent") return { agent: id };
  return kind === "queue" ? { queue: id } : { skill: id, min: 1 };
}

const STATES: Record<TargetState, StateName> = { free: "available", busy: "talking", away: "offline" };

interface TargetPickerProps
  extends Pick<ListBoxProps<object>, "selectionMode" | "selectedKeys" | "onSelectionChange" | "onAction"> {
  targets: ReturnType<typeof useTargets>;
  /** What the list is for. */
  label: string;
  /** What the search field finds. */
  search: string;
  /** What is told of a colleague beside the name. */
  about: (colleague: Schemas["TargetColleague"]) => string;
  /** Sections after the colleagues. */
  children: ReactNode;
}

/** Colleagues, and whatever else a contact may be given to, in a list that is searched by typing. */
export function TargetPicker({ targets, label, search, about, children, ...list }: TargetPickerProps) {
  const speech = useSpeech();
  const { t } = speech;
  const names = useNames();
  const { contains } = useFilter({ sensitivity: "base" });
  return (
    <Autocomplete filter={contains}>
      <SearchField autoFocus className={css.search ?? ""}>
        <Label className="vh">{search}</Label>
        <Icon name="search" size="s" />
        <Input className={field.field ?? ""} placeholder={search} />
      </SearchField>
      {targets.isPending ? (
        <Skeleton label={t("state.loading")} />
      ) : targets.isError ? (
        <div className={css.none}>
          <p>{refusalText(speech, targets.error)}</p>
          <Button size="s" icon="retry" onPress={() => void targets.refetch()}>
            {t("message.retry")}
          </Button>
        </div>
      ) : (
        <ListBox
          className={css.list ?? ""}
          aria-label={label}
          renderEmptyState={() => <p className={css.none}>{t("transfer.none")}</p>}
          {...list}
        >
          <ListBoxSection>
            <Header className={menuCss.heading ?? ""}>{t("transfer.colleagues")}</Header>
            {targets.colleagues.map((colleague) => {
              const who = names.person(colleague.id) || colleague.display_name;
              const told = about(colleague);
              return (
                <ListBoxItem
                  key={colleague.id}
                  id={`agent:${colleague.id}`}
                  className={menuCss.item ?? ""}
                  textValue={`${who} ${told}`}
                  isDisabled={colleague.state === "away"}
                >
                  <Avatar name={who} small />
                  <span className="grow cut">
                    <b className="strong">{who}</b> <small>{told}</small>
                  </span>
                  <Pill state={STATES[colleague.state]}>{t(`transfer.${colleague.state}`)}</Pill>
                </ListBoxItem>
              );
            })}
          </ListBoxSection>
          {children}
        </ListBox>
      )}
    </Autocomplete>
  );
}
