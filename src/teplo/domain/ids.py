"""Identifiers of the domain. Contacts, offers, agents, commands: UUIDv7 in canonical text, made at the edge.

Queues, skills, teams, reasons and canned replies are configuration and carry short readable slugs.
"""

from typing import NewType

ContactId = NewType("ContactId", str)
OfferId = NewType("OfferId", str)
AgentId = NewType("AgentId", str)
SubscriberId = NewType("SubscriberId", str)
CommandId = NewType("CommandId", str)
QueueId = NewType("QueueId", str)
SkillId = NewType("SkillId", str)
TeamId = NewType("TeamId", str)
ReasonId = NewType("ReasonId", str)

Instant = float
"""POSIX seconds, UTC, rounded to the microsecond (see docs/decisions/0002)."""

Seconds = float
"""A length of time in seconds."""
