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
            action: "hold" | "resume" | "pause_recording" | "resume_recording" | "digits" | "merge";
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
        /** @description The agent works by phone: the sound is there, the page shows the call and its buttons. */
        CallByPhone: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "phone";
        };
        /** @description Whom to call. `id` (made by the client) becomes the contact; `anyway`: also outside of calling hours. */
        CalledOut: {
            /** @default false */
            anyway?: boolean;
            /** Format: uuid */
            id: string;
            to: components["schemas"]["CallNumber"] | components["schemas"]["CallSubscriber"];
        };
        /** @description The page's session description for the offered leg. */
        CallerAnswer: {
            leg: string;
            sdp: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "answer";
        };
        CallerClientFrame: components["schemas"]["CallHello"] | (components["schemas"]["CallerAnswer"] | components["schemas"]["CallerWish"]);
        /** @description The call is over. `reason`: done, caller, lost, silence, unconnected, busy, no_line, error, worker…, unknown. */
        CallerEnded: {
            reason: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ended";
        };
        /** @description What the socket /chat/call sends. */
        CallerFrame: components["schemas"]["CallerOffer"] | components["schemas"]["CallerStanding"] | components["schemas"]["CallerEnded"] | components["schemas"]["CallerMoved"] | components["schemas"]["CallerProblem"] | components["schemas"]["CallerPong"];
        /** @description Another page with the same token took the call over. */
        CallerMoved: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "moved";
        };
        /** @description The worker's session description, to be answered within 20 s. */
        CallerOffer: {
            leg: string;
            sdp: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "offer";
        };
        /** @description The answer to a ping. */
        CallerPong: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "pong";
        };
        /** @description There is no call, and why; the socket is closed. `details` as in problem+json (`retry_after` in seconds). */
        CallerProblem: {
            code: string;
            details: {
                [key: string]: unknown;
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "problem";
        };
        /** @description Where the call is: in the menu, in the queue with music, talking, on hold, at the question for the grade. */
        CallerStanding: {
            /** @enum {string} */
            state: "menu" | "queue" | "message" | "talking" | "held" | "grade";
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "state";
        };
        /** @description `join`: another leg, because the audio broke off; `hang_up`: the end; `ping`: answered by a pong. */
        CallerWish: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "join" | "hang_up" | "ping";
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
        /**
         * @description Somebody who is in the call no more, or did not come. `n` counts them within the call.
         *
         *     `failed`: no way led there, or the connection was lost; `full`: there are as many guests as may be.
         */
        CallGone: {
            id: string;
            /** @enum {string} */
            kind: "colleague" | "number" | "supervisor";
            n: number;
            tail: string;
            /** @enum {string} */
            why: "left" | "declined" | "no_answer" | "busy" | "unknown" | "failed" | "full";
        };
        /**
         * @description Somebody else in the call. `id`: the person, or of an outside number an id of its own; `tail`: its last digits.
         *
         *     `private`: speaks with the agent alone. `mode`: how the guest takes part. A supervisor who only listens is
         *     not named here.
         */
        CallGuest: {
            id: string;
            /** @enum {string} */
            kind: "colleague" | "number" | "supervisor";
            /** @enum {string} */
            mode: "consult" | "together" | "listen" | "whisper" | "barge";
            private: boolean;
            /** @enum {string} */
            state: "ringing" | "talking" | "lost";
            tail: string;
        };
        /**
         * @description The first frame. `token`: 32 random bytes in base64url that the page made for this call and keeps.
         *
         *     With `resume` a page that was loaded anew asks for its call back, and never begins one. `chat`: the token of the
         *     visitor's thread, if there is one. `number`: what the visitor gives; nobody proves it.
         */
        CallHello: {
            /** @default null */
            chat?: string | null;
            entry: string;
            /**
             * @default ru
             * @enum {string}
             */
            language?: "ru" | "en";
            /** @default null */
            number?: string | null;
            /** @default false */
            resume?: boolean;
            token: string;
            /** @constant */
            type: "hello";
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
        /** @description Call this number. */
        CallNumber: {
            number: string;
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
        /** @description Why nobody was reached, None while it rings or was answered. */
        CallOutcome: {
            outcome: string | null;
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
        /**
         * @description How the call stands. `connected`: agent and subscriber hear each other; `since`: when the talk began.
         *
         *     `line`: of a call by us how far it is; that of a subscriber who called talks.
         */
        CallStanding: {
            connected: boolean;
            gone: components["schemas"]["CallGone"][];
            guests: components["schemas"]["CallGuest"][];
            held: boolean;
            /** @enum {string} */
            line: "calling" | "ringing" | "talking";
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
        /** @description Call the subscriber of this contact: the number need not be known. */
        CallSubscriber: {
            /** Format: uuid */
            contact: string;
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
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_CannedBody_: {
            active: boolean;
            body: components["schemas"]["CannedBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_DiallingBody_: {
            active: boolean;
            body: components["schemas"]["DiallingBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
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
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_EntryBody_: {
            active: boolean;
            body: components["schemas"]["EntryBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_HoursBody_: {
            active: boolean;
            body: components["schemas"]["HoursBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_IncidentBody_: {
            active: boolean;
            body: components["schemas"]["IncidentBody"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_LineBody_: {
            active: boolean;
            body: components["schemas"]["LineBody"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_MenuBody_: {
            active: boolean;
            body: components["schemas"]["MenuBody"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_NumberRangeBody_: {
            active: boolean;
            body: components["schemas"]["NumberRangeBody"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_PersonBody_: {
            active: boolean;
            body: components["schemas"]["PersonBody"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_PromptBody_: {
            active: boolean;
            body: components["schemas"]["PromptBody"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_QueueBody_: {
            active: boolean;
            body: components["schemas"]["QueueBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_ReasonBody_: {
            active: boolean;
            body: components["schemas"]["ReasonBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_RegionBody_: {
            active: boolean;
            body: components["schemas"]["RegionBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_RetentionBody_: {
            active: boolean;
            body: components["schemas"]["RetentionBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_SettingsBody_: {
            active: boolean;
            body: components["schemas"]["SettingsBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_SkillBody_: {
            active: boolean;
            body: components["schemas"]["SkillBody"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_TeamBody_: {
            active: boolean;
            body: components["schemas"]["TeamBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItem_TrunkBody_: {
            active: boolean;
            body: components["schemas"]["TrunkBody-Output"];
            changed_at: number;
            changed_by: string | null;
            comment: string;
            id: string;
            version: number;
        };
        ConfigItems_BreakReasonBody_: {
            items: components["schemas"]["ConfigItem_BreakReasonBody_"][];
        };
        ConfigItems_CannedBody_: {
            items: components["schemas"]["ConfigItem_CannedBody_"][];
        };
        ConfigItems_DiallingBody_: {
            items: components["schemas"]["ConfigItem_DiallingBody_"][];
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
        ConfigItems_PromptBody_: {
            items: components["schemas"]["ConfigItem_PromptBody_"][];
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
        ConfigItems_RetentionBody_: {
            items: components["schemas"]["ConfigItem_RetentionBody_"][];
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
        /** @description Ask this colleague in. */
        ConsultColleague: {
            /** Format: uuid */
            agent: string;
        };
        /** @description Whom to ask into the call. */
        Consulted: {
            to: components["schemas"]["ConsultColleague"] | components["schemas"]["ConsultQueue"] | components["schemas"]["ConsultNumber"];
        };
        /** @description Call an outside number in. `id` (made by the client) makes a retry harmless. */
        ConsultNumber: {
            id?: string | null;
            number: string;
        };
        /** @description Ask in whoever of those that serve a queue has been idle longest. */
        ConsultQueue: {
            queue: string;
        };
        /**
         * @description What the desk shows beside a conversation: the subscriber, earlier contacts (at most 20), their notes.
         *
         *     `from_page`: a call from a browser, whose number is only what the visitor gave.
         */
        ContactCard: {
            channel: string;
            contact: string;
            earlier: components["schemas"]["ContactRow"][];
            from_page: boolean;
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
        /** @description Everything that happened to a contact, in order. `cleared_at`: when its messages were deleted by rule. */
        ContactRecord: {
            agent: string | null;
            answered_at: number | null;
            arrived_at: number;
            channel: string;
            cleared_at: number | null;
            /** @enum {string} */
            direction: "in" | "out";
            ended_at: number | null;
            ended_by: string | null;
            events: components["schemas"]["RecordEvent"][];
            grade: number | null;
            hold: number;
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
         * @description One contact in a list. Times are POSIX seconds; `wait`, `talk` (without hold), `hold`, `wrap_up` seconds.
         *
         *     `number` is what people say (C-10482); null in the first moment of a contact. `wait` is that of the first answer.
         */
        ContactRow: {
            agent: string | null;
            answered_at: number | null;
            arrived_at: number;
            channel: string;
            /** @enum {string} */
            direction: "in" | "out";
            ended_at: number | null;
            ended_by: string | null;
            grade: number | null;
            hold: number;
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
            signal: components["schemas"]["CallOffer"] | components["schemas"]["CallReady"] | components["schemas"]["CallStanding"] | components["schemas"]["CallQuality"] | components["schemas"]["CallMoved"] | components["schemas"]["CallFailed"] | components["schemas"]["CallByPhone"];
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
        /**
         * @description Where people of the centre may call out to: beginnings of numbers (+7, +7495) or whole short ones (112).
         *
         *     The longest beginning that fits decides. The limits count calls of a person and of everybody in 24 hours;
         *     `callback_number_day` and `callback_day` count apart from these the calls back to one number and to all.
         *     `recording_notice`: whoever is called by an agent hears first that the talk is recorded.
         */
        "DiallingBody-Input": {
            /** @default [] */
            allowed?: string[];
            /** @default 2000 */
            callback_day?: number;
            /** @default 10 */
            callback_number_day?: number;
            /** @default 2000 */
            day?: number;
            /** @default [] */
            denied?: string[];
            /** @default 100 */
            person_day?: number;
            /** @default 20 */
            person_hour?: number;
            /** @default true */
            recording_notice?: boolean;
        };
        /**
         * @description Where people of the centre may call out to: beginnings of numbers (+7, +7495) or whole short ones (112).
         *
         *     The longest beginning that fits decides. The limits count calls of a person and of everybody in 24 hours;
         *     `callback_number_day` and `callback_day` count apart from these the calls back to one number and to all.
         *     `recording_notice`: whoever is called by an agent hears first that the talk is recorded.
         */
        "DiallingBody-Output": {
            /** @default [] */
            allowed: string[];
            /** @default 2000 */
            callback_day: number;
            /** @default 10 */
            callback_number_day: number;
            /** @default 2000 */
            day: number;
            /** @default [] */
            denied: string[];
            /** @default 100 */
            person_day: number;
            /** @default 20 */
            person_hour: number;
            /** @default true */
            recording_notice: boolean;
        };
        /** @description Reasons (the main one first), result and a private note. */
        Dispose: {
            note?: string | null;
            /** @enum {string} */
            outcome: "resolved" | "promise" | "passed" | "unresolved";
            reasons: string[];
        };
        /**
         * @description A page where chats begin, and calls if it names a `line`.
         *
         *     A chat that the subscriber leaves unanswered for `idle_minutes` is ended (0: never).
         */
        "EntryBody-Input": {
            default_queue: string;
            greeting: components["schemas"]["Told-Input"];
            /** @default 30 */
            idle_minutes?: number;
            line?: string | null;
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
        /**
         * @description A page where chats begin, and calls if it names a `line`.
         *
         *     A chat that the subscriber leaves unanswered for `idle_minutes` is ended (0: never).
         */
        "EntryBody-Output": {
            default_queue: string;
            greeting: components["schemas"]["Told-Output"];
            /** @default 30 */
            idle_minutes: number;
            line: string | null;
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
        /** @description An entry point before a chat begins. `estimate`: seconds of waiting, low and high; `calls`: one may call, too. */
        EntryModel: {
            calls: boolean;
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
            outgoing: number | null;
            outgoing_aht: number | null;
            outgoing_reached: number | null;
            p90_wait: number | null;
            p99_wait: number | null;
            requeued: number | null;
            response_rate: number | null;
            service_level: number | null;
            short_abandoned: number | null;
            talk: number | null;
            transfer_rate: number | null;
            transfers: number | null;
            voicemails: number | null;
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
        /** @description An agent on the floor. `hand_contact`: the contact that help is asked for; `helping`: a colleague's contact. */
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
            helping: string | null;
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
            /** @enum {string} */
            channel: "voice" | "chat" | "telegram" | "sms" | "email";
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
         *     `callback`: the subscriber has hung up and will be called; `voicemail`: and has left a message.
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
            voicemail: boolean;
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
        /** @description To whom the call is left: a colleague who is in it, or the outside number (null). */
        HandedOver: {
            guest?: string | null;
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
        /** @description State of the process that answers. `trunks`: those of the installation, null where the database does not tell. */
        Health: {
            dispatcher: boolean;
            seq: number;
            status: string;
            trunks: components["schemas"]["TrunkCounts"] | null;
            version: string;
        };
        /** @description A colleague's talk that the agent was asked into: the contact, and the colleague who asks. */
        Helping: {
            agent: string | null;
            contact: string;
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
        /** @description A menu as it is in the configuration item, stored or not. */
        MenuGiven: {
            menu: {
                [key: string]: unknown;
            };
        };
        /**
         * @description What happens: `say` (`what` names the prompt), `ask` (`what`: most keys), `key`, `silence`, or the end.
         *
         *     `sounds`: the prompts to play for it, in `language`.
         */
        MenuLine: {
            /** @enum {string} */
            kind: "say" | "ask" | "key" | "silence" | "queue" | "message" | "callback" | "hangup";
            language: string;
            node: string;
            sounds: string[];
            text: string;
            what: string;
        };
        /** @description The call from its beginning; `over` is false where a question waits for keys. */
        MenuLines: {
            lines: components["schemas"]["MenuLine"][];
            over: boolean;
        };
        /** @description A defect; `node` is empty for the menu itself, `what` names the thing that is meant. */
        MenuProblem: {
            code: string;
            field: string;
            node: string;
            text: components["schemas"]["Named"];
            what: string;
        };
        /** @description All defects; an empty list: the menu may be stored. */
        MenuProblems: {
            problems: components["schemas"]["MenuProblem"][];
        };
        /**
         * @description A call that is only thought of: a menu (or the id of one in force), when, who calls, what is pressed.
         *
         *     Each entry of `keys` answers one question; "" is silence. With `stop` it ends at the first question without one.
         */
        MenuTry: {
            at?: number | null;
            id?: string | null;
            /** @default [] */
            keys?: string[];
            /** @default false */
            known?: boolean;
            language?: ("ru" | "en") | null;
            menu?: {
                [key: string]: unknown;
            } | null;
            region?: string | null;
            segment?: string | null;
            /** @default false */
            stop?: boolean;
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
            helping: components["schemas"]["Helping"] | null;
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
        /** @description How a supervisor takes part: hears both, speaks to the agent alone, speaks to both, takes over, leaves. */
        Monitored: {
            /** @enum {string} */
            mode: "listen" | "whisper" | "barge" | "take_over" | "off";
        };
        /** @description The queue that the contact goes to. */
        Move: {
            queue: string;
        };
        /** @description One's own day in the centre's zone. `interval`: 95 % of `csat5`, with n = `grades`; `hold`: a part of `aht`. */
        MyFigures: {
            aht: number | null;
            csat5: number | null;
            fives: number;
            grades: number;
            handled: number;
            hold: number | null;
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
        /** @description User name of the phone; null: the login of the person. */
        NewSecret: {
            login?: string | null;
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
        /** @description How the caller works, and the phone if there is one. */
        OwnPhone: {
            /** @enum {string} */
            by: "browser" | "phone";
            phone: components["schemas"]["Phone"] | null;
        };
        /** @description Who goes: a guest of one's call, or oneself as a guest (null): who does not come, or who was there and leaves. */
        Parted: {
            guest?: string | null;
            /**
             * @default declined
             * @enum {string}
             */
            why?: "declined" | "left";
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
        /**
         * @description The phone of an agent. `login`: user name of its registration; `uri`: fixed address, called where none is
         *     registered.
         *
         *     `registered_for`: seconds for which it is still registered, 0 where it is not; `in_use`: the agent works by phone.
         */
        Phone: {
            agent: string;
            in_use: boolean;
            login: string | null;
            registered_for: number;
            uri: string | null;
        };
        /** @description Fixed address of the phone, null for one that registers. */
        PhoneAddress: {
            uri: string | null;
        };
        /** @description Everybody who has a phone. */
        PhoneList: {
            items: components["schemas"]["Phone"][];
        };
        /** @description What to enter into the phone: told this once, kept only as a hash. */
        PhoneSecret: {
            login: string;
            secret: string;
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
        /**
         * @description A prompt that plays in place of the shipped one, or a new one. The id is language and name: `ru.greeting`.
         *
         *     `sound`: hash of an uploaded sound (`PUT /prompts/{language}/{name}/sound`); `file`: as it was called there.
         */
        PromptBody: {
            file: string;
            seconds: number;
            sound: string;
            text: string;
        };
        /**
         * @description A prompt of one language (`any`: a sound without words). `default_text` is null where nothing was shipped.
         *
         *     `version` is null where the default plays; else it, `seconds`, `file` and the rest are those of what plays instead.
         */
        PromptRow: {
            changed_at: number | null;
            changed_by: string | null;
            default_text: string | null;
            file: string | null;
            /** @enum {string} */
            group: "own" | "phrase" | "sound" | "fragment";
            /** @enum {string} */
            language: "ru" | "en" | "any";
            name: string;
            seconds: number | null;
            text: string;
            version: number | null;
        };
        /** @description All prompts. */
        PromptRows: {
            items: components["schemas"]["PromptRow"][];
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
        /**
         * @description What there is of a recording. Left is the subscriber, right the agents.
         *
         *     `state`: ready; making, while the call goes on; silent, paused all the time; deleted at `deleted_at` by `rule`;
         *     elsewhere, in the folder of `host`, which this server cannot reach; missing; damaged. `seconds`: length of the
         *     file, `recorded` those with sound, `paused` those of silence for card data. Listening begins with an opening.
         */
        Recording: {
            deleted_at: number | null;
            host: string | null;
            marks: components["schemas"]["RecordingMark"][];
            paused: number | null;
            recorded: number | null;
            rule: string | null;
            seconds: number | null;
            started_at: number;
            /** @enum {string} */
            state: "ready" | "making" | "silent" | "deleted" | "elsewhere" | "missing" | "damaged";
        };
        /** @description Something that happened at `at` (seconds of the file); what lasts has `until`. `agent` took part. */
        RecordingMark: {
            agent: string | null;
            at: number;
            /** @enum {string} */
            kind: "answered" | "hold" | "pause" | "transfer" | "returned" | "ended";
            until: number | null;
        };
        /** @description The right to read the sound until `expires_at`; `token` goes into the address of the sound as `opening`. */
        RecordingOpening: {
            expires_at: number;
            token: string;
        };
        /** @description For each `step` seconds the loudest moment of the subscriber (left) and of the agents (right), 0 to 100. */
        RecordingPeaks: {
            left: number[];
            right: number[];
            step: number;
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
        /**
         * @description Days after which data are deleted for good; null keeps them for ever.
         *
         *     `recordings`: sound of calls. `texts`: messages, files, private notes, words beside grades, the name and number said
         *     in a chat. `numbers`: who called. `audit`: who looked at what. Facts and figures have no personal data and stay.
         */
        "RetentionBody-Input": {
            /** @default 1095 */
            audit?: number | null;
            /** @default 1095 */
            numbers?: number | null;
            /** @default 180 */
            recordings?: number | null;
            /** @default 365 */
            texts?: number | null;
        };
        /**
         * @description Days after which data are deleted for good; null keeps them for ever.
         *
         *     `recordings`: sound of calls. `texts`: messages, files, private notes, words beside grades, the name and number said
         *     in a chat. `numbers`: who called. `audit`: who looked at what. Facts and figures have no personal data and stay.
         */
        "RetentionBody-Output": {
            /** @default 1095 */
            audit: number | null;
            /** @default 1095 */
            numbers: number | null;
            /** @default 180 */
            recordings: number | null;
            /** @default 365 */
            texts: number | null;
        };
        /** @description The version to go back to. */
        RollBack: {
            to: number;
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
            /** @default 300 */
            expires?: number;
            name: components["schemas"]["Named"];
            networks: string[];
            /** @default 0 */
            order?: number;
            registrar?: string | null;
            /** @default true */
            relearn?: boolean;
            route?: string | null;
            user?: string | null;
        };
        /** @description A carrier or gateway: the networks that it calls from, and where our calls to it go. */
        "TrunkBody-Output": {
            caller_id: string | null;
            /** @default 300 */
            expires: number;
            name: components["schemas"]["Named"];
            networks: string[];
            /** @default 0 */
            order: number;
            registrar: string | null;
            /** @default true */
            relearn: boolean;
            route: string | null;
            user: string | null;
        };
        /**
         * @description How many trunks are configured, and how many of them do not answer, are not registered although they want to be,
         *     or are watched by no living voice worker. All but `configured` are 0 where all is well.
         */
        TrunkCounts: {
            configured: number;
            down: number;
            unregistered: number;
            unwatched: number;
        };
        /** @description What the carrier asks for; null: nothing. */
        TrunkSecret: {
            secret: string | null;
        };
        /**
         * @description How a trunk stands. `registration` is null where none is wanted, `status` the carrier's last answer to it.
         *
         *     `up`: whether it answers (asked every 30 s); null where no calls go out over it. Moments are POSIX seconds.
         */
        TrunkState: {
            registration: ("trying" | "registered" | "refused" | "unreachable") | null;
            registration_since: number | null;
            status: number;
            trunk: string;
            up: boolean | null;
            up_since: number | null;
        };
        /** @description All trunks that a worker has seen. */
        TrunkStates: {
            items: components["schemas"]["TrunkState"][];
        };
        /**
         * @description A message that the subscriber left: its length (None: not known) and when. It is heard as the recording's part.
         *
         *     `absent`: the subscriber is not on the line; then the agent may call, `attempts_left` times if nobody answers.
         */
        VoicemailState: {
            absent: boolean;
            attempts_left: number;
            left_at: number;
            seconds: number | null;
        };
        /** @description Why a contact was offered to this agent: `able` could take it, `free` could at that moment, `next` was next. */
        Why: {
            able: number;
            candidates: components["schemas"]["WhyCandidate"][];
            facts: components["schemas"]["WhyFact"][];
            free: number;
            /** @enum {string} */
            mode: "contact_found_agent" | "agent_found_contact" | "handed_over";
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
        /** @description Whether calls come to the browser or to the phone, from the next one on. */
        WorkBy: {
            /** @enum {string} */
            by: "browser" | "phone";
        };
        /**
         * @description A contact in the agent's hands. `since`: of its state; `deadline`: when that state ends by itself.
         *
         *     `unread`: messages of the subscriber that were not read; `awaiting_reply_since`: the oldest one without an answer.
         *     A call has no thread; its `number` is masked until the offer is accepted, None where it is withheld. `callback`: the
         *     subscriber is not on the line but is called once the offer is accepted, or is being called about a voicemail; None
         *     otherwise. `outgoing`: the agent calls the subscriber. `end_reason`: in the wrap-up why the talk is over
         *     where nobody ended it: subscriber_lost, line_lost, max_talk and others.
         */
        WorkItem: {
            awaiting_reply_since: number | null;
            callback: components["schemas"]["CallbackState"] | null;
            /** @enum {string} */
            channel: "voice" | "chat" | "telegram" | "sms" | "email";
            deadline: number | null;
            end_reason: string | null;
            extensions_left: number;
            id: string;
            language: string;
            last_message: components["schemas"]["LastMessage"] | null;
            last_seq: number;
            name: string | null;
            number: string | null;
            offer: string | null;
            outgoing: boolean;
            queue: string;
            reason: string | null;
            region: string | null;
            since: number;
            /** @enum {string} */
            state: "offered" | "dialling" | "talking" | "wrap_up";
            subscriber: string | null;
            thread: string | null;
            unread: number;
            voicemail: components["schemas"]["VoicemailState"] | null;
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
