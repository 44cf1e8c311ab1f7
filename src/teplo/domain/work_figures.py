"""Figures of the work on contacts: offers, handling time, occupancy, transfers and grades."""

from __future__ import annotations

from .definition import AGENT, BOTH, Definition, ru_en
from .tally import OUTGOING, SHARES, Handling, ratio, seconds, wilson


def mean_handling(work: Handling) -> float | None:
    """Mean of talk + hold + wrap-up in seconds."""
    return seconds(work.total, work.handled)


def mean_shared(work: Handling) -> float | None:
    """Mean of the agents' own time spent on a contact, in seconds."""
    return seconds(work.shared / SHARES, work.handled)


WORK_FIGURES: tuple[Definition, ...] = (
    Definition(
        "offers",
        ru_en("Предложений", "Offers"),
        ru_en("предложения обращений операторам", "offers of contacts to agents"),
        "count",
        lambda t: t.offers,
        BOTH,
    ),
    Definition(
        "missed",
        ru_en("Пропущено предложений", "Missed offers"),
        ru_en("предложения, срок которых прошёл", "offers whose deadline passed"),
        "count",
        lambda t: t.missed,
        BOTH,
    ),
    Definition(
        "declined",
        ru_en("Отклонено предложений", "Declined offers"),
        ru_en("предложения, от которых оператор отказался", "offers that the agent declined"),
        "count",
        lambda t: t.declined,
        BOTH,
    ),
    Definition(
        "handled",
        ru_en("Обработано", "Handled"),
        ru_en(
            "законченные разговоры; после перевода у каждого оператора свой",
            "talks that ended; each agent of a transfer has one",
        ),
        "count",
        lambda t: t.work.handled,
        BOTH,
    ),
    Definition(
        "aht",
        ru_en("Среднее время обработки", "AHT"),
        ru_en("(разговор + удержание + постобработка) ÷ обработано", "(talk + hold + wrap-up) ÷ handled"),
        "seconds",
        lambda t: mean_handling(t.work),
        BOTH,
    ),
    Definition(
        "talk",
        ru_en("Разговор в среднем", "Mean talk"),
        ru_en("разговор без удержания ÷ обработано", "talk without hold ÷ handled"),
        "seconds",
        lambda t: seconds(t.work.talk, t.work.handled),
        BOTH,
    ),
    Definition(
        "hold",
        ru_en("Удержание в среднем", "Mean hold"),
        ru_en("удержание ÷ обработано", "hold ÷ handled"),
        "seconds",
        lambda t: seconds(t.work.hold, t.work.handled),
        BOTH,
    ),
    Definition(
        "wrap_up",
        ru_en("Постобработка в среднем", "Mean wrap-up"),
        ru_en("постобработка ÷ обработано", "wrap-up ÷ handled"),
        "seconds",
        lambda t: seconds(t.work.wrap_up, t.work.handled),
        BOTH,
    ),
    Definition(
        "aht_concurrent",
        ru_en("Время обработки с учётом параллельности", "AHT corrected for concurrency"),
        ru_en(
            "время оператора, поделённое между одновременными обращениями ÷ обработано",
            "the agent's time, split between simultaneous contacts ÷ handled",
        ),
        "seconds",
        lambda t: mean_shared(t.work),
        BOTH,
    ),
    Definition(
        "outgoing",
        ru_en("Исходящих звонков", "Calls out"),
        ru_en(
            "звонки, которые операторы сделали сами; не входят в поступившие, отвеченные и уровень сервиса",
            "calls that agents made of their own wish; in no figure of offered, answered or service level",
        ),
        "count",
        lambda t: t.outgoing,
        BOTH,
    ),
    Definition(
        "outgoing_reached",
        ru_en("Дозвонились", "Calls out answered"),
        ru_en("исходящие звонки, на которые ответили", "calls out that were answered"),
        "count",
        lambda t: t.outgoing_reached,
        BOTH,
    ),
    Definition(
        "outgoing_aht",
        ru_en("Обработка исходящего в среднем", "AHT of calls out"),
        ru_en(
            "(разговор + удержание + постобработка) исходящих ÷ дозвонились; гудки входят только в занятость",
            "(talk + hold + wrap-up) of calls out ÷ answered; ringing counts in occupancy alone",
        ),
        "seconds",
        lambda t: mean_handling(t.channels.get(OUTGOING, Handling())),
        BOTH,
    ),
    Definition(
        "occupancy",
        ru_en("Занятость", "Occupancy"),
        ru_en(
            "обработка ÷ (обработка + доступен без обращений)", "handling ÷ (handling + available without a contact)"
        ),
        "share",
        lambda t: ratio(t.handling, t.handling + t.available),
        AGENT,
    ),
    Definition(
        "transfers",
        ru_en("Переводов", "Transfers"),
        ru_en("обращения, которые оператор передал дальше", "contacts that an agent handed over"),
        "count",
        lambda t: t.transfers,
        BOTH,
    ),
    Definition(
        "transfer_rate",
        ru_en("Доля переводов", "Transfer rate"),
        ru_en("переводы ÷ обработано", "transfers ÷ handled"),
        "share",
        lambda t: ratio(t.transfers, t.work.handled),
        BOTH,
    ),
    Definition(
        "grades",
        ru_en("Оценок", "Grades"),
        ru_en("ответы абонентов, n для CSAT 5", "subscribers' answers, n of CSAT 5"),
        "count",
        lambda t: t.grades,
        BOTH,
    ),
    Definition(
        "fives",
        ru_en("Пятёрки", "Fives"),
        ru_en("оценки 5 из 5", "grades of 5 out of 5"),
        "count",
        lambda t: t.fives,
        BOTH,
    ),
    Definition(
        "csat5",
        ru_en("CSAT 5", "CSAT 5"),
        ru_en("пятёрки ÷ оценки", "fives ÷ grades"),
        "share",
        lambda t: ratio(t.fives, t.grades),
        BOTH,
    ),
    Definition(
        "csat5_interval",
        ru_en("CSAT 5: 95 % интервал", "CSAT 5: 95 % interval"),
        ru_en("интервал Уилсона для пятёрок из n оценок", "Wilson interval of fives out of n grades"),
        "interval",
        lambda t: wilson(t.fives, t.grades),
        BOTH,
    ),
    Definition(
        "response_rate",
        ru_en("Доля ответивших", "Response rate"),
        ru_en("оценки ÷ законченные обращения, где был разговор", "grades ÷ ended contacts that had a talk"),
        "share",
        lambda t: ratio(t.grades, t.gradable),
        BOTH,
    ),
)
