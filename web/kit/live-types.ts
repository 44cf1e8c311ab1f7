/** Frames of the desks' socket and the states that they keep up to date, from the server's own description. */

import type { Schemas } from "./api";

export type DeskState = Schemas["DeskState"];
export type MeState = Schemas["MeRow"];
export type WorkItem = Schemas["WorkItem"];

export type FloorState = Schemas["FloorState"];
export type FloorAgent = Schemas["FloorAgent"];
export type FloorContact = Schemas["FloorContact"];
export type FloorQueue = Schemas["FloorQueue"];
export type FloorWaiting = Schemas["FloorWaiting"];

export type ServerMessage = Schemas["DeskFrame"];
export type ClientMessage = Schemas["DeskClientFrame"];
/** The topics that a page shows; each has its own connection. */
export type Topic = Exclude<Schemas["DeskHello"]["topics"][number], "events">;
