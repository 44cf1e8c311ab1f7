/** What every view needs. It is laid out before each drawing: there is one widget in a page. */
import type { Actions } from "../actions";
import type { Words } from "../format";
import type { Session } from "../session";
import type { State } from "../store";

export interface Ui extends Words {
  state: State;
  session: Session;
  actions: Actions;
}

let current: Ui;

export function layOut(now: Ui): void {
  current = now;
}

export function ui(): Ui {
  return current;
}
