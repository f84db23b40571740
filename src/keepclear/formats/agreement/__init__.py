"""Agreements as TOML: read, checked line by line, written, digested, and begun from a template."""

from keepclear.formats.agreement.content import SCHEMA, agreement_content, agreement_digest
from keepclear.formats.agreement.problems import Problem, Severity
from keepclear.formats.agreement.reading import check_agreement, read_agreement
from keepclear.formats.agreement.template import agreement_template
from keepclear.formats.agreement.writing import write_agreement

__all__ = [
    "SCHEMA",
    "Problem",
    "Severity",
    "agreement_content",
    "agreement_digest",
    "agreement_template",
    "check_agreement",
    "read_agreement",
    "write_agreement",
]
