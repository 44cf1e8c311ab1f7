import type { ContactPageResult, ContactState } from "@kit/api";
import { api, query } from "@kit/client";
import { Button } from "@kit/components/Button";
import field from "@kit/components/Field.module.css";
import { Panel } from "@kit/components/Panel";
import { Empty, Skeleton } from "@kit/components/States";
import { clockText } from "@kit/durations";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { ResultTag } from "../card/Earlier";
import { contactNumber } from "../command/commands";
import { useConfig, useNames, usePeople } from "../config/config";
import { Frame } from "../frame/Frame";
import { useSpeech } from "../i18n";
import { refusalText } from "../session/useCommand";
import css from "./Contact.module.css";

const STATES: ContactState[] = ["deferred", "waiting", "offered", "dialling", "talking", "wrap_up", "ended"];
const PAGE = 50;

function Filters({ params, set }: { params: URLSearchParams; set: (name: string, value: string) => void }) {
  const { t, name } = useSpeech();
  const queues = useConfig("queue").data ?? [];
  const people = usePeople().data ?? [];
  return (
    <>
      <label>
        {t("card.queue")}
        <select className={field.field} value={params.get("queue") ?? ""} onChange={(event) => set("queue", event.target.value)}>
          <option value="">{t("contacts.any")}</option>
          {queues.map((queue) => (
            <option key={queue.id} value={queue.id}>
              {name(queue.body.name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("floor.agent")}
        <select className={field.field} value={params.get("agent") ?? ""} onChange={(event) => set("agent", event.target.value)}>
          <option value="">{t("contacts.any")}</option>
          {people.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("floor.state")}
        <select className={field.field} value={params.get("state") ?? ""} onChange={(event) => set("state", event.target.value)}>
          <option value="">{t("contacts.any")}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {t(`contactState.${state}`)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** Contacts, newest first: by number, queue, agent, state. The choice lives in the address. */
export default function ContactsPage() {
  const speech = useSpeech();
  const { t, date, time } = speech;
  const names = useNames();
  const [, navigate] = useLocation();
  const params = new URLSearchParams(useSearch());
  const [typed, setTyped] = useState("");
  const [notFound, setNotFound] = useState(false);
  const filter = Object.fromEntries(["subscriber", "agent", "queue", "state"].map((name) => [name, params.get(name)]));

  const list = useInfiniteQuery({
    queryKey: ["contacts", filter],
    queryFn: ({ pageParam }) =>
      api.get<ContactPageResult>(`/contacts${query({ ...filter, before: pageParam, limit: PAGE })}`),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
    staleTime: 5000,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];

  const set = (name: string, value: string) => {
    if (value) params.set(name, value);
    else params.delete(name);
    navigate(`/contacts${params.size > 0 ? `?${params.toString()}` : ""}`, { replace: true });
  };
  const findNumber = async (event: SyntheticEvent) => {
    event.preventDefault();
    const number = contactNumber(typed);
    if (number === null) {
      setNotFound(true);
      return;
    }
    const page = await api.get<ContactPageResult>(`/contacts${query({ number })}`).catch(() => null);
    const found = page?.items[0];
    if (found) navigate(`/contacts/${found.id}`);
    else setNotFound(true);
  };

  return (
    <Frame>
      <main className={css.page} data-region tabIndex={-1}>
        <h1 className="vh" id="main" tabIndex={-1}>
          {t("nav.contacts")}
        </h1>
        <Panel title={params.get("subscriber") ? t("contacts.ofOne") : t("nav.contacts")}>
          <form className={css.filters} onSubmit={(event) => void findNumber(event)}>
            <label>
              {t("contacts.number")}
              <input
                className={field.field}
                inputMode="numeric"
                placeholder="C-10482"
                value={typed}
                aria-invalid={notFound}
                aria-describedby={notFound ? "number-problem" : undefined}
                onChange={(event) => {
                  setTyped(event.target.value);
                  setNotFound(false);
                }}
              />
            </label>
            <Filters params={params} set={set} />
            {params.size > 0 && <Button onPress={() => navigate("/contacts")}>{t("contacts.reset")}</Button>}
            {notFound && (
              <p id="number-problem" className="sm t-bad" role="alert">
                {t("contacts.noNumber")}
              </p>
            )}
          </form>
          {list.isPending && <Skeleton label={t("state.loading")} lines={8} />}
          {list.isError && (
            <Empty icon="alert" title={t("contacts.failed")}>
              <p className="sm sub">{refusalText(speech, list.error)}</p>
              <Button icon="retry" onPress={() => void list.refetch()}>
                {t("message.retry")}
              </Button>
            </Empty>
          )}
          {list.isSuccess && rows.length === 0 && (
            <Empty icon="search" title={t("contacts.none")}>
              <p className="sm sub">{t("contacts.noneHint")}</p>
            </Empty>
          )}
          {rows.length > 0 && (
            <div className={css.scroll}>
              <table className={css.table}>
                <thead>
                  <tr>
                    <th scope="col">{t("card.number")}</th>
                    <th scope="col">{t("contacts.arrived")}</th>
                    <th scope="col">{t("card.subject")}</th>
                    <th scope="col">{t("card.queue")}</th>
                    <th scope="col">{t("floor.agent")}</th>
                    <th scope="col" className={css.r}>
                      {t("record.wait")}
                    </th>
                    <th scope="col" className={css.r}>
                      {t("record.talk")}
                    </th>
                    <th scope="col">{t("record.result")}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <td className="num">
                        <Link href={`/contacts/${row.id}`}>C-{row.number ?? "…"}</Link>
                      </td>
                      <td className="num">
                        {date(row.arrived_at)}, {time(row.arrived_at)}
                      </td>
                      <td className={css.long}>{names.reason(row.reasons[0] ?? row.reason) || t("card.noSubject")}</td>
                      <td>{names.queue(row.queue)}</td>
                      <td>{names.person(row.agent)}</td>
                      <td className={css.r}>{clockText(row.wait)}</td>
                      <td className={css.r}>{row.talk > 0 ? clockText(row.talk) : ""}</td>
                      <td>
                        <ResultTag row={row} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {list.hasNextPage && (
            <p className={css.more}>
              <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
                {t("contacts.more")}
              </Button>
            </p>
          )}
        </Panel>
      </main>
    </Frame>
  );
}
