import { Component, createRef, Fragment, h } from "preact";
import { daysAway } from "../format";
import { Icon } from "../icons";
import * as T from "../texts";
import type { Message } from "../types";
import { Bubble, UnsentBubble } from "./Bubble";
import { Ended } from "./Ended";
import { ui } from "./ui";
import { Waiting } from "./Waiting";

const NEAR = 48;

/** Sticks to the bottom while the bottom is before the eyes; otherwise counts what has come below. */
export class ThreadView extends Component<object, { left: number | null }> {
  /** `left`: number of the last message when the subscriber scrolled up; null at the bottom. */
  override state = { left: null as number | null };
  private readonly box = createRef<HTMLDivElement>();
  private readonly watch = new ResizeObserver(() => this.componentDidUpdate());
  private lastOwn = "";

  private readonly toBottom = () => this.box.current?.scrollTo(0, this.box.current.scrollHeight);

  override componentDidMount(): void {
    this.toBottom();
    for (const element of [this.box.current, ...(this.box.current?.children ?? [])]) if (element) this.watch.observe(element);
  }

  override componentWillUnmount(): void {
    this.watch.disconnect();
  }

  override componentDidUpdate(): void {
    const own = ui().state.outbox.at(-1)?.id ?? "";
    if (this.state.left === null || own > this.lastOwn) this.toBottom();
    this.lastOwn = own;
  }

  override render() {
    const { say, day, notice, state } = ui();
    const { messages, info } = state.thread;
    const known = new Set(messages.map(({ id }) => id));
    const now = state.expired ? "ended" : info?.state;
    const { left } = this.state;
    const theirs = messages.filter(({ author }) => author !== "subscriber");
    // In one piece: of what comes into a list readers tell every part for itself, the time as well.
    const told = theirs.at(-1);
    const below = left === null ? 0 : theirs.filter(({ seq }) => seq > left).length;
    return (
      <div class="middle">
        <div
          class="body"
          ref={this.box}
          tabIndex={0}
          role="region"
          aria-label={say(T.log)}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            const away = scrollHeight - scrollTop - clientHeight > NEAR;
            if (away !== (left !== null)) this.setState({ left: away ? (messages.at(-1)?.seq ?? 0) : null });
          }}
        >
          <div class="log">
            {messages.map((message, i) => {
              const before = messages[i - 1];
              return (
                <Fragment key={message.id}>
                  {(before === undefined || daysAway(message.at, before.at) !== 0) && (
                    <p class="notice day">{day(message.at, Date.now() / 1000)}</p>
                  )}
                  {message.kind === "notice" ? <Notice message={message} /> : <Bubble message={message} />}
                </Fragment>
              );
            })}
          </div>
          {state.outbox.map((item) => !known.has(item.id) && <UnsentBubble key={item.id} item={item} />)}
          {now === "ended" ? <Ended /> : info !== null && now !== "talking" && <Waiting info={info} />}
          <p class="sr" role="status">
            {told && <span key={told.id}>{told.kind === "notice" ? notice(told) : (told.text ?? told.file?.name)}</span>}
          </p>
          {state.typing !== null && now === "talking" && (
            <p class="typing">
              <i />
              <i />
              <i />
              {say(T.typing, state.typing || say(T.someone))}
            </p>
          )}
        </div>
        {below > 0 && (
          <button class="below pri" onClick={this.toBottom}>
            <Icon name="down" />
            {say(T.below, below)}
          </button>
        )}
      </div>
    );
  }
}

function Notice({ message }: { message: Message }) {
  const { notice, time } = ui();
  const words = notice(message);
  return words === null ? null : (
    <p class="notice">
      {words}, {time(message.at)}
    </p>
  );
}
