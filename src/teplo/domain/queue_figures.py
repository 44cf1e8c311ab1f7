"""Figures of waiting: what came to the queues and how it was answered."""

from __future__ import annotations

from collections.abc import Callable

from .definition import BOTH, QUEUE, Definition, Value, Variant, ru_en
from .tally import Tally, ratio, seconds


def _quantile(share: float) -> Callable[[Tally], Value]:
    def compute(tally: Tally) -> Value:
        found = tally.waits.quantile(share)
        # A bucket's middle may lie beyond the longest wait there was.
        return None if found is None else min(found, tally.longest / 1_000_000)

    return compute


def _waited(tally: Tally) -> int:
    return tally.answered + tally.abandoned + tally.closed


SERVICE_LEVEL = (
    Variant(
        "offered",
        ru_en("от поступивших", "of offered"),
        ru_en("принято за T ÷ поступило", "answered within T ÷ offered"),
        lambda t: ratio(t.within, t.offered),
    ),
    Variant(
        "offered_less_short",
        ru_en("без коротких сбросов", "without short abandons"),
        ru_en("принято за T ÷ (поступило − короткие сбросы)", "answered within T ÷ (offered − short abandons)"),
        lambda t: ratio(t.within, t.offered - t.short),
    ),
    Variant(
        "answered",
        ru_en("от принятых", "of answered"),
        ru_en("принято за T ÷ принято", "answered within T ÷ answered"),
        lambda t: ratio(t.within, t.answered),
    ),
    Variant(
        "with_abandons",
        ru_en("с потерянными за T", "with abandons within T"),
        ru_en("(принято за T + потеряно за T) ÷ поступило", "(answered within T + abandoned within T) ÷ offered"),
        lambda t: ratio(t.within + t.abandoned_within, t.offered),
    ),
)

QUEUE_FIGURES: tuple[Definition, ...] = (
    Definition(
        "arrived",
        ru_en("Пришло обращений", "Contacts arrived"),
        ru_en("обращения, пришедшие за период", "contacts that arrived in the period"),
        "count",
        lambda t: t.arrived,
        QUEUE,
    ),
    Definition(
        "deferred",
        ru_en("Отложено до открытия", "Left for the opening"),
        ru_en(
            "обращения, пришедшие в закрытую очередь или ждавшие в ней, когда все ушли",
            "contacts that came to a closed queue, or waited in one when all had left",
        ),
        "count",
        lambda t: t.deferred,
        QUEUE,
    ),
    Definition(
        "offered",
        ru_en("Поступило", "Offered"),
        ru_en(
            "принято + потеряно + закрыто центром + ушло в другую очередь; считается в миг исхода",
            "answered + abandoned + closed by the centre + flowed out; booked at the instant of the outcome",
        ),
        "count",
        lambda t: t.offered,
        QUEUE,
    ),
    Definition(
        "answered",
        ru_en("Принято", "Answered"),
        ru_en("обращения, которые оператор принял из очереди", "waits in the queue that ended with an agent's accept"),
        "count",
        lambda t: t.answered,
        QUEUE,
    ),
    Definition(
        "abandoned",
        ru_en("Потеряно", "Abandoned"),
        ru_en(
            "абонент закончил или пропал со связи, пока ждал, включая короткие",
            "ended by the subscriber, or the line to them lost, while waiting; short ones too",
        ),
        "count",
        lambda t: t.abandoned,
        QUEUE,
    ),
    Definition(
        "short_abandoned",
        ru_en("Короткие сбросы", "Short abandoned"),
        ru_en("потеряно раньше порога очереди (обычно 5 с)", "abandoned before the queue's threshold (usually 5 s)"),
        "count",
        lambda t: t.short,
        QUEUE,
    ),
    Definition(
        "closed",
        ru_en("Закрыто центром", "Closed by the centre"),
        ru_en(
            "закончено без ответа центром; и обратные вызовы, где разговора не вышло",
            "ended unanswered by the centre; callbacks, too, that came to no talk",
        ),
        "count",
        lambda t: t.closed,
        QUEUE,
    ),
    Definition(
        "flow_out",
        ru_en("Ушло в другие очереди", "Flowed out"),
        ru_en(
            "перелив и перенос ждущих; в сумме очередей не считаются: Σ поступило − Σ ушло = поступило всего",
            "waiting contacts overflowed or moved; not counted in the whole: Σ offered − Σ flowed out = offered in all",
        ),
        "count",
        lambda t: t.flow_out,
        QUEUE,
    ),
    Definition(
        "flow_in",
        ru_en("Пришло из других очередей", "Flowed in"),
        ru_en("перелив и перенос ждущих в эту очередь", "waiting contacts overflowed or moved into this queue"),
        "count",
        lambda t: t.flow_in,
        QUEUE,
    ),
    Definition(
        "requeued",
        ru_en("Вернулось в очередь", "Queued again"),
        ru_en("снова ждут после разговора: перевод, потеря связи", "waiting again after a talk: transfer, agent lost"),
        "count",
        lambda t: t.requeued,
        QUEUE,
    ),
    Definition(
        "service_level",
        ru_en("Уровень сервиса", "Service level"),
        SERVICE_LEVEL[0].formula,
        "share",
        SERVICE_LEVEL[0].compute,
        QUEUE,
        SERVICE_LEVEL,
    ),
    Definition(
        "abandonment_rate",
        ru_en("Доля потерянных", "Abandonment rate"),
        ru_en("потеряно ÷ поступило", "abandoned ÷ offered"),
        "share",
        lambda t: ratio(t.abandoned, t.offered),
        QUEUE,
    ),
    Definition(
        "asa",
        ru_en("Средняя скорость ответа", "ASA"),
        ru_en("ожидание принятых ÷ принято", "waiting of answered ÷ answered"),
        "seconds",
        lambda t: seconds(t.wait_answered, t.answered),
        QUEUE,
    ),
    Definition(
        "mean_wait",
        ru_en("Среднее ожидание всех", "Mean wait of all"),
        ru_en(
            "ожидание принятых, потерянных и закрытых ÷ (принято + потеряно + закрыто)",
            "waiting of answered, abandoned and closed ÷ (answered + abandoned + closed)",
        ),
        "seconds",
        lambda t: seconds(t.wait_answered + t.wait_lost, _waited(t)),
        QUEUE,
    ),
    Definition(
        "median_wait",
        ru_en("Медиана ожидания", "Median wait"),
        ru_en("половина всех ждала не дольше (точность 3 %)", "half of all waited no longer (within 3 %)"),
        "seconds",
        _quantile(0.5),
        QUEUE,
    ),
    Definition(
        "p90_wait",
        ru_en("Ожидание, 90 %", "Wait, 90 %"),
        ru_en("90 % всех ждали не дольше (точность 3 %)", "90 % of all waited no longer (within 3 %)"),
        "seconds",
        _quantile(0.9),
        QUEUE,
    ),
    Definition(
        "p99_wait",
        ru_en("Ожидание, 99 %", "Wait, 99 %"),
        ru_en("99 % всех ждали не дольше (точность 3 %)", "99 % of all waited no longer (within 3 %)"),
        "seconds",
        _quantile(0.99),
        QUEUE,
    ),
    Definition(
        "max_wait",
        ru_en("Самое долгое ожидание", "Longest wait"),
        ru_en("наибольшее из ожиданий, включая потерянных", "the greatest of all waits, abandoned ones too"),
        "seconds",
        lambda t: t.longest / 1_000_000 if _waited(t) else None,
        QUEUE,
    ),
    Definition(
        "estimates",
        ru_en("Ответов с прогнозом", "Answered with an estimate"),
        ru_en("принято из тех, кому назвали время ожидания", "answered of those who were told a wait"),
        "count",
        lambda t: t.estimated,
        QUEUE,
    ),
    Definition(
        "estimate_hit_rate",
        ru_en("Точность прогноза ожидания", "Estimate hit rate"),
        ru_en(
            "ожидание попало в первый названный промежуток ÷ принято с прогнозом",
            "wait inside the range told first ÷ answered with an estimate",
        ),
        "share",
        lambda t: ratio(t.estimate_hits, t.estimated),
        QUEUE,
    ),
    Definition(
        "callbacks",
        ru_en("Просили перезвонить", "Callbacks asked for"),
        ru_en("абоненты, которые выбрали обратный вызов", "subscribers who chose to be called back"),
        "count",
        lambda t: t.callbacks,
        QUEUE,
    ),
    Definition(
        "callback_attempts",
        ru_en("Попыток перезвонить", "Callback attempts"),
        ru_en("вызовы абонентов, каждый отдельно", "calls made to subscribers, each one"),
        "count",
        lambda t: t.callback_attempts,
        BOTH,
    ),
    Definition(
        "callbacks_reached",
        ru_en("Дозвонились", "Callbacks reached"),
        ru_en(
            "обратные вызовы и ответы на сообщения, где ответил человек",
            "callbacks, and calls about voicemails, that a person answered",
        ),
        "count",
        lambda t: t.callbacks_reached,
        BOTH,
    ),
    Definition(
        "callbacks_lost",
        ru_en("Не дозвонились", "Callbacks not reached"),
        ru_en(
            "обратные вызовы, которые закончились без разговора; они входят и в «закрыто центром»",
            "callbacks that ended without a talk; they count among those closed by the centre, too",
        ),
        "count",
        lambda t: t.callbacks_lost,
        QUEUE,
    ),
    Definition(
        "voicemails",
        ru_en("Голосовых сообщений", "Voicemails"),
        ru_en(
            "записанные сообщения; они ждут открытия и ответа, как другие обращения, и потерянными не бывают",
            "recorded messages; they wait for the opening and an agent like other contacts and are never abandoned",
        ),
        "count",
        lambda t: t.voicemails,
        QUEUE,
    ),
)
