/** Shapes of the API. Made by `python tools/openapi.py`; `./teplo check types` compares. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Which offer is taken. */
        Accept: {
            offer: string;
        };
        /** @description The agent as subscribers see one. */
        AgentModel: {
            name: string | null;
        };
        /** @description Every one of the parts. */
        "AllOf-Input": {
            all: (components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Input"] | components["schemas"]["AllOf-Input"] | components["schemas"]["AnyOf-Input"] | components["schemas"]["NotOf-Input"])[];
        };
        /** @description Every one of the parts. */
        "AllOf-Output": {
            all: (components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Output"] | components["schemas"]["AllOf-Output"] | components["schemas"]["AnyOf-Output"] | components["schemas"]["NotOf-Output"])[];
        };
        /** @description At least one of the parts. */
        "AnyOf-Input": {
            any: (components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Input"] | components["schemas"]["AllOf-Input"] | components["schemas"]["AnyOf-Input"] | components["schemas"]["NotOf-Input"])[];
        };
        /** @description At least one of the parts. */
        "AnyOf-Output": {
            any: (components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Output"] | components["schemas"]["AllOf-Output"] | components["schemas"]["AnyOf-Output"] | components["schemas"]["NotOf-Output"])[];
        };
        /** @description One line; `person` is null for the system and for somebody unknown. `at` is POSIX seconds. */
        AuditEntry: {
            action: string;
            at: number;
            details: {
                [key: string]: unknown;
            };
            object_id: string | null;
            object_kind: string;
            person: string | null;
            seq: number;
        };
        /** @description Lines, newest first; `next` is the value of `before` for the following page, null at the end. */
        AuditPage: {
            items: components["schemas"]["AuditEntry"][];
            next: number | null;
        };
        /** @description Why somebody is away from contacts; `minutes` is the usual length, None if it depends. */
        "BreakReasonBody-Input": {
            minutes?: number | null;
            name: components["schemas"]["Named"];
            /** @default 0 */
            order?: number;
        };
        /** @description Why somebody is away from contacts; `minutes` is the usual length, None if it depends. */
        "BreakReasonBody-Output": {
            minutes: number | null;
            name: components["schemas"]["Named"];
            /** @default 0 */
            order: number;
        };
        /** @description What is to be done; `digits` (0-9, *, #, A-D) only with the action of that name. */
        CallAct: {
            /** @enum {string} */
            action: "hold" | "resume" | "pause_recording" | "resume_recording" | "digits";
            digits?: string | null;
        };
        /** @description The answer to the worker's session description, for that leg. */
        CallAnswer: {
            leg: string;
            sdp: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "answer";
        };
        /**
         * @description How subscribers are called back: attempts, seconds of pause after each, local hours, seconds of ringing.
         *
         *     Who waits for `offer_estimate` seconds or more, as far as can be told, is asked; null: nobody is.
         */
        "CallbackBody-Input": {
            /** @default 3 */
            attempts?: number;
            /**
             * @default [
             *       "09:00",
             *       "21:00"
             *     ]
             */
            hours?: [
                string,
                string
            ];
            /** @default 120 */
            offer_estimate?: number | null;
            /**
             * @default [
             *       300,
             *       900
             *     ]
             */
            pauses?: number[];
            /** @default 40 */
            ring_seconds?: number;
        };
        /**
         * @description How subscribers are called back: attempts, seconds of pause after each, local hours, seconds of ringing.
         *
         *     Who waits for `offer_estimate` seconds or more, as far as can be told, is asked; null: nobody is.
         */
        "CallbackBody-Output": {
            /** @default 3 */
            attempts: number;
            /**
             * @default [
             *       "09:00",
             *       "21:00"
             *     ]
             */
            hours: [
                string,
                string
            ];
            /** @default 120 */
            offer_estimate: number | null;
            /**
             * @default [
             *       300,
             *       900
             *     ]
             */
            pauses: number[];
            /** @default 40 */
            ring_seconds: number;
        };
        /**
         * @description How often the subscriber was called (the present call included), how often one may try, and until when it rings.
         *
         *     `until` is None while nobody is called.
         */
        CallbackState: {
            attempt: number;
            attempts: number;
            until: number | null;
        };
        /** @description The leg could not be connected, or broke for good. */
        CallFailed: {
            code: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "failed";
        };
        /** @description This tab shows the offered or talking call and wants its audio: at the offer, after a reload, after a loss. */
        CallJoin: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "join";
        };
        /** @description This tab gives the leg up. */
        CallLeave: {
            leg: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "leave";
        };
        /** @description Another tab of the same agent took the call over. */
        CallMoved: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "moved";
        };
        /** @description The worker's session description for a leg; that tab answers it. */
        CallOffer: {
            leg: string;
            sdp: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "offer";
        };
        /** @description How the audio gets through, every 5 s: the agent's side, and of the subscriber's line the MOS (1 to 4.5). */
        CallQuality: {
            caller_mos: number | null;
            jitter_ms: number;
            loss: number;
            mos: number | null;
            rtt_ms: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "quality";
        };
        /** @description A worker carries the call from now on (it calls the subscriber back): a desk that has no leg joins. */
        CallReady: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ready";
        };
        /** @description How the call stands. `connected`: agent and subscriber hear each other; `since`: when the talk began. */
        CallStanding: {
            connected: boolean;
            held: boolean;
            /** @enum {string} */
            media: "ok" | "connecting" | "lost";
            /** @enum {string} */
            recording: "on" | "paused" | "off";
            since: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "state";
        };
        /** @description A ready reply. Variables: {name} {agent} {date} {wait}. No queues: usable in all. */
        "CannedBody-Input": {
            name: components["schemas"]["Named"];
            /** @default [] */
            queues?: string[];
            shortcut: string;
            text: components["schemas"]["Told-Input"];
        };
        /** @description A ready reply. Variables: {name} {agent} {date} {wait}. No queues: usable in all. */
        "CannedBody-Output": {
            name: components["schemas"]["Named"];
            /** @default [] */
            queues: string[];
            shortcut: string;
            text: components["schemas"]["Told-Output"];
        };
        /** @description Figures of handling in one channel; means in seconds. */
        ChannelFigures: {
            aht: number | null;
            aht_concurrent: number | null;
            handled: number;
            hold: number | null;
            talk: number | null;
            wrap_up: number | null;
        };
        ChatClientFrame: components["schemas"]["ChatHello"] | (components["schemas"]["ChatWrites"] | components["schemas"]["ChatPing"] | components["schemas"]["ChatProgress"]);
        /** @description What the widget's socket /chat/live sends. */
        ChatFrame: components["schemas"]["ChatState"] | components["schemas"]["ChatMessage"] | components["schemas"]["ChatReceipt"] | components["schemas"]["ChatTyping"] | components["schemas"]["ChatPong"];
        /** @description The first frame. `after`: the last message that the widget has. */
        ChatHello: {
            /** @default 0 */
            after?: number;
            token: string;
            /** @constant */
            type: "hello";
        };
        /** @description A message of the thread. */
        ChatMessage: {
            message: components["schemas"]["MessageModel"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "message";
        };
        /** @description Answered by a pong. */
        ChatPing: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ping";
        };
        /** @description The answer to a ping. */
        ChatPong: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "pong";
        };
        /** @description Messages up to `seq` have reached the widget, or were read. */
        ChatProgress: {
            seq: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "delivered" | "read";
        };
        /** @description How far each side got. */
        ChatReceipt: {
            receipts: components["schemas"]["ReceiptsModel"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "receipt";
        };
        /** @description How the thread stands now. */
        ChatState: {
            agent: components["schemas"]["AgentModel"] | null;
            ahead: number | null;
            can_grade: boolean;
            contact: string | null;
            estimate: [
                number,
                number
            ] | null;
            estimated_at: number;
            grade: number | null;
            last_seq: number;
            opens_at: number | null;
            position: number | null;
            receipts: components["schemas"]["ReceiptsModel"];
            server_time: number;
            /** @enum {string} */
            state: "none" | "deferred" | "waiting" | "talking" | "ended";
            thread: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "state";
        };
        /** @description The agent is writing. */
        ChatTyping: {
            name: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "typing";
            /** @constant */
            who: "agent";
        };
        /** @description The subscriber is writing. */
        ChatWrites: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "typing";
        };
        /** @description How a person is called; `active` is False for those who left, so that old records keep their names. */
        Colleague: {
            active: boolean;
            display_name: string;
            id: string;
            name: string;
            /** @enum {string} */
            role: "agent" | "senior" | "supervisor" | "quality" | "planner" | "administrator";
            team: string | null;
        };
        /** @description Everybody. */
        Colleagues: {
            items: components["schemas"]["Colleague"][];
        };
        ConfigItem_BreakReasonBody_: {
            active: boolean;
            body: components["schemas"]["BreakReasonBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_CannedBody_: {
            active: boolean;
            body: components["schemas"]["CannedBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_dict_str__Any__: {
            active: boolean;
            body: {
                [key: string]: unknown;
            };
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_EntryBody_: {
            active: boolean;
            body: components["schemas"]["EntryBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_HoursBody_: {
            active: boolean;
            body: components["schemas"]["HoursBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_IncidentBody_: {
            active: boolean;
            body: components["schemas"]["IncidentBody"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_LineBody_: {
            active: boolean;
            body: components["schemas"]["LineBody"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_MenuBody_: {
            active: boolean;
            body: components["schemas"]["MenuBody"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_NumberRangeBody_: {
            active: boolean;
            body: components["schemas"]["NumberRangeBody"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_PersonBody_: {
            active: boolean;
            body: components["schemas"]["PersonBody"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_QueueBody_: {
            active: boolean;
            body: components["schemas"]["QueueBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_ReasonBody_: {
            active: boolean;
            body: components["schemas"]["ReasonBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_RegionBody_: {
            active: boolean;
            body: components["schemas"]["RegionBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_SettingsBody_: {
            active: boolean;
            body: components["schemas"]["SettingsBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_SkillBody_: {
            active: boolean;
            body: components["schemas"]["SkillBody"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_TeamBody_: {
            active: boolean;
            body: components["schemas"]["TeamBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItem_TrunkBody_: {
            active: boolean;
            body: components["schemas"]["TrunkBody-Output"];
            changed_at: number;
            changed_by: string | null;
            id: string;
            version: number;
        };
        ConfigItems_BreakReasonBody_: {
            items: components["schemas"]["ConfigItem_BreakReasonBody_"][];
        };
        ConfigItems_CannedBody_: {
            items: components["schemas"]["ConfigItem_CannedBody_"][];
        };
        ConfigItems_dict_str__Any__: {
            items: components["schemas"]["ConfigItem_dict_str__Any__"][];
        };
        ConfigItems_EntryBody_: {
            items: components["schemas"]["ConfigItem_EntryBody_"][];
        };
        ConfigItems_HoursBody_: {
            items: components["schemas"]["ConfigItem_HoursBody_"][];
        };
        ConfigItems_IncidentBody_: {
            items: components["schemas"]["ConfigItem_IncidentBody_"][];
        };
        ConfigItems_LineBody_: {
            items: components["schemas"]["ConfigItem_LineBody_"][];
        };
        ConfigItems_MenuBody_: {
            items: components["schemas"]["ConfigItem_MenuBody_"][];
        };
        ConfigItems_NumberRangeBody_: {
            items: components["schemas"]["ConfigItem_NumberRangeBody_"][];
        };
        ConfigItems_PersonBody_: {
            items: components["schemas"]["ConfigItem_PersonBody_"][];
        };
        ConfigItems_QueueBody_: {
            items: components["schemas"]["ConfigItem_QueueBody_"][];
        };
        ConfigItems_ReasonBody_: {
            items: components["schemas"]["ConfigItem_ReasonBody_"][];
        };
        ConfigItems_RegionBody_: {
            items: components["schemas"]["ConfigItem_RegionBody_"][];
        };
        ConfigItems_SettingsBody_: {
            items: components["schemas"]["ConfigItem_SettingsBody_"][];
        };
        ConfigItems_SkillBody_: {
            items: components["schemas"]["ConfigItem_SkillBody_"][];
        };
        ConfigItems_TeamBody_: {
            items: components["schemas"]["ConfigItem_TeamBody_"][];
        };
        ConfigItems_TrunkBody_: {
            items: components["schemas"]["ConfigItem_TrunkBody_"][];
        };
        /** @description What the desk shows beside a conversation: the subscriber, earlier contacts (at most 20), their notes. */
        ContactCard: {
            channel: string;
            contact: string;
            earlier: components["schemas"]["ContactRow"][];
            notes: components["schemas"]["NoteModel"][];
            number: number | null;
            queue: string;
            reason: string | null;
            subscriber: components["schemas"]["RecordSubscriber"];
            thread: string | null;
        };
        /** @description Contacts, newest first; `next` is the value of `before` for the following page, null at the end. */
        ContactPage: {
            items: components["schemas"]["ContactRow"][];
            next: number | null;
        };
        /** @description Everything that happened to a contact, in order. */
        ContactRecord: {
            agent: string | null;
            answered_at: number | null;
            arrived_at: number;
            channel: string;
            ended_at: number | null;
            ended_by: string | null;
            events: components["schemas"]["RecordEvent"][];
            grade: number | null;
            id: string;
            messages: components["schemas"]["MessageModel"][];
            notes: components["schemas"]["NoteModel"][];
            number: number | null;
            outcome: string | null;
            queue: string;
            reason: string | null;
            reasons: string[];
            /** @enum {string} */
            state: "deferred" | "waiting" | "offered" | "dialling" | "talking" | "wrap_up" | "ended";
            subscriber: components["schemas"]["RecordSubscriber"];
            talk: number;
            thread: string | null;
            transfers: number;
            wait: number;
            words: string | null;
            wrap_up: number;
        };
        /**
         * @description One contact in a list. Times are POSIX seconds, `wait`, `talk`, `wrap_up` seconds.
         *
         *     `number` is what people say (C-10482); null in the first moment of a contact. `wait` is that of the first answer.
         */
        ContactRow: {
            agent: string | null;
            answered_at: number | null;
            arrived_at: number;
            channel: string;
            ended_at: number | null;
            ended_by: string | null;
            grade: number | null;
            id: string;
            number: number | null;
            outcome: string | null;
            queue: string;
            reason: string | null;
            reasons: string[];
            /** @enum {string} */
            state: "deferred" | "waiting" | "offered" | "dialling" | "talking" | "wrap_up" | "ended";
            talk: number;
            transfers: number;
            wait: number;
            wrap_up: number;
        };
        /** @description An agent's day so far: contacts handled, grades given, those of 5. */
        DayCounts: {
            fives: number;
            grades: number;
            handled: number;
        };
        /** @description Which offer is refused and why: a code, as the log keeps no words of people. */
        Decline: {
            offer: string;
            /** @default unspecified */
            reason?: string;
        };
        /** @description A word of a browser tab to the worker that carries the call. `tab`: an id that the tab made for itself. */
        DeskCall: {
            contact: string;
            signal: components["schemas"]["CallJoin"] | components["schemas"]["CallAnswer"] | components["schemas"]["CallLeave"];
            tab: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "call";
        };
        /** @description A word of the worker that carries a call. `tab` null: for all tabs of the agent. */
        DeskCallSignal: {
            contact: string;
            signal: components["schemas"]["CallOffer"] | components["schemas"]["CallReady"] | components["schemas"]["CallStanding"] | components["schemas"]["CallQuality"] | components["schemas"]["CallMoved"] | components["schemas"]["CallFailed"];
            tab: string | null;
            /** @constant */
            type: "call";
        };
        /** @description What changed in the topic `me`. */
        DeskChanges: {
            at: number;
            seq: number;
            state: components["schemas"]["DeskDifference"];
            /** @constant */
            topic: "me";
            /** @constant */
            type: "changes";
        };
        DeskClientFrame: components["schemas"]["DeskHello"] | (components["schemas"]["DeskWrites"] | components["schemas"]["DeskCall"] | components["schemas"]["DeskPing"]);
        /** @description Keys of `me` and rows of `work` that changed; null: the contact is no longer in hand. */
        DeskDifference: {
            me?: {
                [key: string]: unknown;
            };
            work?: {
                [key: string]: components["schemas"]["WorkItem"] | null;
            };
        };
        /** @description What the desks' socket /live sends. */
        DeskFrame: components["schemas"]["DeskSnapshot"] | components["schemas"]["FloorSnapshot"] | components["schemas"]["DeskChanges"] | components["schemas"]["FloorChanges"] | components["schemas"]["DeskMessage"] | components["schemas"]["DeskReceipt"] | components["schemas"]["DeskTyping"] | components["schemas"]["DeskCallSignal"] | components["schemas"]["DeskPong"] | components["schemas"]["FactFrame"];
        /** @description The first frame: what the page shows. */
        DeskHello: {
            /** @default 0 */
            after?: number;
            topics: ("me" | "floor" | "events")[];
            /** @constant */
            type: "hello";
        };
        /** @description A new message in a contact of the agent's. */
        DeskMessage: {
            contact: string;
            message: components["schemas"]["MessageModel"];
            /** @constant */
            type: "message";
        };
        /** @description Answered at once with the same `t`: the page measures the delay. */
        DeskPing: {
            /** @default null */
            t?: number | string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ping";
        };
        /** @description The answer to a ping, with its `t`. */
        DeskPong: {
            at: number;
            t: number | string | null;
            /** @constant */
            type: "pong";
        };
        /** @description How far each side of a contact got. */
        DeskReceipt: {
            contact: string;
            receipts: components["schemas"]["ReceiptsModel"];
            /** @constant */
            type: "receipt";
        };
        /** @description The topic `me` as it is now, first after the hello. `seq`: the last fact in it; `at`: the server's time. */
        DeskSnapshot: {
            at: number;
            seq: number;
            state: components["schemas"]["DeskState"];
            /** @constant */
            topic: "me";
            /** @constant */
            type: "snapshot";
        };
        /** @description The live topic `me`: the agent and the contacts in hand by id. */
        DeskState: {
            me: components["schemas"]["MeRow"];
            work: {
                [key: string]: components["schemas"]["WorkItem"];
            };
        };
        /** @description The subscriber is writing. */
        DeskTyping: {
            contact: string;
            /** @constant */
            type: "typing";
        };
        /** @description The agent is writing in this contact. */
        DeskWrites: {
            contact: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "typing";
        };
        /** @description Reasons (the main one first), result and a private note. */
        Dispose: {
            note?: string | null;
            /** @enum {string} */
            outcome: "resolved" | "promise" | "passed" | "unresolved";
            reasons: string[];
        };
        /** @description A page where chats begin. A chat that the subscriber leaves unanswered for `idle_minutes` is ended (0: never). */
        "EntryBody-Input": {
            default_queue: string;
            greeting: components["schemas"]["Told-Input"];
            /** @default 30 */
            idle_minutes?: number;
            /** @default [] */
            options?: components["schemas"]["EntryOption"][];
            /**
             * @default [
             *       "*"
             *     ]
             */
            origins?: string[];
            /** @default 72 */
            return_hours?: number;
            /** @default true */
            survey?: boolean;
        };
        /** @description A page where chats begin. A chat that the subscriber leaves unanswered for `idle_minutes` is ended (0: never). */
        "EntryBody-Output": {
            default_queue: string;
            greeting: components["schemas"]["Told-Output"];
            /** @default 30 */
            idle_minutes: number;
            /** @default [] */
            options: components["schemas"]["EntryOption"][];
            /**
             * @default [
             *       "*"
             *     ]
             */
            origins: string[];
            /** @default 72 */
            return_hours: number;
            /** @default true */
            survey: boolean;
        };
        /** @description An entry point before a chat begins. `estimate`: seconds of waiting, low and high. */
        EntryModel: {
            closed_message: string | null;
            estimate: [
                number,
                number
            ] | null;
            greeting: string;
            open: boolean;
            opens_at: number | null;
            options: components["schemas"]["EntryOptionModel"][];
            version: number;
        };
        /** @description What a subscriber may choose at the start, and the queue it leads to. */
        EntryOption: {
            icon: string;
            name: components["schemas"]["Named"];
            queue: string;
            reason: string;
        };
        /** @description What the subscriber may choose at the start. */
        EntryOptionModel: {
            icon: string;
            name: string;
            reason: string;
        };
        /** @description Requires nothing. */
        Everybody: Record<string, never>;
        /** @description A fact of the log: ids only. */
        Fact: {
            agent: string | null;
            at: number;
            body: {
                [key: string]: unknown;
            };
            contact: string | null;
            kind: string;
        };
        /** @description The topic `events`: every fact after the `after` of the hello, in order. */
        FactFrame: {
            event: components["schemas"]["Fact"];
            seq: number;
            /** @constant */
            type: "event";
        };
        /** @description What a figure means. `scopes`: whether it is given for a queue and for an agent. */
        FigureDefinition: {
            formula: components["schemas"]["Texts"];
            id: string;
            name: components["schemas"]["Texts"];
            scopes: ("queue" | "agent")[];
            /** @enum {string} */
            unit: "count" | "share" | "seconds" | "interval";
            variants: components["schemas"]["FigureVariant"][];
        };
        /** @description All figures, in the order in which they are shown. */
        FigureDefinitions: {
            items: components["schemas"]["FigureDefinition"][];
        };
        /**
         * @description All figures by id; null: nothing to divide by, or no meaning here. Shares are 0 to 1, times seconds.
         *
         *     What each means, with its formula: /metrics/definitions.
         */
        Figures: {
            abandoned: number | null;
            abandonment_rate: number | null;
            aht: number | null;
            aht_concurrent: number | null;
            answered: number | null;
            arrived: number | null;
            asa: number | null;
            callback_attempts: number | null;
            callbacks: number | null;
            callbacks_lost: number | null;
            callbacks_reached: number | null;
            closed: number | null;
            csat5: number | null;
            csat5_interval: [
                number,
                number
            ] | null;
            declined: number | null;
            deferred: number | null;
            estimate_hit_rate: number | null;
            estimates: number | null;
            fives: number | null;
            flow_in: number | null;
            flow_out: number | null;
            grades: number | null;
            handled: number | null;
            hold: number | null;
            max_wait: number | null;
            mean_wait: number | null;
            median_wait: number | null;
            missed: number | null;
            occupancy: number | null;
            offered: number | null;
            offers: number | null;
            p90_wait: number | null;
            p99_wait: number | null;
            requeued: number | null;
            response_rate: number | null;
            service_level: number | null;
            short_abandoned: number | null;
            talk: number | null;
            transfer_rate: number | null;
            transfers: number | null;
            wrap_up: number | null;
        };
        /** @description Another usual reading of a figure. */
        FigureVariant: {
            formula: components["schemas"]["Texts"];
            id: string;
            name: components["schemas"]["Texts"];
        };
        /** @description A file of a message; `width` and `height` are pixels of an image. */
        FileModel: {
            height: number | null;
            id: string;
            /** @enum {string} */
            media_type: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "application/pdf";
            name: string;
            size: number;
            width: number | null;
        };
        /** @description The message that begins the contact. */
        FirstMessage: {
            /** Format: uuid */
            id: string;
            text: string;
        };
        /** @description An agent on the floor. `hand_contact`: the contact that help is asked for. */
        FloorAgent: {
            /** @enum {string} */
            activity: "idle" | "offered" | "dialling" | "talking" | "wrap_up";
            connected: boolean;
            contacts: components["schemas"]["FloorContact"][];
            fives: number;
            grades: number;
            hand: number | null;
            hand_contact: string | null;
            handled: number;
            id: string;
            pending: boolean;
            /** @enum {string} */
            presence: "available" | "break" | "busy" | "offline" | "training";
            reason: string | null;
            since: number;
            team: string | null;
        };
        /** @description What changed in the topic `floor`; sent also when nothing did, so that the page knows its age. */
        FloorChanges: {
            at: number;
            seq: number;
            state: components["schemas"]["FloorDifference"];
            /** @constant */
            topic: "floor";
            /** @constant */
            type: "changes";
        };
        /** @description A contact in the hands of an agent, as the floor shows it. */
        FloorContact: {
            id: string;
            queue: string;
            reason: string | null;
            since: number;
            /** @enum {string} */
            state: "offered" | "dialling" | "talking" | "wrap_up";
        };
        /** @description Rows that changed, null: no longer there; keys of `totals` that changed. */
        FloorDifference: {
            agents?: {
                [key: string]: components["schemas"]["FloorAgent"] | null;
            };
            queues?: {
                [key: string]: components["schemas"]["FloorQueue"] | null;
            };
            totals?: {
                [key: string]: unknown;
            };
            waiting?: {
                [key: string]: components["schemas"]["FloorWaiting"] | null;
            };
        };
        /** @description A queue now. `agents_able` are present and have the skills, `agents_ready` of them may take a contact now. */
        FloorQueue: {
            abandoned: number;
            abandonment_rate: number | null;
            agents_able: number;
            agents_ready: number;
            answered: number;
            asa: number | null;
            deferred: number;
            estimate: [
                number,
                number
            ] | null;
            estimate_hit_rate: number | null;
            id: string;
            longest_since: number | null;
            offered: number;
            open: boolean;
            opens_at: number | null;
            service_level: number | null;
            target: components["schemas"]["QueueTarget"];
            waiting: number;
        };
        /** @description The topic `floor` as it is now, first after the hello. */
        FloorSnapshot: {
            at: number;
            seq: number;
            state: components["schemas"]["FloorState"];
            /** @constant */
            topic: "floor";
            /** @constant */
            type: "snapshot";
        };
        /** @description The live topic `floor`: agents, queues, waiting contacts (the first 200 of a queue) by id; figures of today. */
        FloorState: {
            agents: {
                [key: string]: components["schemas"]["FloorAgent"];
            };
            queues: {
                [key: string]: components["schemas"]["FloorQueue"];
            };
            totals: components["schemas"]["FloorTotals"];
            waiting: {
                [key: string]: components["schemas"]["FloorWaiting"];
            };
        };
        /** @description The whole centre's figures of today. */
        FloorTotals: {
            abandoned: number;
            abandonment_rate: number | null;
            aht: number | null;
            answered: number;
            arrived: number;
            asa: number | null;
            csat5: number | null;
            estimate_hit_rate: number | null;
            fives: number;
            grades: number;
            handled: number;
            missed: number;
            occupancy: number | null;
            offered: number;
            service_level: number | null;
        };
        /** @description Rows by id; their fields are those of the live topic `floor`. `seq` is the last fact that is in them. */
        FloorView: {
            agents: {
                [key: string]: components["schemas"]["FloorAgent"];
            };
            at: number;
            queues: {
                [key: string]: components["schemas"]["FloorQueue"];
            };
            seq: number;
            totals: components["schemas"]["FloorTotals"];
            waiting: {
                [key: string]: components["schemas"]["FloorWaiting"];
            };
        };
        /**
         * @description A waiting contact. `agent`: whom it is offered to, or the preferred one, for whom it waits `reserved_until`.
         *
         *     `callback`: the subscriber has hung up and will be called.
         */
        FloorWaiting: {
            agent: string | null;
            callback: boolean;
            /** @enum {string} */
            channel: "voice" | "chat" | "telegram" | "sms" | "email";
            id: string;
            position: number;
            priority: number;
            queue: string;
            rank: number;
            reason: string | null;
            region: string | null;
            reserved_until: number | null;
            since: number;
            /** @enum {string} */
            state: "waiting" | "offered" | "dialling";
            step: number;
        };
        /** @description 1 to 5, with words if there are any. */
        Grade: {
            grade: number;
            words?: string | null;
        };
        /** @description Whether one asks for help, maybe about a contact. */
        Hand: {
            contact?: string | null;
            raised: boolean;
        };
        /** @description The skill at a level from `min` to `max`. */
        "HasSkill-Input": {
            /** @default 5 */
            max?: number;
            /** @default 1 */
            min?: number;
            skill: string;
        };
        /** @description The skill at a level from `min` to `max`. */
        "HasSkill-Output": {
            /** @default 5 */
            max: number;
            /** @default 1 */
            min: number;
            skill: string;
        };
        /** @description State of the process that answers. */
        Health: {
            dispatcher: boolean;
            seq: number;
            status: string;
            version: string;
        };
        /** @description When a queue is open. `week`: Monday first; `special`: dates that differ, an empty list means closed. */
        "HoursBody-Input": {
            name: components["schemas"]["Named"];
            /** @default {} */
            special?: {
                [key: string]: string[][];
            };
            week: [
                string[][][],
                string[][][],
                string[][][],
                string[][][],
                string[][][],
                string[][][],
                string[][][]
            ];
            zone: string;
        };
        /** @description When a queue is open. `week`: Monday first; `special`: dates that differ, an empty list means closed. */
        "HoursBody-Output": {
            name: components["schemas"]["Named"];
            /** @default {} */
            special: {
                [key: string]: string[][];
            };
            week: [
                string[][][],
                string[][][],
                string[][][],
                string[][][],
                string[][][],
                string[][][],
                string[][][]
            ];
            zone: string;
        };
        /** @description What callers of some regions are told first: prompts, regions, from when, until when. */
        IncidentBody: {
            announcement: {
                [key: string]: unknown;
            };
            name: components["schemas"]["Named"];
        };
        /** @description The newest message of a contact, shortened; notices are not counted. */
        LastMessage: {
            at: number;
            /** @enum {string} */
            author: "subscriber" | "agent" | "system";
            /** @enum {string} */
            kind: "text" | "file";
            text: string;
        };
        /** @description Dialled numbers and the menu that answers them; "*" is every other number. */
        LineBody: {
            menu: string;
            name: components["schemas"]["Named"];
            numbers: string[];
        };
        /** @description A fact of the log: ids only, no personal data. */
        LogEvent: {
            agent: string | null;
            at: number;
            body: {
                [key: string]: unknown;
            };
            contact: string | null;
            kind: string;
            seq: number;
        };
        /** @description Facts in order; `next` is the value of `after` for what follows (facts to come, at the end). */
        LogPage: {
            items: components["schemas"]["LogEvent"][];
            next: number;
        };
        /** @description A supervisor lowers a hand; nobody raises another's. */
        Lowered: {
            /** @constant */
            raised: false;
        };
        /** @description A voice menu (`domain/menu.py`); id and version are those of the item. */
        MenuBody: {
            menu: {
                [key: string]: unknown;
            };
            name: components["schemas"]["Named"];
        };
        /**
         * @description The agent's own state. `since`: of what the agent is doing now; `pending`: the presence waits for talks to end.
         *
         *     `hand`: since when the agent asks for help; `slots` by channel.
         */
        MeRow: {
            /** @enum {string} */
            activity: "idle" | "offered" | "dialling" | "talking" | "wrap_up";
            connected: boolean;
            hand: number | null;
            id: string;
            pending: boolean;
            /** @enum {string} */
            presence: "available" | "break" | "busy" | "offline" | "training";
            reason: string | null;
            since: number;
            slots: {
                [key: string]: components["schemas"]["Slots"];
            };
            today: components["schemas"]["DayCounts"];
        };
        /** @description Messages in order of seq, the thread's last seq and how far each side got. */
        MessageList: {
            items: components["schemas"]["MessageModel"][];
            last_seq: number;
            receipts: components["schemas"]["ReceiptsModel"];
        };
        /**
         * @description One text, file or notice. The text of a notice is JSON: {"code": ..., parameters}.
         *
         *     Codes: queued (estimate), agent.joined (agent_name), agent.left (agent_name), transferred (agent_name),
         *     ended (by, reason), deferred (opens_at).
         */
        MessageModel: {
            agent: string | null;
            at: number;
            /** @enum {string} */
            author: "subscriber" | "agent" | "system";
            contact: string;
            file: components["schemas"]["FileModel"] | null;
            id: string;
            /** @enum {string} */
            kind: "text" | "file" | "notice";
            seq: number;
            text: string | null;
        };
        /** @description A report. `rows` is empty when not grouped; `total` is of the whole period. `as_of`: counted up to here. */
        Metrics: {
            as_of: number;
            from: number;
            /** @enum {string} */
            group_by: "none" | "queue" | "agent" | "interval";
            /** @description minutes */
            interval: number;
            rows: components["schemas"]["MetricsRow"][];
            threshold: number | null;
            to: number;
            total: components["schemas"]["MetricsRow"];
        };
        /** @description Figures of one queue, agent or interval; `variants`: figure id -> variant id -> value. */
        MetricsRow: {
            agent?: string | null;
            channels: {
                [key: string]: components["schemas"]["ChannelFigures"];
            };
            figures: components["schemas"]["Figures"];
            /** @description start of the interval, POSIX seconds */
            interval?: number | null;
            queue?: string | null;
            variants: {
                [key: string]: {
                    [key: string]: number | null;
                };
            };
        };
        /** @description The queue that the contact goes to. */
        Move: {
            queue: string;
        };
        /** @description One's own day in the centre's zone. `interval`: 95 % of `csat5`, which has n = `grades`. */
        MyFigures: {
            aht: number | null;
            csat5: number | null;
            fives: number;
            grades: number;
            handled: number;
            interval: [
                number,
                number
            ] | null;
            missed: number;
            occupancy: number | null;
        };
        /** @description A name in the languages of the screens. */
        Named: {
            en: string;
            ru: string;
        };
        /** @description A text with the id that its sender made; the same id again returns the stored message. */
        NewMessage: {
            /** Format: uuid */
            id: string;
            text: string;
        };
        /** @description A private note with the id that its writer made. */
        NewNote: {
            /** Format: uuid */
            id: string;
            text: string;
        };
        /** @description How a chat begins. With the same token again the same thread is returned and nothing else changes. */
        NewThread: {
            entry: string;
            /**
             * @default ru
             * @enum {string}
             */
            language?: "ru" | "en";
            message?: components["schemas"]["FirstMessage"] | null;
            name?: string | null;
            number?: string | null;
            page?: string | null;
            reason?: string | null;
        };
        /** @description Notes, oldest first. */
        NoteList: {
            items: components["schemas"]["NoteModel"][];
        };
        /** @description A private note; subscribers never see it. */
        NoteModel: {
            agent: string;
            at: number;
            contact: string;
            id: string;
            text: string;
        };
        /** @description No parameters. */
        Nothing: Record<string, never>;
        /** @description The part must not hold. */
        "NotOf-Input": {
            not: components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Input"] | components["schemas"]["AllOf-Input"] | components["schemas"]["AnyOf-Input"] | components["schemas"]["NotOf-Input"];
        };
        /** @description The part must not hold. */
        "NotOf-Output": {
            not: components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Output"] | components["schemas"]["AllOf-Output"] | components["schemas"]["AnyOf-Output"] | components["schemas"]["NotOf-Output"];
        };
        /** @description Telephone numbers that begin alike and the region they belong to; of several ranges the longest prefix counts. */
        NumberRangeBody: {
            /** @example +79730 */
            prefix: string;
            region: string;
        };
        /** @description Another queue, when any of the limits that are set is passed. */
        "Overflow-Input": {
            estimate?: number | null;
            length?: number | null;
            to: string;
            wait?: number | null;
        };
        /** @description Another queue, when any of the limits that are set is passed. */
        "Overflow-Output": {
            estimate: number | null;
            length: number | null;
            to: string;
            wait: number | null;
        };
        /** @description The present password and the one to be. */
        PasswordChange: {
            new: string;
            old: string;
        };
        /** @description An employee: who they are, what they may do and what they can. Never sent to the floor as a whole. */
        PersonBody: {
            /**
             * @default {
             *       "chat": 3,
             *       "voice": 1
             *     }
             */
            capacity: {
                [key: string]: number;
            };
            display_name: string;
            /**
             * @default ru
             * @enum {string}
             */
            language: "ru" | "en";
            /**
             * @default [
             *       "ru"
             *     ]
             */
            languages: string[];
            login: string;
            name: string;
            /** @default [] */
            regions: string[];
            /** @enum {string} */
            role: "agent" | "senior" | "supervisor" | "quality" | "planner" | "administrator";
            /** @default {} */
            skills: {
                [key: string]: number;
            };
            team: string | null;
            total: number | null;
        };
        /** @description A person, and maybe a new password: it is stored as a hash and never told. */
        PersonChange: {
            /**
             * @default {
             *       "chat": 3,
             *       "voice": 1
             *     }
             */
            capacity?: {
                [key: string]: number;
            };
            display_name: string;
            /**
             * @default ru
             * @enum {string}
             */
            language?: "ru" | "en";
            /**
             * @default [
             *       "ru"
             *     ]
             */
            languages?: string[];
            login: string;
            name: string;
            password?: string | null;
            /** @default [] */
            regions?: string[];
            /** @enum {string} */
            role: "agent" | "senior" | "supervisor" | "quality" | "planner" | "administrator";
            /** @default {} */
            skills?: {
                [key: string]: number;
            };
            team?: string | null;
            total?: number | null;
        };
        /** @description Minutes of idle time that a shared property is worth. */
        "Prefer-Input": {
            /** @default 0 */
            language?: number;
            /** @default 0 */
            region?: number;
        };
        /** @description Minutes of idle time that a shared property is worth. */
        "Prefer-Output": {
            /** @default 0 */
            language: number;
            /** @default 0 */
            region: number;
        };
        /** @description What one is doing; `reason` is a break reason. */
        Presence: {
            /** @enum {string} */
            presence: "available" | "break" | "training" | "busy" | "offline";
            reason?: string | null;
        };
        /** @description Minutes of head start. */
        Prioritise: {
            priority: number;
        };
        /** @description What happened and what to do, for programs by `code` and for people by `detail`. */
        Problem: {
            /** @example offer.taken */
            code: string;
            detail: string;
            /** @default {} */
            details?: {
                [key: string]: unknown;
            };
            status: number;
            title: string;
            /** @default about:blank */
            type?: string;
        };
        /** @description Waiting contacts: who may take them, how long things last, when it is open. */
        "QueueBody-Input": {
            /**
             * @default {
             *       "attempts": 3,
             *       "pauses": [
             *         300,
             *         900
             *       ],
             *       "hours": [
             *         "09:00",
             *         "21:00"
             *       ],
             *       "ring_seconds": 40,
             *       "offer_estimate": 120
             *     }
             */
            callback?: components["schemas"]["CallbackBody-Input"];
            /**
             * @default [
             *       "chat"
             *     ]
             */
            channels?: ("voice" | "chat" | "telegram" | "sms" | "email")[];
            /**
             * @default {
             *       "ru": "",
             *       "en": ""
             *     }
             */
            closed_message?: components["schemas"]["Told-Input"];
            hours?: string | null;
            /** @default 86400 */
            max_wait?: number;
            name: components["schemas"]["Named"];
            /** @default 20 */
            offer_seconds?: number;
            /** @default [] */
            overflow?: components["schemas"]["Overflow-Input"][];
            /**
             * @default {
             *       "language": 0,
             *       "region": 0
             *     }
             */
            prefer?: components["schemas"]["Prefer-Input"];
            /** @default 60 */
            preferred_seconds?: number;
            /** @default 0 */
            priority?: number;
            /**
             * @default longest_idle
             * @enum {string}
             */
            select?: "longest_idle" | "least_occupied";
            /** @default 5 */
            short_abandon?: number;
            steps: components["schemas"]["Step-Input"][];
            /**
             * @default {
             *       "seconds": 60,
             *       "share": 0.8
             *     }
             */
            target?: components["schemas"]["Target-Input"];
            /** @default 30 */
            wrap_up_extension_seconds?: number;
            /** @default 2 */
            wrap_up_extensions?: number;
            /** @default 60 */
            wrap_up_seconds?: number;
        };
        /** @description Waiting contacts: who may take them, how long things last, when it is open. */
        "QueueBody-Output": {
            /**
             * @default {
             *       "attempts": 3,
             *       "pauses": [
             *         300,
             *         900
             *       ],
             *       "hours": [
             *         "09:00",
             *         "21:00"
             *       ],
             *       "ring_seconds": 40,
             *       "offer_estimate": 120
             *     }
             */
            callback: components["schemas"]["CallbackBody-Output"];
            /**
             * @default [
             *       "chat"
             *     ]
             */
            channels: ("voice" | "chat" | "telegram" | "sms" | "email")[];
            /**
             * @default {
             *       "ru": "",
             *       "en": ""
             *     }
             */
            closed_message: components["schemas"]["Told-Output"];
            hours: string | null;
            /** @default 86400 */
            max_wait: number;
            name: components["schemas"]["Named"];
            /** @default 20 */
            offer_seconds: number;
            /** @default [] */
            overflow: components["schemas"]["Overflow-Output"][];
            /**
             * @default {
             *       "language": 0,
             *       "region": 0
             *     }
             */
            prefer: components["schemas"]["Prefer-Output"];
            /** @default 60 */
            preferred_seconds: number;
            /** @default 0 */
            priority: number;
            /**
             * @default longest_idle
             * @enum {string}
             */
            select: "longest_idle" | "least_occupied";
            /** @default 5 */
            short_abandon: number;
            steps: components["schemas"]["Step-Output"][];
            /**
             * @default {
             *       "seconds": 60,
             *       "share": 0.8
             *     }
             */
            target: components["schemas"]["Target-Output"];
            /** @default 30 */
            wrap_up_extension_seconds: number;
            /** @default 2 */
            wrap_up_extensions: number;
            /** @default 60 */
            wrap_up_seconds: number;
        };
        /** @description Service level: this share answered within so many seconds. */
        QueueTarget: {
            seconds: number;
            share: number;
        };
        /** @description Everything up to this seq has been read (or delivered). */
        ReadUpTo: {
            seq: number;
        };
        /** @description Why people write or call. A group gathers reasons and is not chosen itself. */
        "ReasonBody-Input": {
            /** @default false */
            group?: boolean;
            name: components["schemas"]["Named"];
            /** @default 0 */
            order?: number;
            parent?: string | null;
            valid_from?: string | null;
            valid_to?: string | null;
        };
        /** @description Why people write or call. A group gathers reasons and is not chosen itself. */
        "ReasonBody-Output": {
            /** @default false */
            group: boolean;
            name: components["schemas"]["Named"];
            /** @default 0 */
            order: number;
            parent: string | null;
            valid_from: string | null;
            valid_to: string | null;
        };
        /** @description How far each side got: seqs of messages. */
        ReceiptsModel: {
            agent_delivered: number;
            agent_read: number;
            subscriber_delivered: number;
            subscriber_read: number;
        };
        /** @description A fact of the contact. `body` is that of the event dictionary; an offer carries the explanation as `why`. */
        RecordEvent: {
            agent: string | null;
            at: number;
            body: {
                [key: string]: unknown;
            };
            kind: string;
            seq: number;
        };
        /** @description Who the contact is with, as far as known; the number is never whole. */
        RecordSubscriber: {
            id: string | null;
            language: string;
            name: string | null;
            number_masked: string | null;
            region: string | null;
            zone: string | null;
        };
        /** @description A federal subject (with its zone) or a macro-region that gathers them. */
        "RegionBody-Input": {
            name: components["schemas"]["Named"];
            parent?: string | null;
            zone?: string | null;
        };
        /** @description A federal subject (with its zone) or a macro-region that gathers them. */
        "RegionBody-Output": {
            name: components["schemas"]["Named"];
            parent: string | null;
            zone: string | null;
        };
        /** @description Where a supervisor sends an agent. Running talks return to their queues only with `offline`. */
        SentAway: {
            /** @enum {string} */
            presence: "break" | "offline";
        };
        /** @description The open session. Unsafe methods must carry `csrf` in the header X-CSRF-Token; `server_time` is POSIX seconds. */
        Session: {
            csrf: string;
            permissions: string[];
            person: components["schemas"]["SessionPerson"];
            server_time: number;
        };
        /** @description Who is signed in. */
        SessionPerson: {
            display_name: string;
            id: string;
            /** @enum {string} */
            language: "ru" | "en";
            name: string;
            /** @enum {string} */
            role: "agent" | "senior" | "supervisor" | "quality" | "planner" | "administrator";
            team: string | null;
        };
        /** @description Routing settings of the whole centre: what a contact weighs, what interrupts what. */
        "SettingsBody-Input": {
            /** @default 20 */
            disconnect_grace?: number;
            /** @default 1800 */
            hand_seconds?: number;
            /**
             * @default {
             *       "voice": [
             *         "email"
             *       ]
             *     }
             */
            interrupts?: {
                [key: string]: ("voice" | "chat" | "telegram" | "sms" | "email")[];
            };
            /** @default 43200 */
            max_talk?: number;
            /**
             * @default break
             * @enum {string}
             */
            offer_missed_presence?: "break" | "busy";
            /** @default 30 */
            refused_seconds?: number;
            /** @default 1 */
            total?: number;
            /**
             * @default {
             *       "voice": 1,
             *       "chat": 0.33,
             *       "email": 0.2
             *     }
             */
            weights?: {
                [key: string]: number;
            };
        };
        /** @description Routing settings of the whole centre: what a contact weighs, what interrupts what. */
        "SettingsBody-Output": {
            /** @default 20 */
            disconnect_grace: number;
            /** @default 1800 */
            hand_seconds: number;
            /**
             * @default {
             *       "voice": [
             *         "email"
             *       ]
             *     }
             */
            interrupts: {
                [key: string]: ("voice" | "chat" | "telegram" | "sms" | "email")[];
            };
            /** @default 43200 */
            max_talk: number;
            /**
             * @default break
             * @enum {string}
             */
            offer_missed_presence: "break" | "busy";
            /** @default 30 */
            refused_seconds: number;
            /** @default 1 */
            total: number;
            /**
             * @default {
             *       "voice": 1,
             *       "chat": 0.33,
             *       "email": 0.2
             *     }
             */
            weights: {
                [key: string]: number;
            };
        };
        /** @description What a person types at the door. */
        SignIn: {
            login: string;
            password: string;
        };
        /** @description An ability that a queue may require. */
        SkillBody: {
            name: components["schemas"]["Named"];
        };
        /** @description Contacts of one channel that an agent has and may have at once. */
        Slots: {
            max: number;
            used: number;
        };
        /** @description What is required once a contact has waited `after` seconds; `match`: properties the agent must share. */
        "Step-Input": {
            after: number;
            /** @default [] */
            match?: ("language" | "region")[];
            /** @default {} */
            require?: components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Input"] | components["schemas"]["AllOf-Input"] | components["schemas"]["AnyOf-Input"] | components["schemas"]["NotOf-Input"];
        };
        /** @description What is required once a contact has waited `after` seconds; `match`: properties the agent must share. */
        "Step-Output": {
            after: number;
            /** @default [] */
            match: ("language" | "region")[];
            /** @default {} */
            require: components["schemas"]["Everybody"] | components["schemas"]["HasSkill-Output"] | components["schemas"]["AllOf-Output"] | components["schemas"]["AnyOf-Output"] | components["schemas"]["NotOf-Output"];
        };
        /** @description Service level: this share answered within so many seconds. */
        "Target-Input": {
            /** @default 60 */
            seconds?: number;
            /** @default 0.8 */
            share?: number;
        };
        /** @description Service level: this share answered within so many seconds. */
        "Target-Output": {
            /** @default 60 */
            seconds: number;
            /** @default 0.8 */
            share: number;
        };
        /** @description A colleague: `free` can take a contact now, `busy` later, `away` not at all. `skills`: levels 1 to 5. */
        TargetColleague: {
            display_name: string;
            id: string;
            skills: {
                [key: string]: number;
            };
            /** @enum {string} */
            state: "free" | "busy" | "away";
            team: string | null;
        };
        /** @description A queue; `estimate` is seconds (low, high), null where nothing honest can be said. Closed ones take nothing. */
        TargetQueue: {
            estimate: [
                number,
                number
            ] | null;
            id: string;
            name: components["schemas"]["Named"];
            open: boolean;
            waiting: number;
        };
        /** @description Where a contact may be handed over to; free colleagues first. */
        Targets: {
            colleagues: components["schemas"]["TargetColleague"][];
            queues: components["schemas"]["TargetQueue"][];
            skills: components["schemas"]["TargetSkill"][];
        };
        /** @description A skill, and how many colleagues who have it are free, and at work at all. */
        TargetSkill: {
            free: number;
            id: string;
            name: components["schemas"]["Named"];
            present: number;
        };
        /** @description Agents under one supervisor. */
        "TeamBody-Input": {
            name: components["schemas"]["Named"];
            supervisor?: string | null;
        };
        /** @description Agents under one supervisor. */
        "TeamBody-Output": {
            name: components["schemas"]["Named"];
            supervisor: string | null;
        };
        /** @description A text in the languages of the screens. */
        Texts: {
            en: string;
            ru: string;
        };
        /** @description The state and the messages after a seq, at most 1000. */
        ThreadPageModel: {
            agent: components["schemas"]["AgentModel"] | null;
            ahead: number | null;
            can_grade: boolean;
            contact: string | null;
            estimate: [
                number,
                number
            ] | null;
            estimated_at: number;
            grade: number | null;
            last_seq: number;
            messages: components["schemas"]["MessageModel"][];
            opens_at: number | null;
            position: number | null;
            receipts: components["schemas"]["ReceiptsModel"];
            server_time: number;
            /** @enum {string} */
            state: "none" | "deferred" | "waiting" | "talking" | "ended";
            thread: string;
        };
        /** @description How a thread stands. `estimate`: seconds still to wait, low and high; None where nothing honest can be said. */
        ThreadStateModel: {
            agent: components["schemas"]["AgentModel"] | null;
            ahead: number | null;
            can_grade: boolean;
            contact: string | null;
            estimate: [
                number,
                number
            ] | null;
            estimated_at: number;
            grade: number | null;
            last_seq: number;
            opens_at: number | null;
            position: number | null;
            receipts: components["schemas"]["ReceiptsModel"];
            server_time: number;
            /** @enum {string} */
            state: "none" | "deferred" | "waiting" | "talking" | "ended";
            thread: string;
        };
        /** @description A colleague. */
        ToAgent: {
            /** Format: uuid */
            agent: string;
        };
        /** @description A text for subscribers in their languages; may be empty. */
        "Told-Input": {
            /** @default  */
            en?: string;
            /** @default  */
            ru?: string;
        };
        /** @description A text for subscribers in their languages; may be empty. */
        "Told-Output": {
            /** @default  */
            en: string;
            /** @default  */
            ru: string;
        };
        /** @description Another queue. */
        ToQueue: {
            queue: string;
        };
        /** @description Anybody with the skill. */
        ToSkill: {
            /** @default 1 */
            min?: number;
            skill: string;
        };
        /** @description Where the contact goes, with a private note for the colleague. */
        Transfer: {
            note?: string | null;
            to: components["schemas"]["ToAgent"] | components["schemas"]["ToQueue"] | components["schemas"]["ToSkill"];
        };
        /** @description A carrier or gateway: the networks that it calls from, and where our calls to it go. */
        "TrunkBody-Input": {
            caller_id?: string | null;
            name: components["schemas"]["Named"];
            networks: string[];
            /** @default 0 */
            order?: number;
            route?: string | null;
        };
        /** @description A carrier or gateway: the networks that it calls from, and where our calls to it go. */
        "TrunkBody-Output": {
            caller_id: string | null;
            name: components["schemas"]["Named"];
            networks: string[];
            /** @default 0 */
            order: number;
            route: string | null;
        };
        /** @description Why a contact was offered to this agent: `able` could take it, `free` could at that moment, `next` was next. */
        Why: {
            able: number;
            candidates: components["schemas"]["WhyCandidate"][];
            facts: components["schemas"]["WhyFact"][];
            free: number;
            /** @enum {string} */
            mode: "contact_found_agent" | "agent_found_contact";
            next: string | null;
            rank: number;
            step: number;
            waiting: number;
        };
        /** @description An agent who was compared. */
        WhyCandidate: {
            agent: string;
            chosen: boolean;
            parts: components["schemas"]["WhyParts"];
            score: number;
        };
        /** @description One reason for a decision, by code, with parameters of that code. */
        WhyFact: {
            code: string;
        } & {
            [key: string]: unknown;
        };
        /** @description What a score is made of: idle seconds, minutes for language and region, load. */
        WhyParts: {
            idle: number;
            language: number;
            occupied: number;
            region: number;
        };
        /**
         * @description A contact in the agent's hands. `since`: of its state; `deadline`: when that state ends by itself.
         *
         *     `unread`: messages of the subscriber that were not read; `awaiting_reply_since`: the oldest one without an answer.
         *     A call has no thread; its `number` is masked until the offer is accepted, None where it is withheld. `callback`: the
         *     subscriber is not on the line but is called once the offer is accepted; None otherwise.
         */
        WorkItem: {
            awaiting_reply_since: number | null;
            callback: components["schemas"]["CallbackState"] | null;
            /** @enum {string} */
            channel: "voice" | "chat" | "telegram" | "sms" | "email";
            deadline: number | null;
            extensions_left: number;
            id: string;
            language: string;
            last_message: components["schemas"]["LastMessage"] | null;
            last_seq: number;
            name: string | null;
            number: string | null;
            offer: string | null;
            queue: string;
            reason: string | null;
            region: string | null;
            since: number;
            /** @enum {string} */
            state: "offered" | "dialling" | "talking" | "wrap_up";
            subscriber: string | null;
            thread: string | null;
            unread: number;
            wait: number;
            waiting_since: number;
            why: components["schemas"]["Why"] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
