"""The demo's catalogue as payloads, with dates that follow the week of loading. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
COURSE, PROGRAM = "course-v1:NorthmereX+{}", "program-v1:NorthmereX+{}"
HOUR = 14  # of the day, in UTC, at which things begin and end
WANTED = {"one_of": 1, "two_of": 2, "three_of": 3}


def monday(now: datetime) -> datetime:
    """Day 0 of the demo's calendar. Loading twice in a week gives the same dates."""
    day = now.astimezone(UTC) - timedelta(days=now.weekday())
    return day.replace(hour=HOUR, minute=0, second=0, microsecond=0)


def payloads(told: Mapping[str, Any], now: datetime) -> list[Json]:
    """Courses and programs as the published API would give them, with numbers of their own."""
    numbers = {entry["number"]: 1000 + place for place, entry in enumerate(told["courses"])}
    numbers |= {f"program {entry['code']}": 2000 + place for place, entry in enumerate(told["programs"])}
    zero = monday(now)
    return [
        *(_course(entry, numbers, zero) for entry in told["courses"]),
        *(_program(entry, numbers) for entry in told["programs"]),
    ]


def _offer(entry: Mapping[str, Any]) -> Json:
    weeks, hours = entry.get("weeks", (None, None)), entry.get("hours", ("", ""))
    catalogued = entry.get("catalogued", True) and not entry.get("b2b_only", False)
    page = {
        "live": catalogued,
        "description": f"<p>{entry['description'].strip()}</p>",
        "length": entry["length"],
        "effort": entry["effort"],
        "instructors": entry.get("instructors", []),
        "price": f"${entry['price']}" if "price" in entry else "",
        "list_price": entry.get("price"),
    }
    return {
        "title": entry["title"],
        "page": page,
        "departments": [entry["department"]],
        "min_weeks": weeks[0],
        "max_weeks": weeks[1],
        "min_weekly_hours": hours[0],
        "max_weekly_hours": hours[1],
        "include_in_learn_catalog": catalogued,
    }


def _course(entry: Mapping[str, Any], numbers: Mapping[str, int], zero: datetime) -> Json:
    return {
        **_offer(entry),
        "id": numbers[entry["number"]],
        "readable_id": COURSE.format(entry["number"]),
        "live": True,
        "topics": entry["topics"],
        "required_prerequisites": "prerequisites" in entry,
        "prerequisites": entry.get("prerequisites", ""),
        "possible_variant_sets": entry.get("variants", []),
        "courseruns": [_run(run, entry, zero) for run in entry["runs"]],
    }


def _run(run: Mapping[str, Any], entry: Mapping[str, Any], zero: datetime) -> Json:
    def day(offset: int | None) -> str | None:
        return None if offset is None else (zero + timedelta(days=offset)).isoformat()

    opens, closes = run["enroll"]
    modes = run.get("modes") or (["audit", "verified"] if "price" in run else ["audit"])
    key = f"{COURSE.format(entry['number'])}+{run['tag']}{run.get('suffix', '')}"
    variant = {"language": run.get("language", "en"), "variant_length": run.get("length", ""), "variant_industry": run.get("industry", "")}
    return {
        "courseware_id": key,
        "title": run.get("title", entry["title"]),
        "run_tag": run["tag"],
        "start_date": day(run["start"]),
        "end_date": day(run["end"]),
        "enrollment_start": day(opens),
        "enrollment_end": day(closes),
        "upgrade_deadline": day(run.get("upgrade")),
        "certificate_available_date": day(run["end"]),
        "is_self_paced": run.get("self_paced", False),
        "b2b_contract": run.get("contract"),
        "is_source_run": run.get("source", False),
        "is_primary_language": not run.get("suffix"),
        "enrollment_modes": modes,
        "products": [{"price": run["price"], "description": key}] if "price" in run else [],
        **variant,
    }


def _program(entry: Mapping[str, Any], numbers: Mapping[str, int]) -> Json:
    name = PROGRAM.format(entry["code"])
    return {
        **_offer(entry),
        "id": numbers[f"program {entry['code']}"],
        "readable_id": name,
        "program_type": entry["type"],
        "b2b_only": entry.get("b2b_only", False),
        "display_mode": entry.get("display_mode"),
        "enrollment_modes": entry["modes"],
        "products": [{"price": entry["price"], "description": name}] if "price" in entry else [],
        "req_tree": [_operator(operator, numbers) for operator in entry["tree"]],
    }


def _operator(told: Mapping[str, Any], numbers: Mapping[str, int]) -> Json:
    """`{two_of: […]}`: the one key that is no title names the operator."""
    ((word, parts),) = [(key, value) for key, value in told.items() if key != "title"]
    wanted = WANTED.get(word)
    data = {
        "node_type": "operator",
        "operator": "min_number_of" if wanted else "all_of",
        "operator_value": wanted and str(wanted),
        "title": told.get("title", "Required Courses"),
        "elective_flag": wanted is not None,
    }
    return {"data": data, "children": [_leaf(part, numbers[part]) for part in parts]}


def _leaf(part: str, number: int) -> Json:
    kind = "program" if part.startswith("program ") else "course"
    return {"data": {"node_type": kind, "required_program" if kind == "program" else "course": number}}
