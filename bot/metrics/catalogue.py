"""Every figure that Rosette shows. docs/metrics.md says what they mean and when to worry.

No label names a guild, a member or anything else that people make up: such labels would tell strangers who uses the
bot, and grow without end.
"""

import math
from typing import Final

from bot.metrics.measures import Measure, Reading, of_tally, one
from bot.metrics.sources import Sources


def _builds(sources: Sources) -> Reading:
    return ((tuple(sources.build), 1.0),)


def _shards_connected(sources: Sources) -> Reading:
    client = sources.running.client
    states = {shard_id: not shard.is_closed() for shard_id, shard in client.shards.items()}
    # A shard that has never been connected is not in the library's list yet.
    return tuple(((str(shard_id),), float(states.get(shard_id, False))) for shard_id in client.shard_ids or ())


def _shard_latencies(sources: Sources) -> Reading:
    return tuple(
        ((str(shard_id),), latency_s)
        for shard_id, latency_s in sources.running.client.latencies
        if math.isfinite(latency_s)
    )


def _follower_lags(sources: Sources) -> Reading:
    return tuple(((name,), lag_s) for name, lag_s in sources.follower_lags_s().items())


def _unsettled_webhooks(sources: Sources) -> Reading:
    return one(sources.lags.webhooks) if sources.lags is not None else ()


def _acks(sources: Sources) -> Reading:
    return tuple(((label,), spread) for label, spread in sources.running.client.meter.acks.by_label.items())


BOT: Final = (
    Measure("rosette_build", "info", "What runs.", ("version", "schema", "python"), _builds),
    Measure(
        "rosette_books_open",
        "gauge",
        "1 if money could be booked now, as far as the books are concerned.",
        (),
        lambda s: one(s.running.probe.trouble() is None),
    ),
    Measure("rosette_gateway_connected", "gauge", "1 if a shard is connected.", ("shard",), _shards_connected),
    Measure(
        "rosette_gateway_latency_seconds",
        "gauge",
        "Seconds between a heartbeat and its answer.",
        ("shard",),
        _shard_latencies,
    ),
    Measure("rosette_guilds", "gauge", "Guilds of this process.", (), lambda s: one(len(s.running.client.guilds))),
    Measure(
        "rosette_event_loop_lag_seconds",
        "gauge",
        "The longest that the event loop was late, in the last 30 to 60 seconds.",
        (),
        lambda s: one(s.loop_lag.worst_s),
    ),
    Measure(
        "rosette_interactions",
        "counter",
        "Interactions that ended, by what they were for and how.",
        ("command", "outcome"),
        lambda s: of_tally(s.running.client.meter.outcomes),
    ),
    Measure(
        "rosette_interaction_ack_seconds",
        "histogram",
        "Seconds from an interaction at Discord until it took the first answer. It gives up after 3.",
        ("command",),
        _acks,
    ),
    Measure(
        "rosette_refusals",
        "counter",
        "Refusals that members were told, by reason.",
        ("reason",),
        lambda s: of_tally(s.running.client.meter.refusals),
    ),
)
"""The bot itself, and what it answers."""

MONEY: Final = (
    Measure(
        "rosette_gifts", "counter", "Gifts that this process booked.", ("tier",), lambda s: of_tally(s.money.gifts)
    ),
    Measure("rosette_gift_coins", "counter", "Coins of those gifts.", ("kind",), lambda s: of_tally(s.money.coins)),
    Measure(
        "rosette_batch_commands",
        "histogram",
        "Commands that shared a commit.",
        (),
        lambda s: (((), s.running.database.writer.figures.sizes),),
    ),
    Measure(
        "rosette_commit_seconds",
        "histogram",
        "Seconds that the commit of a batch took: mostly the disk, or the way to the server.",
        (),
        lambda s: (((), s.running.database.writer.figures.commits),),
    ),
    Measure(
        "rosette_writer_waiting",
        "gauge",
        "Commands and jobs that wait for the writer, or are in its hands.",
        (),
        lambda s: one(s.running.database.writer.waiting),
    ),
    Measure(
        "rosette_orders",
        "counter",
        "Orders that were decided, by provider and the state that they came into.",
        ("provider", "state"),
        lambda s: of_tally(s.money.orders),
    ),
    Measure(
        "rosette_webhooks",
        "counter",
        "Webhooks that arrived, by provider and what became of them.",
        ("provider", "outcome"),
        lambda s: of_tally(s.running.web.webhooks),
    ),
    Measure(
        "rosette_unsettled_webhooks", "gauge", "Events of providers that wait for an attempt.", (), _unsettled_webhooks
    ),
)
"""What is booked, and how."""

DISCORD: Final = (
    Measure(
        "rosette_follower_lag_seconds",
        "gauge",
        "Seconds since the oldest row of a journal that a follower has not read, 0 for none.",
        ("follower",),
        _follower_lags,
    ),
    Measure(
        "rosette_board_behind_seconds",
        "gauge",
        "Seconds since the oldest gift that a live board does not show, 0 for none.",
        (),
        lambda s: one(s.running.boards.behind_s),
    ),
    Measure(
        "rosette_discord_requests",
        "counter",
        "Answers of Discord's REST API.",
        ("method", "status"),
        lambda s: of_tally(s.running.requests.requests),
    ),
    Measure(
        "rosette_rate_limited",
        "counter",
        "Requests that Discord refused as too many, by whose limit it was.",
        ("scope",),
        lambda s: of_tally(s.running.requests.limited),
    ),
    Measure(
        "rosette_pictures",
        "counter",
        "Pictures that were asked for, by what became of them.",
        ("outcome",),
        lambda s: of_tally(s.running.client.services.pictures.outcomes),
    ),
    Measure(
        "rosette_overlay_sources",
        "gauge",
        "Browser sources of overlays that are connected to this process, without docks.",
        (),
        lambda s: one(s.running.overlays.sources),
    ),
    Measure(
        "rosette_overlay_behind_seconds",
        "gauge",
        "Seconds since the oldest row that was not sent to the pages of overlays, 0 for none.",
        (),
        lambda s: one(s.running.overlays.behind_ms / 1000),
    ),
)
"""What members see without having asked."""

OPERATION: Final = (
    Measure(
        "rosette_audit_findings",
        "gauge",
        "Findings of the last audit, or of the bot's own checks, whichever are more.",
        (),
        lambda s: one(max(s.marks.audit_findings, s.running.watch.findings)),
    ),
    Measure(
        "rosette_audit_success_timestamp_seconds",
        "gauge",
        "When an audit of all guilds last found nothing, 0 for never.",
        (),
        lambda s: one(s.marks.audit_ms / 1000),
    ),
    Measure(
        "rosette_backup_success_timestamp_seconds",
        "gauge",
        "When the books were last backed up with `python -m bot backup`, 0 for never.",
        (),
        lambda s: one(s.marks.backup_ms / 1000),
    ),
)
"""What operators look after."""

MEASURES: Final = (*BOT, *MONEY, *DISCORD, *OPERATION)
