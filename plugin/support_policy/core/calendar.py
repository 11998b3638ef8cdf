"""Public holidays of a country or region, as dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

YEARS = range(2013, 2041)
"""The years a policy knows holidays of; ``check`` warns long before they run out."""

EASTER_CHOICES = ("good_friday", "easter_monday", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayRules:
    """Whose holidays, and two choices a list of holidays cannot make for a company.

    ``easter``: the Quebec statute lets the employer choose Good Friday or Easter Monday.
    ``observed``: whether a holiday on a weekend also closes the Monday after it (a convention).
    An empty ``country`` means no public holidays at all.
    """

    country: str = ""
    region: str = ""
    easter: str = "good_friday"
    observed: bool = True


def holiday_dates(rules: HolidayRules) -> frozenset[date]:
    """Every public holiday in YEARS.

    Raises LookupError for an unknown country or region, ValueError for an unknown Easter choice.
    Source: the public category of the ``holidays`` package.
    """
    if not rules.country:
        return frozenset()
    if rules.easter not in EASTER_CHOICES:
        raise ValueError(f"easter must be one of {', '.join(EASTER_CHOICES)}, not {rules.easter!r}")
    import holidays  # 250 ms that only a loader of policies should pay

    try:
        found = frozenset(
            holidays.country_holidays(
                rules.country, subdiv=rules.region or None, years=YEARS, observed=rules.observed
            )
        )
    except NotImplementedError as error:
        raise LookupError(f"no holidays are known for this country and region ({error})") from None
    fridays = frozenset(good_friday(year) for year in YEARS)
    mondays = frozenset(friday + timedelta(days=3) for friday in fridays)
    if rules.easter == "good_friday":
        return found
    return (found if rules.easter == "both" else found - fridays) | mondays


def good_friday(year: int) -> date:
    """Two days before Easter Sunday of the Gregorian calendar."""
    from dateutil.easter import easter

    return easter(year) - timedelta(days=2)
