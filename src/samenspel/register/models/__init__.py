"""The tables of the register: facts and their changes, people and their rights, work."""

from samenspel.register.models.change import Change, Record
from samenspel.register.models.facts import FACTS, Fact, fact_model
from samenspel.register.models.people import Account, AuditEntry, Grant, Invitation
from samenspel.register.models.work import Draft, Job, JobFile

__all__ = [
    "FACTS",
    "Account",
    "AuditEntry",
    "Change",
    "Draft",
    "Fact",
    "Grant",
    "Invitation",
    "Job",
    "JobFile",
    "Record",
    "fact_model",
]
