/**
 * Shapes of the HTTP API under the names that the screens use. All come from the server's own description
 * (`openapi.gen.ts`). Times are POSIX seconds (UTC), durations are seconds.
 */

import type { components } from "./openapi.gen";

export type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type Person = Schemas["SessionPerson"];
export type Language = Person["language"];
export type Named = Schemas["Named"];
/** How a colleague is called; those who left are inactive and keep their names in old records. */
export type Colleague = Schemas["Colleague"];
export type Presence = Schemas["Presence"]["presence"];
export type Activity = Schemas["MeRow"]["activity"];
/** One's own day. */
export type Figures = Schemas["MyFigures"];

export type ContactRow = Schemas["ContactRow"];
export type ContactState = ContactRow["state"];
export type ContactRecord = Schemas["ContactRecord"];
export type ContactPageResult = Schemas["ContactPage"];
export type ContactEvent = Schemas["RecordEvent"];
/** What there is of the recording of a contact, the picture of its voices, the right to hear it. */
export type Recording = Schemas["Recording"];
export type RecordingMark = Schemas["RecordingMark"];
export type RecordingPeaks = Schemas["RecordingPeaks"];
export type RecordingOpening = Schemas["RecordingOpening"];
export type Subscriber = Schemas["RecordSubscriber"];
export type Card = Schemas["ContactCard"];
export type Note = Schemas["NoteModel"];
export type Outcome = Schemas["Dispose"]["outcome"];
export type TransferTarget = Schemas["Transfer"]["to"];

export type Message = Schemas["MessageModel"];
export type MessagePage = Schemas["MessageList"];
export type FileInfo = Schemas["FileModel"];
export type Receipts = Schemas["ReceiptsModel"];

export type Why = Schemas["Why"];
export type WhyFact = Schemas["WhyFact"];

/** Bodies of the configuration by kind. */
export interface ConfigBodies {
  team: Schemas["ConfigItem_TeamBody_"]["body"];
  skill: Schemas["ConfigItem_SkillBody_"]["body"];
  region: Schemas["ConfigItem_RegionBody_"]["body"];
  queue: Schemas["ConfigItem_QueueBody_"]["body"];
  reason: Schemas["ConfigItem_ReasonBody_"]["body"];
  canned: Schemas["ConfigItem_CannedBody_"]["body"];
  break_reason: Schemas["ConfigItem_BreakReasonBody_"]["body"];
  entry: Schemas["ConfigItem_EntryBody_"]["body"];
  hours: Schemas["ConfigItem_HoursBody_"]["body"];
  menu: Schemas["ConfigItem_MenuBody_"]["body"];
  line: Schemas["ConfigItem_LineBody_"]["body"];
  incident: Schemas["ConfigItem_IncidentBody_"]["body"];
}
export type ReasonBody = ConfigBodies["reason"];
export type CannedBody = ConfigBodies["canned"];
export type ConfigItem<Body> = Omit<Schemas["ConfigItem_TeamBody_"], "body"> & { body: Body };
