/** The widget's own small types are those of the server's description; the compiler checks it, nothing runs. */

import { expectTypeOf, test } from "vitest";
import type { components } from "../../kit/openapi.gen";
import type { Attachment, Entry, Frame, Message, Receipts, ThreadPage, ThreadState } from "../src/types";

type Server = components["schemas"];

test("what the server sends fits what the widget reads", () => {
  expectTypeOf<Server["MessageModel"]>().toExtend<Message>();
  expectTypeOf<Server["FileModel"]>().toExtend<Attachment>();
  expectTypeOf<Server["ReceiptsModel"]>().toExtend<Receipts>();
  expectTypeOf<Server["ThreadStateModel"]>().toExtend<ThreadState>();
  expectTypeOf<Server["ThreadPageModel"]>().toExtend<ThreadPage>();
  expectTypeOf<Server["EntryModel"]>().toExtend<Entry>();
  expectTypeOf<Server["ChatFrame"]>().toExtend<Frame>();
});
