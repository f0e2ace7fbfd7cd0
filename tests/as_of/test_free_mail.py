"""The list of free-mail domains."""

from __future__ import annotations

from dealml.as_of.free_mail import FREE_MAIL


def test_free_mail_domains_are_domains_in_lower_case() -> None:
    assert {"gmail.com", "outlook.com", "yahoo.com", "wp.pl"} <= FREE_MAIL
    assert all(domain == domain.strip().lower() and "." in domain and "@" not in domain for domain in FREE_MAIL)
    assert "company.com" not in FREE_MAIL
